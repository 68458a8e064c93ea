"""Fetching the dishes of some days, and files that are whole or not there."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kds.base.errors import StorageError
from kds.session.export import save_whole
from kds.session.prep import PrepDesk
from kds.session.reports import UNREADABLE, ReportFailed
from tests.support.prep import TODAY, PrepServer, line

SPAN = (TODAY, TODAY + timedelta(days=1))


async def test_every_page_is_fetched_and_told() -> None:
    server = PrepServer([line(n, TODAY + timedelta(seconds=n), n) for n in range(7)], page=3)
    heard: list[int] = []
    made = await PrepDesk(server, lambda: "b").made(*SPAN, heard.append)
    assert [dish.took_s for dish in made] == list(range(7))
    assert heard == [3, 6, 7]
    assert [one["after"] for _, one in server.asked] == [None, {"id": 3}, {"id": 6}]


@pytest.mark.parametrize(
    "answer",
    [
        {"lines": []},
        {"lines": [{**line(1, TODAY, 5), "qty": "two"}], "next": None},
        {"lines": [{**line(1, TODAY, 5), "ready_at": "soon"}], "next": None},
        {"lines": [], "next": "x"},
    ],
)
async def test_an_answer_of_another_shape_is_no_report(answer: Any) -> None:
    server = PrepServer([])
    server.answers = answer
    with pytest.raises(ReportFailed, match=UNREADABLE):
        await PrepDesk(server, lambda: "b").made(*SPAN)


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    for data in (b"first", b"second"):
        save_whole(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "Not saved. The disk is full."),
        (errno.EACCES, "Not saved. Nothing may be saved in that folder."),
        (errno.EIO, f"Not saved. {os.strerror(errno.EIO)}."),
    ],
)
def test_a_disk_that_refuses_is_said_in_words_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "times.csv"
    path.write_bytes(b"of last week")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StorageError) as caught:
        save_whole(path, b"x" * 100)
    assert str(caught.value) == said
    assert path.read_bytes() == b"of last week"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="That folder is not there any more"):
        save_whole(tmp_path / "gone" / "times.csv", b"x")
