"""What a till makes of the changes of its rows: whose lines they are, and which rev they have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from kds.base.clock import ManualClock, to_iso
from kds.base.events import Event
from kds.connection.tasks import Tasks
from kds.domain.changes import ChangeSet, Initiator, RowChange
from kds.domain.notices import Notice
from kds.domain.painted import Painted
from kds.domain.rows import Role, Row
from kds.domain.sightings import PATIENCE
from kds.session.device import Device
from kds.session.drawer import Drawer
from kds.session.listener import Listener
from kds.session.receipts import Receipts
from kds.session.store import Store
from kds.session.waved import Waved
from kds.sync.progress import SyncProgress
from kds.sync.wire import Cursor
from tests.support.air import Air
from tests.support.qt import BRANCH, NOON, LocalSettings, line_row, order_row


class Ground:
    """What the sync engine knows, as a test says."""

    def __init__(self) -> None:
        self.progress_changed: Event[SyncProgress] = Event()
        self.floor: Cursor | None = Cursor("e1", 10)
        self.reached: Cursor | None = Cursor("e1", 10)
        self.rows: dict[str, Row] = {}

    def base_row(self, table: str, pk: str) -> Row | None:
        return self.rows.get(pk)

    def tell(self, line_id: str, **fields: Any) -> None:
        """The server has the line so."""
        self.rows[line_id] = line_row(line_id, "o1", 1, **fields)

    def stand_at(self, rev: int, *rows: str, epoch: str = "e1") -> None:
        for line_id in rows:
            self.tell(line_id)
        self.floor = self.reached = Cursor(epoch, rev)
        self.progress_changed.emit(SyncProgress())


class Till:
    """Receipts over a real store, on a clock that a test moves. `disk`: of an earlier run."""

    def __init__(self, role: Role = "pos", disk: LocalSettings | None = None) -> None:
        self.disk, self.tasks = disk or LocalSettings(), Tasks()
        self.clock = ManualClock(NOON)
        self.store = Store()
        self.air = Air("joining")
        listener = Listener(self.clock.now, PATIENCE.silent)
        listener.attach(self.air)  # type: ignore[arg-type]
        self.ground = Ground()
        self.waved = Waved(self.store, Drawer("waved", lambda: self.disk, self.tasks))
        self.told: list[Notice] = []
        device = Device("0d", "Till", role, "A", BRANCH)
        self.receipts = Receipts(
            self.store,
            listener,
            self.clock,
            now=self.clock.now,
            device=lambda: device,
            tell=self.told.extend,
            patience=PATIENCE,
            waved=self.waved,
            drawer=Drawer("screenless", lambda: self.disk, self.tasks),
        )
        self.receipts.stand_on(self.ground)
        station = {"id": "pizza", "name": "Pizza", "position": 1}
        self.store.apply(ChangeSet((RowChange("stations", "pizza", None, station),), "load"))

    async def restart(self, after: float = 0) -> Till:
        """The same till, started again with what is on its disk."""
        await self.stop()
        made = Till(disk=self.disk)
        made.clock.advance((self.clock.now() - NOON).total_seconds() + after)
        await made.waved.load()
        await made.receipts.load()
        return made

    async def stop(self) -> None:
        self.receipts.detach()
        await self.tasks.close(patience=2.0)

    def order(
        self, initiator: Initiator, line_id: str = "l1", line: Row | None = None, **fields: str
    ) -> None:
        order = order_row("o1", "A-017", NOON, **fields)
        sent_at = to_iso(self.clock.now())
        line = line_row(line_id, "o1", 1, **{"sent_at": sent_at, **(line or {})})
        self.store.apply(
            ChangeSet(
                (
                    RowChange("orders", "o1", self.store.row("orders", "o1"), order),
                    RowChange("order_lines", line_id, None, line),
                ),
                initiator,
            )
        )

    def line_becomes(self, state: str, line_id: str = "l1") -> None:
        self.change_line("remote", line_id, state=state)

    def change_line(self, initiator: Initiator, line_id: str = "l1", **fields: Any) -> None:
        before = self.store.row("order_lines", line_id)
        assert before is not None
        change = RowChange("order_lines", line_id, before, {**before, **fields})
        self.store.apply(ChangeSet((change,), initiator))

    def hear(self, rev: int, *shown: str, station: str = "pizza") -> None:
        name = f"{station.title()} screen"
        self.air.say(Painted(station, name, frozenset({station}), "e1", rev, frozenset(shown)))

    def after(self, seconds: float) -> tuple[str, ...]:
        """The alarms when so much time has gone by."""
        self.clock.advance(seconds)
        self.receipts._look()
        return self.receipts.alarmed

    @property
    def stage(self) -> str | None:
        receipt = self.receipts.of("o1")
        return receipt.stage if receipt else None


@pytest.fixture
async def till() -> AsyncIterator[Till]:
    made = Till()
    yield made
    await made.stop()


async def test_a_tap_is_stored_and_on_the_server_when_its_row_comes_back(till: Till) -> None:
    till.order("local")
    assert till.stage == "stored"
    till.ground.stand_at(11)
    assert till.stage == "stored"
    till.ground.stand_at(12, "l1")
    assert till.stage == "server"
    till.hear(11, "o1")
    assert till.stage == "server"
    till.hear(12, "o1")
    assert till.stage == "painted"


async def test_a_row_on_its_way_to_the_screen_has_the_rev_of_the_disk(till: Till) -> None:
    till.ground.reached = Cursor("e1", 500)  # a long catch-up: the screens still stand at 10
    till.ground.tell("l1")
    till.order("remote")
    till.hear(499, "o1")
    assert till.stage == "server"
    till.hear(500, "o1")
    assert till.stage == "painted"


async def test_a_restored_server_counts_from_anew(till: Till) -> None:
    till.order("local")
    till.ground.stand_at(12, "l1")
    till.ground.rows.clear()
    till.ground.stand_at(3, epoch="e2")
    assert till.stage == "stored"
    till.hear(99, "o1")
    assert till.stage == "stored"


async def test_the_alarm_is_told_once_and_ends_by_itself(till: Till) -> None:
    till.order("local")
    assert till.after(9) == ()
    assert till.after(1) == ("o1",)
    assert till.after(5) == ("o1",)
    assert [one.title for one in till.told] == ["Not on screen: A-017"]
    till.line_becomes("started")
    assert till.receipts.alarmed == ()
    assert till.stage == "started"


async def test_an_acknowledged_alarm_stays_quiet(till: Till) -> None:
    heard: list[str | None] = []
    till.order("local")
    till.after(10)
    till.receipts.changed.connect(heard.append)
    till.receipts.acknowledge("o1")
    assert till.receipts.alarmed == ()
    assert heard == ["o1", None]
    assert till.after(60) == ()


async def test_an_acknowledged_alarm_stays_quiet_after_a_restart(till: Till) -> None:
    till.order("local")
    till.after(10)
    till.receipts.acknowledge("o1")
    again = await till.restart()
    again.order("load", line={"sent_at": to_iso(NOON)})
    assert again.after(60) == ()
    again.order("local", "l2")
    assert again.after(10) == ("o1",)
    await again.stop()


async def test_what_is_fired_after_it_was_acknowledged_is_called_out_again(till: Till) -> None:
    till.order("local")
    till.after(10)
    till.receipts.acknowledge("o1")
    till.change_line("local", held=True)
    till.change_line("local", held=False, fire_at=to_iso(till.clock.now()))
    assert till.after(10) == ("o1",)


# -- stations without a screen -----------------------------------------------------------------


async def test_a_station_that_no_screen_has_ever_shown_is_told_of_once(till: Till) -> None:
    till.air.become("joined")
    till.after(30)
    till.order("local")
    assert till.after(10) == ()
    (found,) = till.receipts.screenless
    assert (found.name, found.since, found.orders) == ("Pizza", None, ("o1",))
    assert [one.title for one in till.told] == ["No screen: Pizza"]
    receipt = till.receipts.of("o1")
    assert receipt is not None
    assert (receipt.alarm, receipt.screenless, receipt.missing) == (False, ("Pizza",), ())
    till.receipts.acknowledge_station("pizza")
    till.order("local", "l2")
    assert (till.after(60), till.receipts.screenless) == ((), ())


async def test_an_alarm_becomes_that_of_the_station_as_soon_as_that_is_known(till: Till) -> None:
    till.air.become("joined")
    till.order("local")
    assert till.after(10) == ("o1",)
    heard: list[str | None] = []
    till.receipts.changed.connect(heard.append)
    assert till.after(20) == ()
    assert [one.station_id for one in till.receipts.screenless] == ["pizza"]
    assert heard == ["o1", None]


async def test_a_screen_that_was_there_before_the_restart_is_missed_by_each_order(
    till: Till,
) -> None:
    till.air.become("joined")
    till.hear(10)
    again = await till.restart(after=3600)
    again.air.become("joined")
    again.after(30)
    again.order("local")
    assert again.after(10) == ("o1",)
    assert again.receipts.screenless == ()
    await again.stop()


async def test_an_acknowledged_station_stays_quiet_after_a_restart(till: Till) -> None:
    till.air.become("joined")
    till.order("local")
    till.after(30)
    till.receipts.acknowledge_station("pizza")
    again = await till.restart(after=60)
    again.air.become("joined")
    again.after(30)
    again.order("local")
    assert (again.after(10), again.receipts.screenless) == ((), ())
    await again.stop()


async def test_a_station_that_is_to_have_no_screen_raises_no_alarm(till: Till) -> None:
    till.order("local")
    assert till.after(10) == ("o1",)
    before = till.store.row("stations", "pizza")
    assert before is not None
    row = {**before, "unattended": True}
    till.store.apply(ChangeSet((RowChange("stations", "pizza", before, row),), "remote"))
    assert till.receipts.alarmed == ()
    receipt = till.receipts.of("o1")
    assert receipt is not None
    assert receipt.missing == ()


async def test_what_the_kitchen_recalls_it_has_seen(till: Till) -> None:
    till.order("local")
    till.line_becomes("ready")
    till.line_becomes("sent")
    assert till.after(60) == ()


async def test_another_tills_order_is_followed_without_an_alarm(till: Till) -> None:
    till.ground.tell("l1")
    till.order("remote", device_id="other")
    assert till.stage == "server"
    assert till.after(60) == ()


async def test_a_line_added_here_to_another_tills_order_is_ours(till: Till) -> None:
    till.ground.tell("l1")
    till.order("remote", device_id="other")
    till.order("local", "l2", device_id="other")
    assert till.after(10) == ("o1",)


async def test_what_waited_on_the_disk_unsent_worries_at_once(till: Till) -> None:
    till.order("load")
    assert till.after(10) == ("o1",)


async def test_what_the_server_had_before_the_start_waits_for_the_screens_to_speak(
    till: Till,
) -> None:
    till.ground.tell("l1")
    till.order("load")
    assert till.after(600) == ()
    till.air.become("joined")
    assert till.after(9) == ()
    assert till.after(1) == ("o1",)


async def test_a_closed_order_has_no_receipt_and_no_alarm(till: Till) -> None:
    till.order("local")
    till.after(10)
    order = till.store.row("orders", "o1")
    assert order is not None
    closed = RowChange("orders", "o1", order, {**order, "state": "void"})
    till.store.apply(ChangeSet((closed,), "remote"))
    assert till.receipts.alarmed == ()
    assert till.receipts.of("o1") is None


@pytest.mark.parametrize("role", ["kitchen", "manager"])
async def test_only_a_till_answers_for_orders(role: Role) -> None:
    made = Till(role)
    made.order("load")
    assert made.after(60) == ()
    made.receipts.detach()


async def test_an_alarm_is_over_after_an_hour(till: Till) -> None:
    till.order("local")
    till.after(10)
    assert till.after(timedelta(hours=1).total_seconds()) == ()


def stop(station_id: str, stage: int, state: str = "sent") -> dict[str, Any]:
    done = to_iso(NOON + timedelta(seconds=30)) if state == "ready" else None
    times = {"started_at": None, "ready_at": done}
    return {"station_id": station_id, "stage": stage, "state": state, **times}


async def test_the_next_station_is_watched_when_its_turn_has_come(till: Till) -> None:
    till.order("local", line={"route": [stop("pizza", 1), stop("pass", 2)]})
    till.ground.tell("l1")
    till.ground.stand_at(12)
    till.hear(12, "o1")
    assert till.stage == "painted"
    assert till.after(29) == ()
    route = [stop("pizza", 1, "ready"), stop("pass", 2)]
    till.ground.tell("l1", route=route)
    till.change_line("remote", state="started", route=route)
    assert till.after(10) == ()
    assert till.after(1) == ("o1",)
    receipt = till.receipts.of("o1")
    assert receipt is not None
    assert receipt.missing == ("pass",)
    till.hear(12, "o1", station="pass")
    assert till.receipts.alarmed == ()


async def test_what_is_held_raises_no_alarm_until_it_is_fired(till: Till) -> None:
    till.order("local", line={"held": True})
    assert till.after(60) == ()
    till.change_line("local", held=False, fire_at=to_iso(till.clock.now()))
    assert till.after(9) == ()
    assert till.after(1) == ("o1",)


async def test_what_is_held_again_is_nobodys_worry(till: Till) -> None:
    till.order("local")
    assert till.after(10) == ("o1",)
    till.change_line("remote", held=True)
    assert till.receipts.alarmed == ()


async def test_its_time_to_be_fired_changes_the_receipt(till: Till) -> None:
    fire_at = to_iso(NOON + timedelta(seconds=60))
    till.order("local", line={"fire_at": fire_at})
    receipt = till.receipts.of("o1")
    assert receipt is not None
    assert receipt.stations[0].later
    heard: list[str | None] = []
    till.receipts.changed.connect(heard.append)
    till.after(60)
    assert heard == ["o1"]
    assert till.stage == "stored"


async def test_a_screen_that_shows_the_line_on_hold_has_not_seen_it_fired(till: Till) -> None:
    till.order("local", line={"held": True})
    till.ground.tell("l1", held=True)
    till.hear(12, "o1")
    till.change_line("local", held=False, fire_at=to_iso(NOON))
    till.ground.stand_at(12)
    assert till.stage == "stored"
    till.ground.tell("l1")
    till.ground.stand_at(13)
    assert till.stage == "server"
    till.hear(13, "o1")
    assert till.stage == "painted"
