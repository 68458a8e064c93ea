"""What the pass says. Pure."""

from __future__ import annotations

from datetime import datetime

from kds.domain.expo import PassTicket, Share
from kds.domain.tickets import TicketLine
from kds.ui.kitchen.words import age_text, wait_text

ON_HOLD, LATER, DONE = "on hold", "later", "ready"


def age_of(since: datetime | None, now: datetime) -> str:
    """How long ago that was; never negative, "" when nobody knows."""
    return age_text(max(0, int((now - since).total_seconds()))) if since else ""


def summary(ticket: PassTicket, now: datetime) -> str:
    """How far an order is: `READY 1:20`, `Waits for Grill 6:12`, `Course 2 is on hold`."""
    if ticket.step != "cook":
        assembled = ticket.step == "hand_over" and ticket.stages > 1
        word = "ASSEMBLED" if assembled else "READY"
        since = ticket.assembled_at if assembled else ticket.ready_since
        return f"{word} {age_of(since, now)}".rstrip()
    slowest = ticket.holding_up(now)
    if slowest is not None:
        return f"Waits for {slowest.station} {age_of(slowest.since, now)}"
    fire_at = ticket.next_fire(now)
    if fire_at is not None:
        return f"Begins in {wait_text(now, fire_at)}"
    held = ticket.held_courses
    return f"Course {held[0]} is on hold" if held else "Being made"


def next_tap(ticket: PassTicket) -> str:
    """What the bump of an order does: `Assemble`, `Hand over`; "" when it is still made."""
    return {"cook": "", "assemble": "Assemble", "hand_over": "Hand over"}[ticket.step]


def refusal(ticket: PassTicket, now: datetime) -> str:
    """Why an order cannot leave yet: `A-017 still waits for Grill`."""
    slowest = ticket.holding_up(now)
    if slowest is not None:
        return f"{ticket.number} still waits for {slowest.station}"
    held = ticket.held_courses
    if held:
        return f"{ticket.number}: course {held[0]} is on hold, fire it first"
    return f"{ticket.number} is still being made"


def share_text(share: Share, now: datetime) -> str:
    """How long a station has had it, else why not: `6:12`, `in 2:15`, `on hold`, `ready`."""
    stand = share.stand(now)
    if stand == "held" and share.since is not None:
        return f"in {wait_text(now, share.since)}"
    said = {"ready": DONE, "held": ON_HOLD, "coming": LATER}
    return said.get(stand) or age_of(share.since, now)


def item_text(line: TicketLine) -> str:
    """`2 Burger L, no onion, extra cheese`."""
    extras = (*(f"no {name}" for name in line.removed), *line.added)
    return ", ".join((f"{line.qty} {line.name} {line.variant}".rstrip(), *extras))


def done_text(share: Share) -> str:
    """What a station has made: `2 Fries · 1 Wings`."""
    return " · ".join(item_text(line) for line in share.lines if line.state == "ready")


def progress_text(share: Share) -> str:
    """`1 of 3`; "" when there is nothing to tell: all of it, or none."""
    return f"{share.done} of {share.pieces}" if 0 < share.done < share.pieces else ""
