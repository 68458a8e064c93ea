"""What the attention sheet says, and what it asks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from kds.base.money import format_money
from kds.session.attention import Stuck, Theirs
from kds.session.status import Status
from kds.ui.kit.rowlist import RowSpec
from kds.ui.kit.shapes import Shape
from kds.ui.theme.tokens import ToneName

REASONS = ("Guest changed their mind", "Done another way", "Sent twice", "Guest left")
"""Why something other than money is dropped, as one tap each."""

SHOWN_BEHIND = 4
IN_CART = "Its lines are in the cart. Send or empty the cart first."
OFFLINE = "No connection: your decision counts now and is sent when it is back."
UNKNOWN = "Not known"

PillWords = tuple[str, ToneName, Shape]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the two sides of a conflict."""

    name: str
    yours: str
    theirs: str

    @property
    def differs(self) -> bool:
        return self.yours != self.theirs


def pill(item: Stuck, in_cart: bool = False) -> PillWords:
    """What is the matter with it."""
    if in_cart:
        return ("In the cart", "info", "dot")
    if item.result == "conflict":
        return ("Conflict", "warn", "diamond")
    return ("Unreadable" if item.result == "unreadable" else "Refused", "danger", "triangle")


def row(item: Stuck, currency: str, in_cart: bool = False) -> RowSpec:
    """The op in the list."""
    money = format_money(item.money, currency) if item.money else ""
    return RowSpec(
        title=number(item) or item.title,
        subtitle=item.title if number(item) else "",
        value=money,
        pill=pill(item, in_cart),
    )


def spoken(item: Stuck) -> str:
    """The op as a screen reader says it."""
    return f"{pill(item)[0]}: {name(item)}. {item.reason}"


def number(item: Stuck) -> str:
    """The order's number; empty when the title says already what it is about."""
    return "" if item.number in item.title else item.number


def asked(item: Stuck, zone: tzinfo) -> str:
    """Who wanted it, and when: `Mia, 12:03:10`; of an entry that cannot be read, its day too."""
    if item.result == "unreadable":
        at = item.at.astimezone(zone)
        return f"{at.day} {at:%B, %H:%M:%S}"
    return ", ".join(filter(None, (item.who, clock(item.at, zone))))


def clock(at: datetime | None, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}" if at else ""


def behind(item: Stuck) -> str:
    """What waits for the decision, a line each; empty when nothing does."""
    if not item.behind:
        return ""
    count = len(item.behind)
    head = "1 more waits behind it:" if count == 1 else f"{count} more wait behind it:"
    lines = [f"•  {title}" for title in item.behind[:SHOWN_BEHIND]]
    rest = [f"•  and {count - SHOWN_BEHIND} more"] if count > SHOWN_BEHIND else []
    return "\n".join([head, *lines, *rest])


# -- a conflict ---------------------------------------------------------------------------


def facts(item: Stuck, zone: tzinfo) -> tuple[Fact, ...]:
    """The two sides, line by line."""
    theirs = item.theirs or Theirs("", "", "", None)
    did = theirs.what[:1].upper() + theirs.what[1:]
    return (
        Fact("What", item.title, did or "Changed it"),
        Fact("Who", item.who or UNKNOWN, theirs.who or UNKNOWN),
        Fact("Where", "This screen", theirs.where or UNKNOWN),
        Fact("When", clock(item.at, zone), clock(theirs.at, zone) or UNKNOWN),
    )


def what_happened(item: Stuck, zone: tzinfo) -> str:
    """`Anna bumped Margherita on Pass at 12:03:10.`, and what that means."""
    theirs = item.theirs
    if theirs is None:
        return item.reason
    at, where = clock(theirs.at, zone), theirs.where
    parts = (
        theirs.who or "Somebody",
        theirs.what,
        f"on {where}" if where and where != theirs.who else "",
        f"at {at}" if at else "",
    )
    return f"{' '.join(filter(None, parts))}. {item.reason}".strip()


def anyway_means(item: Stuck) -> str:
    """What "Do mine anyway" leads to."""
    if item.kind == "void_line":
        return "Counts as waste. Not charged."
    if item.kind == "change_qty":
        return "The bill follows. The kitchen makes no more: send that as a new line."
    return "What they did is overruled."


KEEPING_MEANS = "What they did stands."


# -- dropping -----------------------------------------------------------------------------


def question(item: Stuck, currency: str) -> str:
    """`Discard $24.00 taken in cash?`"""
    if item.money:
        taken = f"taken {item.tender}".rstrip()
        return f"Discard {format_money(item.money, currency)} {taken}?"
    return f"Discard “{item.title}”?"


def discard_means(item: Stuck) -> str:
    """What comes of it, said before it is done."""
    if item.money:
        return "The restaurant will not know of this money. Say where it is. Your reason is kept."
    if item.behind:
        return "What waits behind it is sent. Why is it not needed?"
    return "Why is it not needed?"


def discard_button(item: Stuck, currency: str) -> str:
    return f"Discard {format_money(item.money, currency)}" if item.money else "Discard"


# -- afterwards ---------------------------------------------------------------------------


def name(item: Stuck) -> str:
    """The op in a sentence: `A-017, Add 2 x Margherita`."""
    return ", ".join(filter(None, (number(item), item.title)))


def sent_again(item: Stuck, status: Status) -> str:
    if status.link != "connected" and not status.polling:
        return f"Will be sent when the connection is back: {name(item)}."
    return f"Sent again: {name(item)}. If it is refused again, it comes back here."


def discarded(item: Stuck) -> str:
    more = " What waited behind it was sent." if item.behind else ""
    return f"Discarded: {name(item)}.{more}"


def kept(item: Stuck) -> str:
    return f"Kept theirs: {item.theirs.what if item.theirs else item.number}."


def done_anyway(item: Stuck, status: Status) -> str:
    when = "" if status.link == "connected" or status.polling else " It goes when you are online."
    return f"Done anyway: {name(item)}.{when}"


def asked_again(item: Stuck) -> str:
    return f"Asked for again: {name(item)}."


def heading(items: Sequence[Stuck]) -> str:
    """`3 need you, 5 wait behind`."""
    if not items:
        return "What needs you"
    waiting = sum(len(item.behind) for item in items)
    need = "1 needs you" if len(items) == 1 else f"{len(items)} need you"
    wait = "1 waits" if waiting == 1 else f"{waiting} wait"
    return f"{need}, {wait} behind" if waiting else need
