"""Quotes at a till: what it learns, what it keeps, and what waits in the kitchen now."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from kds.base.clock import to_iso
from kds.base.errors import Refused, Unreachable
from kds.connection.tasks import Tasks
from kds.domain.cart import Cart, CartLine
from kds.domain.quote import NO_HISTORY, Pace, Quote
from kds.session.quotes import KEPT, Quotes, read_history
from tests.support.prep import PrepServer
from tests.support.qt import NOON, LocalSession, line_row, menu_rows, order_row

LOADS = [
    {"station_id": "pizza", "load": 0, "n": 40, "median_s": 300, "p90_s": 480},
    {"station_id": "pizza", "load": 5, "n": 40, "median_s": 600, "p90_s": 900},
]
CART = Cart((CartLine("c1", "hawaiian", "Hawaiian", "M", "classic", 1, 1300),))


class Till:
    """A session's quotes on a clock that stands, and a server that can be told to fail."""

    def __init__(self, branch: str | None = "b") -> None:
        self.session = LocalSession()
        self.session.put(*menu_rows(), initiator="load")
        self.server = PrepServer([], LOADS)
        self.tasks = Tasks()
        self.told = 0
        self.quotes = Quotes(
            self.server,
            lambda: branch,
            self.session.store,
            lambda: self.session.settings,  # type: ignore[arg-type, return-value]
            self.session.clock,
            self.session.now,
            self.tasks.start,
        )
        self.quotes.changed.connect(lambda _: self._count())

    def _count(self) -> None:
        self.told += 1

    @property
    def kept(self) -> dict[str, Any]:
        return self.session.settings.kept

    def waits(self, number: int, **fields: Any) -> None:
        """One more pizza."""
        sent = to_iso(NOON - timedelta(seconds=60))
        row = line_row(f"l{number}", f"o{number}", 1, sent_at=sent, **fields)
        order = order_row(f"o{number}", f"A-{number}", NOON)
        self.session.put(("orders", order), ("order_lines", row))

    async def settle(self) -> None:
        while running := [task for task in asyncio.all_tasks() if task.get_name() == "quotes"]:
            await asyncio.gather(*running)


@asynccontextmanager
async def opened(till: Till) -> AsyncIterator[Till]:
    await till.quotes.load()
    till.quotes.keep_up()
    try:
        await till.settle()
        yield till
    finally:
        till.quotes.detach()
        await till.tasks.close(patience=0)


async def test_a_till_learns_how_long_the_kitchen_takes_and_keeps_it() -> None:
    async with opened(Till()) as till:
        assert till.quotes.of(CART) == Quote(300, 480)
        assert till.told == 1
        assert till.kept[KEPT] == LOADS
        assert till.server.asked == [("prep_load", {"branch_id": "b", "weeks": 4})]


async def test_without_a_server_it_knows_what_it_knew_last_time() -> None:
    till = Till()
    till.kept[KEPT] = LOADS
    till.server.fails = Unreachable("away")
    async with opened(till):
        assert till.quotes.of(CART) == Quote(300, 480)


@pytest.mark.parametrize("kept", ["nonsense", [{"load": 0}], [{"station_id": 3}]])
async def test_what_was_kept_may_be_damaged(kept: Any) -> None:
    till = Till()
    till.kept[KEPT] = kept
    async with opened(till):
        assert till.quotes.of(CART) == Quote(300, 480)


@pytest.mark.parametrize("fails", [Unreachable("away"), Refused("no such function", "PGRST202")])
async def test_nobody_can_tell_before_the_first_answer(fails: Exception) -> None:
    till = Till()
    till.server.fails = fails
    async with opened(till):
        assert till.quotes.history == NO_HISTORY
        assert till.quotes.of(CART) is None


async def test_an_answer_of_another_shape_changes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    till = Till()
    till.kept[KEPT] = LOADS
    till.server.answers = {"loads": [{"station_id": "pizza", "load": -1}]}
    async with opened(till):
        assert till.quotes.of(CART) == Quote(300, 480)
        assert "another shape" in caplog.text


async def test_a_terminal_that_has_no_branch_yet_asks_nobody() -> None:
    async with opened(Till(branch=None)) as till:
        assert till.server.asked == []


async def test_it_asks_again_every_hour() -> None:
    async with opened(Till()) as till:
        till.server.loads = [{**LOADS[0], "median_s": 360}]
        till.session.clock.advance(3600)
        till.quotes._alarm._expired()
        await till.settle()
        assert till.quotes.history.pace("pizza", 0) == Pace(40, 360, 480)
        assert till.told == 2


async def test_the_load_is_what_waits_at_the_station_now() -> None:
    async with opened(Till()) as till:
        for number in range(4):
            till.waits(number)
        later = to_iso(NOON + timedelta(seconds=1))
        till.waits(10, held=True)
        till.waits(11, fire_at=later)
        till.waits(12, state="ready", ready_at=to_iso(NOON))
        till.waits(13, station_id="bar")
        assert till.quotes.of(CART) == Quote(300, 480)
        till.session.clock.advance(1)
        assert till.quotes.of(CART) == Quote(600, 900)


async def test_a_stop_counts_when_its_turn_has_come() -> None:
    route = [
        {"station_id": "bar", "stage": 1, "state": "sent", "started_at": None, "ready_at": None},
        {"station_id": "pizza", "stage": 2, "state": "sent", "started_at": None, "ready_at": None},
    ]
    async with opened(Till()) as till:
        for number in range(5):
            till.waits(number, station_id="bar", route=route)
        assert till.quotes.of(CART) == Quote(300, 480)
        done = {**route[0], "state": "ready", "ready_at": to_iso(NOON)}
        for number in range(5):
            till.waits(number, station_id="bar", state="started", route=[done, route[1]])
        assert till.quotes.of(CART) == Quote(600, 900)


def test_a_history_of_another_shape_is_refused() -> None:
    for loads in (None, {}, [1], [{"station_id": "a", "load": 0, "n": "x"}]):
        with pytest.raises(ValueError, match="no "):
            read_history(loads)
