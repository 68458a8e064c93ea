"""What a tap on a ticket means, given what is known of it. Pure.

A change comes first: what a cook has not acknowledged is acknowledged before it is bumped, so that
nobody sends food away without having seen that it was changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kds.domain.tickets import Ticket, TicketLine
from kds.ui.kitchen.display import Tap

Verb = Literal["acknowledge", "start", "bump", "wait", "nothing"]


@dataclass(frozen=True, slots=True)
class Meant:
    """`wait`: the lines are held, or their time has not come."""

    verb: Verb
    line_ids: tuple[str, ...] = ()


def meant(ticket: Ticket, line_id: str, tap: Tap, now: datetime) -> Meant:
    """A tap on a line, or with "" on the ticket as a whole."""
    lines = [line for line in ticket.lines if line_id in ("", line.id)]
    flagged = ids_of(line for line in lines if line.flag)
    if flagged:
        return Meant("acknowledge", flagged)
    mine = [line for line in lines if line.to_make(now)]
    fresh = ids_of(line for line in mine if line.state == "sent")
    if tap == "start" and fresh:
        return Meant("start", fresh)
    if mine:
        return Meant("bump", ids_of(mine))
    return Meant("wait" if any(line.open for line in lines) else "nothing")


def lines_of(ticket: Ticket, line_ids: Collection[str]) -> tuple[TicketLine, ...]:
    """The ticket's lines of which at least one id is among these; all when there are none."""
    wanted = set(line_ids)
    found = (line for line in ticket.lines if not wanted or wanted.intersection(line.all_ids))
    return tuple(found)


def ids_of(lines: Iterable[TicketLine]) -> tuple[str, ...]:
    """The row ids of these lines: equal lines are shown as one."""
    return tuple(one for line in lines for one in line.all_ids)
