"""Which lines no cook has seen yet, and for how long: the memory behind the receipts; pure.

A line is *stored* while only this device has it, *on the server* once its row has come from
there, and *seen* when a screen of its station has named its order in an announcement that covers
the line's rev. The rev of a line is that of the device when the row came, never an earlier one:
a receipt may be late, it is never early. What was seen stays seen. A line that several stations
make is watched at each of them when its turn comes there; one that is fired later, from then on.

A screen that has taken the line in but shows another page has it *queued*: the oldest come first
there and the cook turns the page or bumps his way to it. That is said and raises no alarm: in a
rush half the board stands on page 2, and an alarm that goes off all the time is one that people
switch off. A screen that has gone silent vouches for nothing it has not shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kds.domain.painted import Painted
from kds.domain.routing import Stop, stops_of
from kds.domain.rows import Row
from kds.domain.screens import Screens

MOST_LINES: Final = 2_000


@dataclass(frozen=True, slots=True)
class Patience:
    """When to worry, in seconds.

    `unseen`: from the tap to the alarm. `silent`: a screen that has said nothing for this long
    is not there (it speaks every 10). `recent`: older lines raise no alarm any more.
    """

    unseen: float = 10.0
    silent: float = 30.0
    recent: float = 3600.0


PATIENCE: Final = Patience()
Key = tuple[str, str]
"""The ids of a line and of a station."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The screen that showed it first, and when this device heard so."""

    screen: str
    at: datetime


@dataclass(slots=True)
class Line:
    """A line to be cooked at a station, whose turn came at `since`.

    `own`: it was sent from this till, which answers for it. `adopted`: it was there before this
    device began to listen, so its clock starts there. `fire_at`: it is `later` until then.
    `rev` is None while the server's row has not come. `queued`: the screen that has it on
    another page, or "". `told`: the cashier has told the kitchen.
    """

    id: str
    order_id: str
    station_id: str
    since: datetime
    own: bool
    adopted: bool = False
    fire_at: datetime | None = None
    later: bool = False
    rev: int | None = None
    sight: Sight | None = None
    queued: str = ""
    told: bool = False

    @property
    def key(self) -> Key:
        return self.id, self.station_id


def stops_to_begin(line: Row) -> tuple[Stop, ...]:
    """Where a cook has to see the line: its turn has come there, nobody has begun, and nothing
    holds it."""
    if line["state"] == "void" or line.get("held"):
        return ()
    return tuple(stop for stop in stops_of(line) if stop.due and stop.state == "sent")


class Sightings:
    """The open lines of the branch as this device knows them; the newest `MOST_LINES`.

    What `screens` have said decides who has seen them: `look` whenever one has spoken.
    """

    def __init__(self, screens: Screens, patience: Patience = PATIENCE) -> None:
        self._screens = screens
        self._unseen_for = timedelta(seconds=patience.unseen)
        self._recent_for = timedelta(seconds=patience.recent)
        self._lines: dict[Key, Line] = {}
        self._unseen: dict[Key, Line] = {}
        self._epoch = ""

    # -- lines ----------------------------------------------------------------------------

    def line(self, line_id: str, station_id: str) -> Line | None:
        return self._lines.get((line_id, station_id))

    @property
    def unconfirmed(self) -> tuple[Line, ...]:
        """Lines whose row has not come from the server yet."""
        return tuple(line for line in self._unseen.values() if line.rev is None)

    def watch(self, line: Line, now: datetime) -> None:
        """A line to be cooked; one that is known already is no news, but for when it is fired."""
        known = self._lines.get(line.key)
        if known is not None:
            if known.fire_at != line.fire_at:
                known.since, known.fire_at = line.since, line.fire_at
            return
        self._lines[line.key] = self._unseen[line.key] = line
        if len(self._lines) > MOST_LINES:
            self.drop(*next(iter(self._lines)))
        self._look(line, now)

    def drop(self, line_id: str, station_id: str) -> None:
        """The line is started there, ready, held, void or gone: a cook has seen it, or need not."""
        self._lines.pop((line_id, station_id), None)
        self._unseen.pop((line_id, station_id), None)

    def confirm(self, line: Line, rev: int, now: datetime) -> None:
        """The row has come from the server, which stands at `rev` here."""
        line.rev = rev
        self._look(line, now)

    def enter(self, epoch: str) -> bool:
        """The revs of the server are of this epoch; True when it is another than before.

        Revs of two epochs have nothing to do with each other: whoever is unseen begins again.
        """
        if epoch == self._epoch:
            return False
        self._epoch = epoch
        for line in self._unseen.values():
            line.rev, line.queued = None, ""
        return True

    def tell(self, order_id: str) -> tuple[Line, ...]:
        """A person has told the kitchen of everything of the order that was sent so far: of these
        lines."""
        told = tuple(line for line in self._unseen.values() if line.order_id == order_id)
        for line in told:
            line.told = True
        return told

    # -- screens --------------------------------------------------------------------------

    def look(self, now: datetime) -> set[str]:
        """Look at every unseen line again: announcements and their age decide. The ids of the
        orders whose receipt differs."""
        lines = tuple(self._unseen.values())
        return {line.order_id for line in lines if self._look(line, now)}

    def _look(self, line: Line, now: datetime) -> bool:
        before = (line.queued, line.later)
        line.queued, line.later = "", line.fire_at is not None and now < line.fire_at
        for painted, at in () if line.later else self._having(line):
            if line.order_id in painted.shown:
                line.sight = Sight(painted.name, at)
                del self._unseen[line.key]
                return True
            if now < self._screens.gone_at(at, now):
                line.queued = painted.name
        return (line.queued, line.later) != before

    def _having(self, line: Line) -> Iterable[tuple[Painted, datetime]]:
        """The screens of the line's station that have taken it in."""
        rev = line.rev
        if rev is None:
            return ()
        return (
            (painted, at)
            for painted, at in self._screens.said
            if painted.epoch == self._epoch
            and painted.rev >= rev
            and painted.shows_station(line.station_id)
        )

    # -- alarms ---------------------------------------------------------------------------

    def late(self, now: datetime) -> tuple[Line, ...]:
        """The lines that somebody must tell the kitchen of, in the order they were sent."""
        late, old = now - self._unseen_for, now - self._recent_for
        return tuple(
            line for line in self._worries() if line.since > old and self._begin_of(line) <= late
        )

    def next_at(self, now: datetime) -> datetime | None:
        """When time alone changes something next; None when it does not."""
        worries = self._worries()
        moments = [
            *_next(map(self._begin_of, worries), self._unseen_for, now),
            *_next((line.since for line in worries), self._recent_for, now),
        ]
        moments += (line.fire_at for line in self._unseen.values() if line.later and line.fire_at)
        if self._screens.listening and any(line.queued for line in self._unseen.values()):
            gone = (self._screens.gone_at(at, now) for _, at in self._screens.said)
            moments += (moment for moment in gone if moment > now)
        return min(moments, default=None)

    def _worries(self) -> list[Line]:
        """The lines that this till answers for and that no screen has."""
        return [
            line
            for line in self._unseen.values()
            if line.own
            and not line.told
            and not line.queued
            and (not line.adopted or self._screens.listening_since is not None)
        ]

    def _begin_of(self, line: Line) -> datetime:
        """From when on it counts how long nobody has seen it."""
        since = self._screens.listening_since
        return max(since, line.since) if line.adopted and since is not None else line.since


def _next(begins: Iterable[datetime], length: timedelta, now: datetime) -> list[datetime]:
    """The end of the first span of this length that is not over yet, if there is one."""
    over = now - length  # compared as they are: thousands may be waiting
    first = min((begin for begin in begins if begin > over), default=None)
    return [] if first is None else [first + length]
