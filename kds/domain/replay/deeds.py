"""What happened at a moment of a service, in words: `Oven 1 bumped A-017: 2 Hawaiian L`. Pure.

The log has rows of every version of the program, so what a row lacks is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kds.base.clock import from_iso
from kds.domain.changes import RowChange
from kds.domain.replay.timeline import Moment, Timeline
from kds.domain.routing import stops_of
from kds.domain.rows import Row
from kds.domain.setup import told

SERVER: Final = "The server"
_SET_UP: Final = ("stations", "branches", "menu_items")
SHOWN: Final = 3
"""Lines named one by one; the rest is counted."""

_LATE: Final = timedelta(seconds=5)
_DID: Final = {
    "place_order": "sent",
    "add_lines": "added to",
    "change_qty": "changed",
    "void_line": "voided a part of",
    "void_order": "voided",
    "close_order": "closed",
    "pay": "took money for",
    "fire": "fired",
    "hold": "held",
    "start": "started",
    "bump": "bumped",
    "recall": "recalled",
    "acknowledge": "saw the change of",
}
_TAPPED: Final = {
    "place_order": "sent_at",
    "add_lines": "sent_at",
    "start": "started_at",
    "bump": "ready_at",
    "void_line": "voided_at",
    "void_order": "voided_at",
}
"""The column of a line that has the moment of the tap."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One entry of the list beside the board; after it the service is at `place`.

    `who` is the terminal, with the person when that is another name; `what` a sentence without
    them. `order_ids`: the orders it is about, `number` of the first; `stations`: where the lines
    are made. `tapped_at`: when it was done, if the server heard of it late.
    """

    place: int
    at: datetime
    who: str
    what: str
    kind: str = ""
    number: str = ""
    order_ids: tuple[str, ...] = ()
    stations: frozenset[str] = frozenset()
    tapped_at: datetime | None = None

    @property
    def text(self) -> str:
        return f"{self.who} {self.what}"


def deeds_of(timeline: Timeline) -> tuple[Deed, ...]:
    """Everything that happened, in order."""
    return tuple(_deed(timeline, place, moment) for place, moment in enumerate(timeline.moments, 1))


def _deed(timeline: Timeline, place: int, moment: Moment) -> Deed:
    cause = moment.cause
    changes = [
        RowChange(c.table, c.pk, timeline.row(c.table, c.pk, place - 1), c.row)
        for c in moment.changes
    ]
    story = _Story(timeline, place, cause.kind, changes)
    return Deed(
        place,
        moment.at,
        _who(timeline, place, cause.device_id, cause.actor),
        story.what(),
        cause.kind,
        story.number,
        tuple(story.order_ids),
        frozenset(stop for line in story.lines for stop in _stations(line)),
        _tapped(cause.kind, story.lines, moment.at),
    )


def _who(timeline: Timeline, place: int, device_id: str, actor: str) -> str:
    device = timeline.row("devices", device_id, place)
    name = str(device["name"]) if device else ""
    if name and actor and actor != name:
        return f"{name} ({actor})"
    return name or actor or SERVER


def _tapped(kind: str, lines: list[Row], heard_at: datetime) -> datetime | None:
    """When it was done at the terminal, if that is noticeably before the server heard of it."""
    column = _TAPPED.get(kind, "")
    stamps = [from_iso(line[column]) for line in lines if line.get(column)]
    latest = max(stamps, default=heard_at)
    return latest if heard_at - latest > _LATE else None


class _Story:
    """What a moment did, told from its rows before and after."""

    def __init__(self, timeline: Timeline, place: int, kind: str, changes: list[RowChange]) -> None:
        self._timeline, self._place, self._kind = timeline, place, kind
        self._changes = changes
        of_lines = [change for change in changes if change.table == "order_lines"]
        concerned = _CONCERNED.get(kind, _any)
        told = [change for change in of_lines if concerned(change.before, change.after)]
        self.lines: list[Row] = [row for one in told if (row := one.after or one.before)]
        self._was = {change.pk: change.before for change in changes}
        self._fired = [
            change.after
            for change in of_lines
            if change.after and kind != "fire" and _let_go(change.before, change.after)
        ]
        self.order_ids = dict.fromkeys(self._orders())

    def _orders(self) -> Iterator[str]:
        for change in self._changes:
            row = change.after or change.before or {}
            if change.table == "orders":
                yield change.pk
            elif change.table == "order_lines":
                yield row["order_id"]

    @property
    def _order(self) -> Row:
        """The order that it is about, as it became, or as it was when it left."""
        for order_id in self.order_ids:
            for place in (self._place, self._place - 1):
                if row := self._timeline.row("orders", order_id, place):
                    return row
        return {}

    @property
    def number(self) -> str:
        return str(self._order.get("number", ""))

    def what(self) -> str:
        did = _DID.get(self._kind)
        if did is None:
            return _OTHERWISE.get(self._kind, _Story._unasked)(self)
        lines = "" if self._kind in ("void_order", "close_order", "pay") else self._listed()
        told = f"{did} {self.number or 'an order'}{lines}{self._reason()}"
        return f"{told}; fired {_names(self._fired)}" if self._fired else told

    def _listed(self) -> str:
        return f": {_names(self.lines, self._former_qty)}" if self.lines else ""

    def _former_qty(self, line: Row) -> str:
        before = self._was.get(line["id"])
        changed = self._kind == "change_qty" and before and before["qty"] != line["qty"]
        return f" (was {before['qty']})" if before and changed else ""

    def _reason(self) -> str:
        voids = self._kind in ("void_line", "void_order")
        reason = next((line["void_reason"] for line in self.lines if line["void_reason"]), "")
        return f" ({reason})" if voids and reason else ""

    # -- what is not done to lines ----------------------------------------------------------

    def _marked(self) -> str:
        before = self._was.get(self._order.get("id", "")) or {}
        words = {"rush": ("rush", "no rush"), "vip": ("VIP", "not VIP")}
        now = [
            words[name][not self._order.get(name)]
            for name in words
            if before.get(name, False) != self._order.get(name, False)
        ]
        return f"marked {self.number}: {', '.join(now)}" if now else f"marked {self.number}"

    def _asked(self) -> str:
        last = next(reversed(self._order.get("questions", [])), None)
        return f"asked about {self.number}: “{last['text']}”" if last else self._unasked()

    def _answered(self) -> str:
        answered = [one for one in self._order.get("questions", []) if one.get("answered_at")]
        last = max(answered, key=lambda one: str(one["answered_at"]), default=None)
        return f"answered about {self.number}: “{last['answer']}”" if last else self._unasked()

    def _assembled(self) -> str:
        if self._order.get("assembled_at"):
            return f"put {self.number} together on the pass"
        return f"took {self.number} apart again"

    def _handed(self) -> str:
        if self._order.get("handed_at"):
            return f"handed over {self.number}"
        return f"took {self.number} back to the pass"

    def _out(self) -> str:
        item = self._first("menu_items")
        verb = "86'd" if item.get("out_since") else "brought back"
        return f"{verb} {item.get('name', 'an item')}"

    def _counted(self) -> str:
        item = self._first("stock_items")
        return f"counted {item['name']}: {item['level']} {item['unit']}" if item else "counted"

    def _covered(self) -> str:
        station = self._first("stations")
        name, by = station.get("name", "a station"), station.get("covered_by", "")
        other = self._timeline.row("stations", by, self._place) if by else None
        return f"sent {name} to {other['name']}" if other else f"gave {name} its own lines back"

    def _set_up(self) -> str:
        change = next((one for one in self._changes if one.table in _SET_UP), None)
        if change is None or change.after is None:
            return "set up the kitchen"
        before, after = change.before or {}, change.after
        settings = {name: value for name, value in after.items() if before.get(name) != value}
        what = told(settings, self._station_name)
        return f"set up {before.get('name', after['name'])}{': ' if what else ''}{what}"

    def _station_name(self, station_id: str) -> str:
        row = self._timeline.row("stations", station_id, self._place)
        return str(row["name"]) if row else ""

    def _first(self, table: str) -> Row:
        rows = (change.after for change in self._changes if change.table == table)
        return next((row for row in rows if row), {})

    def _unasked(self) -> str:
        """No verb of this version: what can be said without one."""
        left = sum(c.table == "orders" and c.after is None for c in self._changes)
        if left:
            return f"put away {left} finished order{'s' if left > 1 else ''}"
        if self.order_ids:
            return f"changed {self.number or 'an order'}"
        for change in self._changes:
            if change.table == "devices":
                return _registered(change.before, change.after)
        names = {str(row.get("name") or "") for c in self._changes if (row := c.after or c.before)}
        return f"changed {', '.join(sorted(names - {''})[:SHOWN]) or 'something'}"


_OTHERWISE: Final[dict[str, Callable[[_Story], str]]] = {
    "mark": _Story._marked,
    "ask": _Story._asked,
    "answer": _Story._answered,
    "assemble": _Story._assembled,
    "hand_over": _Story._handed,
    "eighty_six": _Story._out,
    "adjust_stock": _Story._counted,
    "cover": _Story._covered,
    "set_up": _Story._set_up,
}


# -- which of the changed lines a verb is about: others follow from it ------------------------


def _any(before: Row | None, after: Row | None) -> bool:
    return True


def _ready(row: Row | None) -> int:
    return sum(stop.state == "ready" for stop in stops_of(row)) if row else 0


def _begun(row: Row | None) -> int:
    return sum(stop.state != "sent" for stop in stops_of(row)) if row else 0


def _is(row: Row | None, state: str) -> bool:
    return row is not None and row["state"] == state


def _let_go(before: Row | None, after: Row | None) -> bool:
    """It was held, and is not any more."""
    return bool(before and before.get("held") and after and not after.get("held"))


_CONCERNED: Final[dict[str, Callable[[Row | None, Row | None], bool]]] = {
    "place_order": lambda before, after: before is None,
    "add_lines": lambda before, after: before is None,
    "start": lambda before, after: _begun(after) > _begun(before),
    "bump": lambda before, after: _ready(after) > _ready(before),
    "recall": lambda before, after: _ready(after) < _ready(before),
    "void_line": lambda before, after: _is(after, "void") and not _is(before, "void"),
    "void_order": lambda before, after: _is(after, "void") and not _is(before, "void"),
    "fire": _let_go,
}


def _registered(before: Row | None, after: Row | None) -> str:
    """What became of a terminal: it registers itself, whenever it starts for the first time."""
    was, name = (str(row["name"]) if row else "" for row in (before, after))
    if after is None:
        return f"took the terminal {was} away"
    if before is None:
        return f"let the terminal {name} in"
    return f"renamed the terminal {was} to {name}" if was != name else f"changed the role of {name}"


def _stations(line: Row) -> Iterator[str]:
    return (stop.station_id for stop in stops_of(line))


def _names(lines: list[Row], note: Callable[[Row], str] = lambda _: "") -> str:
    shown = [
        " ".join(filter(None, (str(line["qty"]), line["name"], line["variant"]))) + note(line)
        for line in lines[:SHOWN]
    ]
    more = len(lines) - SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
