"""The bell's list, kept in the profile's file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kds.connection.tasks import Tasks
from kds.domain.notices import Notice
from kds.session.notices import KEPT, NoticeBox
from kds.sync.replica import Replica

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def notice(n: int) -> Notice:
    return Notice(f"n{n}", "new_order", f"Order A-{n:03d}", "7", NOW + timedelta(seconds=n), "o1")


@asynccontextmanager
async def box_in(folder: Path) -> AsyncIterator[NoticeBox]:
    """A box on the profile's file, with everything written when it closes."""
    replica, tasks = Replica(folder / "replica.db"), Tasks()
    await replica.open()
    box = NoticeBox(replica.notices, tasks)
    try:
        await box.load()
        yield box
    finally:
        await tasks.close(patience=5.0)
        await replica.close()


async def test_the_newest_comes_first_and_is_announced(tmp_path: Path) -> None:
    async with box_in(tmp_path) as box:
        heard: list[Notice | None] = []
        box.changed.connect(heard.append)
        box.add([notice(1), notice(2)])
        assert [one.id for one in box.items] == ["n2", "n1"]
        assert heard == [notice(1), notice(2)]
        assert box.unread == 2


async def test_the_same_notice_again_is_no_news(tmp_path: Path) -> None:
    async with box_in(tmp_path) as box:
        box.add([notice(1), notice(1)])
        await box.mark_read("n1")
        box.add([notice(1)])
        assert [(one.id, one.read) for one in box.items] == [("n1", True)]


async def test_a_question_keeps_its_answers_over_a_restart(tmp_path: Path) -> None:
    asked = replace(notice(1), kind="question", options=("Rare", "Medium"))
    async with box_in(tmp_path) as box:
        box.add([asked])
    async with box_in(tmp_path) as box:
        assert box.items == (asked,)


async def test_notices_and_marks_survive_a_restart(tmp_path: Path) -> None:
    async with box_in(tmp_path) as box:
        box.add(notice(n) for n in range(3))
        await box.mark_read("n1")
    async with box_in(tmp_path) as box:
        assert [(one.id, one.read) for one in box.items] == [
            ("n2", False),
            ("n1", True),
            ("n0", False),
        ]
        assert box.items[0] == notice(2)
        await box.mark_all_read()
    async with box_in(tmp_path) as box:
        assert box.unread == 0


async def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    async with box_in(tmp_path) as box:
        box.add(notice(n) for n in range(KEPT + 5))
        assert len(box.items) == KEPT
        assert box.items[-1].id == "n5"


async def test_what_fell_off_the_end_is_gone_from_the_file_too(tmp_path: Path) -> None:
    async with box_in(tmp_path) as box:
        box.add(notice(n) for n in range(KEPT))
        await box.mark_read("n0")
        box.add(notice(KEPT + n) for n in range(3))
    replica = Replica(tmp_path / "replica.db")
    await replica.open()
    ids = {kept["id"] for kept in await replica.notices.list(2 * KEPT)}
    await replica.close()
    assert len(ids) == KEPT
    assert ids.isdisjoint({"n0", "n1", "n2"})


async def test_a_burst_is_written_in_one_transaction(tmp_path: Path) -> None:
    async with box_in(tmp_path) as box:
        writes: list[int] = []
        put = box._shelf.put

        async def counted(notices: Iterable[dict[str, Any]], forget: Iterable[str] = ()) -> None:
            kept = list(notices)
            writes.append(len(kept))
            await put(kept, forget)

        box._shelf.put = counted  # type: ignore[method-assign]
        for n in range(20):
            box.add([notice(n)])
        await box.mark_read("n3")
        assert writes == [20]
