"""How far an order has come, in the words of front of house. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from kds.domain.absences import Screenless
from kds.domain.receipts import Receipt, StationReceipt
from kds.ui.kit.shapes import Shape
from kds.ui.theme.tokens import ToneName

Step = Literal["done", "next", "later", "alarm"]
PillWords = tuple[str, ToneName, Shape]

_STAGES = ("stored", "server", "painted", "started", "ready")
_STEPS = ("Stored", "Sent", "On screen", "Started", "Ready")


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One link of the chain from the till to the pass."""

    text: str
    step: Step


def names(stations: Sequence[str], most: int = 2) -> str:
    """`Oven`, `Oven, Grill`, `Oven, Grill +2`."""
    rest = len(stations) - most
    return ", ".join(stations[:most]) + (f" +{rest}" if rest > 0 else "")


def chain(receipt: Receipt) -> tuple[ChainStep, ...]:
    """The five steps, and where the order stands on them."""
    reached = _STAGES.index(receipt.stage)
    following: Step = "alarm" if receipt.alarm else "next"
    return tuple(
        ChainStep(text, "done" if n <= reached else following if n == reached + 1 else "later")
        for n, text in enumerate(_STEPS)
    )


def spoken(receipt: Receipt) -> str:
    """The chain as a screen reader says it."""
    return ". ".join([short_words(receipt), *(row[0] for row in station_rows(receipt))])


def receipt_pill(receipt: Receipt) -> PillWords:
    """Where an order is that nobody has begun to cook."""
    if receipt.alarm and receipt.missing:
        return (f"Not on {names(receipt.missing)}", "danger", "triangle")
    match receipt.stage:
        case "stored":
            return ("Stored here", "warn", "half")
        case "server":
            return _half_way(receipt)
        case _:
            return (f"On {names(receipt.seen)}", "ok", "dot")


def _half_way(receipt: Receipt) -> PillWords:
    """On the server, and not on every screen yet."""
    waiting = [one.name for one in receipt.stations if one.queued]
    if receipt.screenless and not receipt.missing:
        return (f"No screen: {names(receipt.screenless)}", "warn", "cross")
    if waiting and not receipt.missing:
        return (f"Next page: {names(waiting)}", "info", "diamond")
    if all(one.later for one in receipt.stations):
        return ("Held", "info", "half")
    return ("Sent", "info", "ring")


def short_words(receipt: Receipt) -> str:
    """The same for a line of text: `Sent, on Oven and Grill`."""
    return receipt_pill(receipt)[0] if receipt.alarm or not _cooking(receipt) else "In the kitchen"


def _cooking(receipt: Receipt) -> bool:
    return receipt.stage in ("started", "ready")


def station_rows(receipt: Receipt, zone: tzinfo | None = None) -> tuple[PillWords, ...]:
    """`Oven: on Oven screen, 18:31`, `Grill, Bar: later`: those of which the same is to be said
    together, with the mark beside it."""
    alike: dict[PillWords, list[str]] = {}
    for one in receipt.stations:
        said = (station_words(one, zone), *station_pill(one, receipt.alarm))
        alike.setdefault(said, []).append(one.name)
    return tuple(
        (f"{', '.join(group)}: {words}", tone, shape)
        for (words, tone, shape), group in alike.items()
    )


def station_words(station: StationReceipt, zone: tzinfo | None = None) -> str:
    """`on Oven screen, 18:31`, `on no screen yet`; the time in `zone` if given."""
    if station.at_work:
        return "at work"
    if station.sight is not None:
        time = f", {station.sight.at.astimezone(zone):%H:%M}" if zone else ""
        return f"on {station.sight.screen}{time}"
    if station.queued:
        return f"on another page of {station.queued}"
    if station.later:
        return "later"
    if station.unattended:
        return "has no screen"
    return "no screen is there" if station.absent else "on no screen yet"


def station_pill(station: StationReceipt, alarm: bool) -> tuple[ToneName, Shape]:
    """The mark beside `station_words`."""
    if station.seen:
        return ("ok", "check" if station.at_work else "dot")
    if station.queued:
        return ("info", "diamond")
    if station.absent and station.missing:
        return ("warn", "cross")
    return ("danger", "triangle") if alarm and station.missing else ("neutral", "ring")


def screenless_text(station: Screenless, now: datetime, zone: tzinfo) -> str:
    """The same for a station that no screen shows, however many orders wait there."""
    name, count = station.name, len(station.orders)
    told = f"No screen has ever shown {name}"
    if station.since is not None:
        at, today = station.since.astimezone(zone), now.astimezone(zone).date()
        told = f"No screen has shown {name} since {at:%H:%M}"
        told += "" if at.date() == today else f" on {at.day} {at:%B}"
    waits = "1 order waits" if count == 1 else f"{count} orders wait"
    return f"{told}. {waits} there. Tell its cooks."


def alarm_text(receipt: Receipt, others: int) -> str:
    """What stands across the till. `others`: how many more orders are not seen."""
    where = " and ".join(receipt.missing)
    text = f"{receipt.number} is not on the screen of {where} after 10 s. Tell the kitchen."
    if others:
        more = "1 more order is" if others == 1 else f"{others} more orders are"
        text += f" {more} waiting too."
    return text
