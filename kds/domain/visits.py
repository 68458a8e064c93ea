"""Which lines of an order some stations have before them, and since when they wait for them. Pure.

An order may come to a station more than once: with more lines for a table that has had its food,
with a course that is fired half an hour later. Lines that were waited for at the same time belong
to the same *visit*. The age of a ticket is that of its visit: it neither jumps when the oldest
line is bumped, nor does an add-on begin half an hour late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from kds.base.clock import from_iso
from kds.domain.routing import Stop, due_at, fired, stops_at
from kds.domain.rows import Flag, LineState, Row


@dataclass(frozen=True, slots=True)
class LineHere:
    """A line at some stations, where its turn has come.

    `state`: at these stations. `flag`: what one of them has not acknowledged. It was waited for
    from `begin` to `end`; None while it still is.
    """

    row: Row
    stops: tuple[Stop, ...]
    state: LineState
    flag: Flag
    begin: datetime
    end: datetime | None

    @property
    def open(self) -> bool:
        return self.state in ("sent", "started")

    def calls(self, now: datetime | None) -> bool:
        """Whether a cook has to do something about it now. `now` None: as if every line that is
        not held were to be made."""
        return bool(self.flag) or (self.open and _is_fired(self.row, now))


@dataclass(frozen=True, slots=True)
class Visit:
    """The lines that are waited for together, in their order, `since` when, and how many were
    done at earlier visits."""

    since: datetime
    lines: tuple[LineHere, ...]
    done_before: int


def lines_here(lines: Iterable[Row], only: frozenset[str]) -> tuple[list[LineHere], int]:
    """The lines at the stations `only` (all when empty), and how many are still to come there.

    A line whose turn never came, as it was voided first, is neither.
    """
    here: list[LineHere] = []
    coming = 0
    for line in lines:
        stops = stops_at(line, only)
        if any(stop.due for stop in stops):
            here.append(_line_here(line, stops))
        elif stops and line["state"] != "void":
            coming += 1
    return here, coming


def visit_of(lines: Sequence[LineHere], now: datetime | None) -> Visit | None:
    """The visit that a cook has to do something about; None when there is none."""
    since = min((line.begin for line in lines if line.calls(now)), default=None)
    if since is None:
        return None
    over = [(line.end, line.begin) for line in lines if line.end is not None]
    for end, begin in sorted(over, reverse=True):
        if end <= since:
            break
        since = min(since, begin)
    cooking = any(line.open for line in lines)
    kept = tuple(line for line in lines if _belongs(line, since, cooking))
    done = sum(line.state == "ready" for line in lines)
    return Visit(since, kept, done - sum(line.state == "ready" for line in kept))


def next_fire(lines: Iterable[Row], only: frozenset[str], now: datetime) -> datetime | None:
    """When time alone brings the next of these lines to the stations `only`; None: never."""
    moments = (
        from_iso(line["fire_at"])
        for line in lines
        if line.get("fire_at") and not line.get("held") and line["state"] in ("sent", "started")
        if any(stop.due and stop.open for stop in stops_at(line, only))
    )
    return min((at for at in moments if at > now), default=None)


def _belongs(line: LineHere, since: datetime, cooking: bool) -> bool:
    """Voided lines that everybody has seen stand there only as long as there is work beside."""
    if line.open or line.flag:
        return True
    return line.end is not None and line.end > since and (cooking or line.state == "ready")


def _line_here(line: Row, stops: tuple[Stop, ...]) -> LineHere:
    state, flag = _state(line, stops), _flag(line, stops)
    begin = min(due_at(line, stop) for stop in stops if stop.due)
    end = None if state in ("sent", "started") else _end(line, stops, begin)
    if state == "ready" and flag and line.get("flag_at"):
        begin, end = from_iso(line["flag_at"]), None  # done, and there is something new about it
    return LineHere(line, stops, state, flag, begin, end)


def _state(line: Row, stops: tuple[Stop, ...]) -> LineState:
    states = {stop.state for stop in stops}
    if line["state"] == "void":
        return "void"
    if states == {"ready"}:
        return "ready"
    return "sent" if states == {"sent"} else "started"


def _flag(line: Row, stops: tuple[Stop, ...]) -> Flag:
    seen_by = line.get("seen_by") or ()
    unseen = any(stop.due and stop.station_id not in seen_by for stop in stops)
    return cast(Flag, line.get("flag") or "") if unseen else ""


def _end(line: Row, stops: tuple[Stop, ...], begin: datetime) -> datetime:
    """When nobody here waited for it any more: it was done, or voided before that."""
    done = [stop.ready_at for stop in stops]
    texts = done if all(done) else [line["voided_at"]]
    return max((from_iso(text) for text in texts if text), default=begin)


def _is_fired(line: Row, now: datetime | None) -> bool:
    return not line.get("held") if now is None else fired(line, now)
