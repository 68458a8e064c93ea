"""A device hears the screens, and tells of the stations that have lost theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kds.base.clock import Clock, ManualClock, SystemClock
from kds.base.events import until
from kds.domain.changes import ChangeSet, RowChange
from kds.domain.notices import Notice
from kds.domain.painted import Painted
from kds.domain.rows import Role
from kds.session.coverage import Coverage
from kds.session.device import Device
from kds.session.listener import Listener
from kds.session.store import Store
from tests.support.air import Air
from tests.support.qt import BRANCH, NOON, line_row, order_row


class Expo:
    """A device with three stations in its kitchen, on a clock that a test moves."""

    def __init__(
        self,
        role: Role = "kitchen",
        *own: str,
        silent: float = 30.0,
        clock: Clock | None = None,
    ) -> None:
        self.hands = ManualClock(NOON)
        self.clock = clock or self.hands
        self.store, self.air = Store(), Air()
        self.told: list[Notice] = []
        self.listener = Listener(self.clock.now, silent)
        self.coverage = Coverage(
            self.store,
            self.listener,
            self.clock,
            now=self.clock.now,
            device=lambda: Device("0e", "Expo", role, "E", BRANCH),
            stations=frozenset(own),
            tell=self.told.extend,
        )
        self.put("grill")
        self.put("oven")
        self.cook("grill")
        self.cook("oven")
        self.coverage.begin()
        self.listener.attach(self.air)  # type: ignore[arg-type]

    def put(self, key: str, covered_by: str = "") -> None:
        row = {"id": key, "name": key.title(), "position": 1, "covered_by": covered_by}
        before = self.store.row("stations", key)
        self.store.apply(ChangeSet((RowChange("stations", key, before, row),), "remote"))

    def cook(self, station_id: str, state: str = "sent") -> None:
        """There is something to cook at a station, or there was."""
        rows = (
            ("orders", order_row("o1", "A-017", NOON)),
            ("order_lines", line_row(station_id, "o1", 1, station_id=station_id, state=state)),
        )
        changes = (
            RowChange(table, row["id"], self.store.row(table, row["id"]), row)
            for table, row in rows
        )
        self.store.apply(ChangeSet(tuple(changes), "remote"))

    def hear(self, device: str, *stations: str) -> None:
        self.air.say(Painted(device, device, frozenset(stations), "e1", 1, frozenset()))

    def wait(self, seconds: float) -> None:
        self.hands.advance(seconds)
        self.coverage.refresh()

    @property
    def offers(self) -> list[tuple[str, str]]:
        return [(offer.kind, offer.station_id) for offer in self.coverage.offers]


@pytest.fixture
async def expo() -> AsyncIterator[Expo]:
    made = Expo()
    yield made
    made.coverage.detach()


async def test_a_dark_station_is_offered_and_told_once(expo: Expo) -> None:
    heard: list[object] = []
    expo.coverage.changed.connect(heard.append)
    expo.hear("g1", "grill")
    expo.wait(30)
    expo.wait(30)
    assert expo.offers == [("dark", "grill")]
    assert [(n.kind, n.title) for n in expo.told] == [("station_dark", "Screen dark: Grill")]
    assert len(heard) == 1


async def test_a_kitchen_that_sleeps_is_left_in_peace_until_an_order_comes(expo: Expo) -> None:
    expo.cook("grill", "ready")
    expo.hear("g1", "grill")
    expo.wait(3600)
    assert (expo.offers, expo.told) == ([], [])
    expo.cook("grill")
    assert expo.offers == [("dark", "grill")]
    assert len(expo.told) == 1


async def test_a_screen_that_is_switched_off_is_not_dark(expo: Expo) -> None:
    expo.hear("g1", "grill")
    expo.air.close("g1")
    expo.wait(3600)
    assert (expo.offers, expo.told) == ([], [])


async def test_the_rows_decide_what_becomes_of_an_offer(expo: Expo) -> None:
    expo.hear("g1", "grill")
    expo.wait(30)
    expo.put("grill", covered_by="oven")
    assert expo.offers == []
    expo.hear("g1", "grill")
    assert expo.offers == [("back", "grill")]
    expo.put("grill")
    assert expo.offers == []
    assert len(expo.told) == 1


async def test_off_the_air_silence_means_nothing(expo: Expo) -> None:
    expo.hear("g1", "grill")
    expo.air.become("reconnecting")
    expo.wait(600)
    assert expo.offers == []
    expo.air.become("joined")
    expo.wait(29)
    assert expo.offers == []
    expo.wait(1)
    assert expo.offers == [("dark", "grill")]


async def test_a_cook_at_a_station_is_not_told_and_not_asked_about_his_own() -> None:
    cook = Expo("kitchen", "grill")
    cook.hear("g2", "grill")
    cook.hear("o1", "oven")
    cook.wait(30)
    assert (cook.offers, cook.told) == ([("dark", "oven")], [])
    cook.coverage.detach()


async def test_a_till_has_nothing_to_decide() -> None:
    till = Expo("pos")
    till.hear("g1", "grill")
    till.hands.advance(60)
    till.hear("o1", "oven")
    assert till.offers == []


async def test_the_alarm_looks_at_the_clock_by_itself() -> None:
    expo = Expo(silent=0.02, clock=SystemClock())
    expo.hear("g1", "grill")
    await until(expo.coverage.changed, lambda: expo.offers == [("dark", "grill")])
    expo.coverage.detach()
