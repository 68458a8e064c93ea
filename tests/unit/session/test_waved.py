"""What was waved away stays so over a restart, for as long as the order is open."""

from __future__ import annotations

from typing import Any

import pytest

from kds.connection.tasks import Tasks
from kds.domain.changes import ChangeSet, RowChange
from kds.session.drawer import Drawer
from kds.session.store import Store
from kds.session.waved import MOST_ORDERS, Waved
from tests.support.qt import NOON, LocalSettings, order_row


class Till:
    """Starts again and again with the same disk."""

    def __init__(self) -> None:
        self.disk = LocalSettings()
        self.store, self.tasks = Store(), Tasks()

    async def start(self) -> Waved:
        self.store, self.tasks = Store(), Tasks()
        waved = Waved(self.store, Drawer("waved", lambda: self.disk, self.tasks))
        await waved.load()
        return waved

    async def stop(self) -> None:
        await self.tasks.close(patience=2.0)

    def put(self, state: str | None) -> None:
        """Order o1 is in this state, or it is gone."""
        row = order_row("o1", "A-017", NOON, state=state) if state else None
        change = RowChange("orders", "o1", self.store.row("orders", "o1"), row)
        self.store.apply(ChangeSet((change,), "remote"))


async def test_it_is_known_after_a_restart() -> None:
    till = Till()
    waved = await till.start()
    waved.add("o1", ["first"])
    waved.add("o1", ["second"])
    await till.stop()
    again = await till.start()
    assert again.has("o1", "first")
    assert again.has("o1", "second")
    assert not again.has("o1", "third")
    assert not again.has("o2", "first")


@pytest.mark.parametrize("state", ["closed", "void", None])
async def test_it_is_forgotten_with_the_order(state: str | None) -> None:
    till = Till()
    waved = await till.start()
    till.put("open")
    waved.add("o1", ["first"])
    till.put("open")
    assert waved.has("o1", "first")
    till.put(state)
    assert not waved.has("o1", "first")
    await till.stop()
    assert till.disk.kept == {"waved": {}}


async def test_the_oldest_goes_when_there_are_too_many() -> None:
    till = Till()
    waved = await till.start()
    for number in range(MOST_ORDERS + 1):
        waved.add(f"o{number}", ["m"])
    assert not waved.has("o0", "m")
    assert waved.has("o1", "m")
    await till.stop()


@pytest.mark.parametrize("kept", [None, [], "o1"])
async def test_what_cannot_be_read_is_as_if_nothing_was_kept(kept: Any) -> None:
    till = Till()
    till.disk.kept["waved"] = kept
    assert not (await till.start()).has("o1", "first")
