"""A past service to look at again: fetched from the server's log, shown through a store of its own.

`ReplayDesk.store` and `ReplayDesk.now` are what a board needs, as it gets them from a session;
nothing can be done to what they show. Whoever plays it says how much time has passed (`advance`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from kds.base.errors import RemoteError
from kds.base.events import Event
from kds.domain.changes import ChangeSet, RowChange
from kds.domain.replay.deeds import Deed, deeds_of
from kds.domain.replay.jam import Jam, jam_of
from kds.domain.replay.timeline import LoggedChange, Timeline
from kds.domain.rows import Row
from kds.session.reports import Ask, BranchId, Reports, reading
from kds.session.store import Store
from kds.sync.shapes import instant, mapping, objects, optional_text, text, whole

Phase = Literal["idle", "loading", "ready", "failed"]

SPEEDS: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0)
PAGE_ROWS: Final = 2000
WHAT: Final = "services to replay"


@dataclass(frozen=True, slots=True)
class Service:
    """A day of the branch that the log still has. `orders`: how many were placed."""

    day: date
    orders: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Show:
    """A service that is loaded."""

    timeline: Timeline
    deeds: tuple[Deed, ...]
    jam: Jam

    @classmethod
    def of(cls, timeline: Timeline) -> Show:
        return cls(timeline, deeds_of(timeline), jam_of(timeline))


class ReplayDesk:
    """At most one service at a time, and the instant of it that is shown.

    `changed` fires when `phase`, `progress` (0.0 to 1.0) or `problem` has; `moved` when `now()`
    or `place` (how many of the service's moments have happened) has.
    """

    def __init__(self, ask: Ask, branch_id: BranchId) -> None:
        self._reports = Reports(ask, branch_id, WHAT)
        self._attempt = 0  # a load that was given up is not shown when it comes after all
        self._show: Show | None = None
        self._at: datetime | None = None
        self.store = Store()
        self.phase: Phase = "idle"
        self.progress = 0.0
        self.problem = ""
        self.place = 0
        self.speed = 1.0
        self.playing = False
        self.changed: Event[None] = Event()
        self.moved: Event[None] = Event()

    # -- what there is --------------------------------------------------------------------

    async def services(self) -> tuple[Service, ...]:
        """The days to choose from, the latest first. Raises a RemoteError, fit for a person."""
        answer = await self._reports.ask("services", {})
        with reading("services", answer):
            return tuple(map(_service, objects(answer["services"])))

    async def load(self, start: datetime, end: datetime) -> None:
        """Fetch a service and show its beginning; what comes of it is in `phase`."""
        self._attempt += 1
        mine = self._attempt
        self.playing = False
        self._say("loading", 0.0)
        try:
            show = await self._fetch(start, end, lambda: mine == self._attempt)
        except RemoteError as error:
            if mine == self._attempt:
                self._say("failed", problem=str(error))
            return
        if show is not None and mine == self._attempt:
            self._open(show)

    def close(self) -> None:
        """Let go of the service, or of the load that is under way."""
        self._attempt += 1
        self.playing = False
        self._turn_to({})
        self._show = None
        self.place = 0
        self._say("idle")

    @property
    def show(self) -> Show:
        """The service. Only when `phase` is "ready"."""
        if self._show is None:
            raise RuntimeError("no service is loaded")
        return self._show

    # -- where it is ----------------------------------------------------------------------

    def now(self) -> datetime:
        """The instant that is shown; after `close` the last one, for boards that are on their way
        out. Only after a service was loaded."""
        if self._at is None:
            raise RuntimeError("no service is loaded")
        return self._at

    @property
    def ended(self) -> bool:
        return self._show is not None and self.now() >= self._show.timeline.end

    def seek(self, at: datetime) -> None:
        """Show an instant of the service, the nearest one that it has."""
        timeline = self.show.timeline
        at = min(max(at, timeline.start), timeline.end)
        self._move(at, timeline.place_at(at))

    def seek_place(self, place: int) -> None:
        """Show the service right after the first `place` moments."""
        timeline = self.show.timeline
        place = min(max(place, 0), timeline.last)
        self._move(timeline.instant_of(place), place)

    def advance(self, seconds: float) -> None:
        """So much time has passed for who watches; it stops by itself at the end."""
        if not self.playing:
            return
        self.seek(self.now() + timedelta(seconds=seconds * self.speed))
        if self.ended:
            self.set_playing(False)

    def set_playing(self, playing: bool) -> None:
        """Play or pause; from the end it begins anew."""
        if playing and self.ended:
            self.seek_place(0)
        if playing != self.playing:
            self.playing = playing
            self.moved.emit(None)

    def set_speed(self, speed: float) -> None:
        """One of `SPEEDS`."""
        self.speed = speed
        self.moved.emit(None)

    def change_speed(self, steps: int) -> None:
        """So many of the `SPEEDS` faster, or slower."""
        number = SPEEDS.index(self.speed) + steps
        self.set_speed(SPEEDS[min(max(number, 0), len(SPEEDS) - 1)])

    # -- how ------------------------------------------------------------------------------

    def _open(self, show: Show) -> None:
        self._at = show.timeline.start
        self._turn_to(show.timeline.tables_at(0))
        self._show, self.place = show, 0
        self._say("ready", 1.0)
        self.moved.emit(None)

    @property
    def _shown(self) -> Mapping[str, Mapping[str, Row]]:
        return self._show.timeline.tables_at(self.place) if self._show else {}

    def _move(self, at: datetime, place: int) -> None:
        """One difference, however far it is. On the way back views read everything anew: what
        time alone had brought to them is not in any row."""
        changes = self.show.timeline.difference(self.place, place)
        back = at < self.now()
        self._at, self.place = at, place
        if changes or back:
            self.store.apply(ChangeSet(changes, "load" if back else "remote"))
        self.moved.emit(None)

    def _turn_to(self, tables: Mapping[str, Mapping[str, Row]]) -> None:
        """Show these rows instead of those that are shown."""
        keys = {(table, pk): None for table, rows in tables.items() for pk in rows}
        shown = {(table, pk): None for table, rows in self._shown.items() for pk in rows}
        changes = (
            RowChange(table, pk, self.store.row(table, pk), tables.get(table, {}).get(pk))
            for table, pk in shown | keys
        )
        self.store.apply(ChangeSet(tuple(changes), "load"))

    def _say(self, phase: Phase, progress: float = 0.0, problem: str = "") -> None:
        self.phase, self.progress, self.problem = phase, progress, problem
        self.changed.emit(None)

    async def _fetch(
        self, start: datetime, end: datetime, wanted: Callable[[], bool]
    ) -> Show | None:
        """The whole service, page by page; None when it is not wanted any more."""
        span = {"since": start.isoformat(), "until": end.isoformat(), "max_rows": PAGE_ROWS}
        tables: dict[str, dict[str, Row]] = {}
        changes: list[LoggedChange] = []
        after: int | None = None
        while wanted():
            answer = await self._reports.ask("replay", {**span, "after_rev": after})
            with reading("replay", answer):
                if after is None:
                    tables = _tables(answer["tables"])
                changes += map(_logged, objects(answer["rows"]))
                first, last = whole(answer["from_rev"]), whole(answer["to_rev"])
                after = whole(answer["through_rev"])
            if after >= last:
                timeline = Timeline(tables, changes, start, end)
                return await asyncio.to_thread(Show.of, timeline)
            if wanted():
                self._say("loading", (after - first) / (last - first))
        return None


def _service(value: Mapping[str, Any]) -> Service:
    return Service(
        date.fromisoformat(text(value["day"])),
        whole(value["orders"]),
        instant(value["first_at"]),
        instant(value["last_at"]),
    )


def _tables(value: Any) -> dict[str, dict[str, Row]]:
    return {
        table: {text(row["id"]): row for row in objects(rows)}
        for table, rows in mapping(value).items()
    }


def _logged(value: Mapping[str, Any]) -> LoggedChange:
    return LoggedChange(
        whole(value["rev"]),
        instant(value["at"]),
        text(value["table"]),
        str(value["pk"]),
        None if value["op"] == "D" else mapping(value["row"]),
        optional_text(value.get("op_id")) or "",
        optional_text(value.get("kind")) or "",
        optional_text(value.get("actor")) or "",
        optional_text(value.get("device")) or "",
    )
