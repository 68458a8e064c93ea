"""Cycles are collected on the GUI's thread and on no other."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from kds.app import collector
from kds.app.collector import Collector


class Knot:
    """Something that only a collection ends; it remembers on which thread that was."""

    def __init__(self, ended: list[int]) -> None:
        self.myself = self
        self._finalizer = weakref.finalize(self, lambda: ended.append(threading.get_ident()))


@pytest.fixture
def keeper(qapp: QObject, qtbot: QtBot) -> Iterator[Collector]:
    made = Collector(qapp)
    yield made
    made.stop()
    made.deleteLater()


def fill(count: int) -> list[list[int]]:
    """Allocate on a thread of one's own, as the disk's does."""
    kept: list[list[int]] = []
    worker = threading.Thread(target=lambda: kept.extend([n] for n in range(count)))
    worker.start()
    worker.join()
    return kept


def test_a_knot_is_undone_on_the_thread_of_the_windows(keeper: Collector) -> None:
    ended: list[int] = []
    Knot(ended)
    kept = fill(collector.YOUNG + 1)
    assert kept
    assert ended == []
    keeper.look()
    assert ended == [threading.get_ident()]


def test_nothing_is_looked_for_before_there_is_much_to_find(keeper: Collector) -> None:
    ended: list[int] = []
    gc.collect()
    Knot(ended)
    keeper.look()
    assert ended == []


def test_older_generations_are_collected_in_their_turn(
    keeper: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("kds.app.collector.gc.collect", asked.append)
    for count in (0, 0, 0), (20_000, 0, 0), (20_000, 20, 0), (20_000, 20, 50):
        monkeypatch.setattr("kds.app.collector.gc.get_count", lambda count=count: count)
        keeper.look()
    assert asked == [0, 1, 2]


def test_python_collects_again_when_it_stops(qapp: QObject) -> None:
    made = Collector(qapp)
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled()
    made.deleteLater()
