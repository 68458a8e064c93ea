"""What can be done with a ticket now, as the sheet and the keys offer it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kds.domain.tickets import Ticket, TicketLine
from kds.ui.kitchen.taps import ids_of, lines_of

Do = Literal["start", "bump", "acknowledge", "rush", "hold", "fire", "86", "ask", "reprint"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to do. `on` is False for its opposite: no rush, back on the menu.

    `course`: of hold and fire; None for all.
    """

    act: Do
    text: str
    icon: str
    line_ids: tuple[str, ...] = ()
    course: int | None = None
    item_id: str = ""
    on: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """What a cook often asks, and the answers that take one tap."""

    text: str
    options: tuple[str, ...]


YES_NO = ("Yes", "No")
QUESTIONS = (
    Question("Which temperature?", ("Rare", "Medium", "Well done")),
    Question("Allergy: which?", ("None", "Nuts", "Milk", "Gluten", "Fish")),
    Question("Can it wait?", YES_NO),
    Question("Substitute?", YES_NO),
)


def choices(
    ticket: Ticket,
    picked: Collection[str],
    now: datetime,
    out: Collection[str],
    *,
    can_print: bool,
) -> tuple[Choice, ...]:
    """What makes sense now, the likeliest first.

    `picked`: the lines (`TicketLine.id`) that it is for, the whole ticket when empty. `out`: the
    items that are 86'd. `can_print`: somebody can print.
    """
    lines = lines_of(ticket, picked)
    found = [*_cooking(lines, now, whole=not picked), _rush(ticket)]
    found += [*_pacing(ticket, lines), Choice("ask", "Ask front of house", "question")]
    if can_print:
        found.append(Choice("reprint", "Print again", "printer"))
    return (*found, *_sold_out(lines, out))


def _cooking(lines: tuple[TicketLine, ...], now: datetime, *, whole: bool) -> Iterator[Choice]:
    """A change comes first, as with a tap."""
    flagged = ids_of(line for line in lines if line.flag)
    mine = [line for line in lines if line.to_make(now)]
    fresh = ids_of(line for line in mine if line.state == "sent")
    how_many = " all" if whole else f" {len(lines)} lines" if len(lines) > 1 else ""
    if flagged:
        yield Choice("acknowledge", "Changes seen", "alert", flagged)
    if fresh:
        yield Choice("start", f"Start{how_many}", "play", fresh)
    if mine:
        yield Choice("bump", f"Bump{how_many}", "check", ids_of(mine))


def _rush(ticket: Ticket) -> Choice:
    return Choice("rush", "No rush" if ticket.rush else "Rush", "bolt", on=not ticket.rush)


def _pacing(ticket: Ticket, lines: tuple[TicketLine, ...]) -> Iterator[Choice]:
    """Courses are held and fired as a whole, whichever of their lines were picked."""
    several = len({line.course for line in ticket.lines}) > 1
    for course in sorted({line.course for line in lines if line.open and line.held}):
        text = f"Fire course {course}" if several else "Fire"
        yield Choice("fire", text, "flame", course=course)
    waiting = {line.course for line in lines if line.state == "sent" and not line.held}
    for course in sorted(waiting):
        text = f"Hold course {course}" if several else "Hold"
        yield Choice("hold", text, "pause", course=course)


def _sold_out(lines: tuple[TicketLine, ...], out: Collection[str]) -> Iterator[Choice]:
    names = {line.item_id: line.name for line in lines if line.item_id}
    for item_id, name in names.items():
        if item_id in out:
            yield Choice("86", f"{name} is back", "undo", item_id=item_id, on=False)
        else:
            yield Choice("86", f"86 {name}", "x", item_id=item_id)
