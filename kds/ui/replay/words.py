"""What the replay says: days, instants, deeds, jams. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from kds.domain.replay.deeds import Deed
from kds.session.replay import Service

_LATEST: Final = (("The last hour", timedelta(hours=1)), ("The last 4 hours", timedelta(hours=4)))


@dataclass(frozen=True, slots=True)
class Choice:
    """A service to choose. `place` counts from 0 in the list."""

    place: int
    title: str
    hint: str
    value: str
    start: datetime
    end: datetime


def choices(services: Sequence[Service], now: datetime, zone: tzinfo) -> tuple[Choice, ...]:
    """What there is to replay: the latest hours, while they have something, and the days."""
    recent = [
        (words, "Until now", "", now - span, now)
        for words, span in _LATEST
        if any(service.end > now - span for service in services)
    ]
    days = [
        (
            day_words(service.day, now.astimezone(zone).date()),
            f"{clock(service.start, zone)} to {clock(service.end, zone)}",
            "1 order" if service.orders == 1 else f"{service.orders} orders",
            service.start,
            service.end,
        )
        for service in services
    ]
    return tuple(Choice(place, *found) for place, found in enumerate(recent + days))


def day_words(day: date, today: date) -> str:
    """`Today`, `Yesterday`, or `Thursday 26 November`."""
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return f"{day:%A} {day.day} {day:%B}"


def clock(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def exact(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%H:%M:%S}"


def short_day(at: datetime, zone: tzinfo) -> str:
    """`Thu 26 Nov`"""
    there = at.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b}"


def speed_words(speed: float) -> str:
    """`0.5×`, `30×`"""
    return f"{speed:g}×"


def deed_hint(deed: Deed, zone: tzinfo) -> str:
    """`19:42:10 · Oven 1`, and when it was tapped if the server heard of it late."""
    tapped = f" · tapped {exact(deed.tapped_at, zone)}, sent late" if deed.tapped_at else ""
    return f"{exact(deed.at, zone)} · {deed.who}{tapped}"


def sentence(deed: Deed) -> str:
    """What was done, as the title of a row."""
    return deed.what[:1].upper() + deed.what[1:]


def jam_words(worst: tuple[datetime, int, int] | None, zone: tzinfo) -> str:
    """`Worst at 20:05: 12 late`"""
    if worst is None:
        return "Nothing was late"
    at, late, _ = worst
    return f"Worst at {clock(at, zone)}: {late} late"


def load_words(open_lines: int, late: int) -> str:
    """`31 lines open, 4 late`"""
    lines = "1 line open" if open_lines == 1 else f"{open_lines} lines open"
    return f"{lines}, {late} late" if late else lines


def chosen_deeds(
    deeds: Iterable[Deed], typed: str, station_id: str, numbers_of: dict[str, str]
) -> tuple[Deed, ...]:
    """The deeds at a station ("" for all) that have what was typed, in any case.

    A typed order number (`a17`, `A-017`) finds that order's deeds alone. `numbers_of`: the orders
    of this service, `a017` -> id; see `plain`.
    """
    here = [deed for deed in deeds if not station_id or station_id in deed.stations]
    order_id = numbers_of.get(plain(typed))
    if order_id is not None:
        return tuple(deed for deed in here if order_id in deed.order_ids)
    wanted = typed.strip().casefold()
    return tuple(deed for deed in here if wanted in deed.text.casefold())


def plain(number: str) -> str:
    """`A-017` and `a17` -> `a17`: an order number as a hurried person types it."""
    letters = "".join(c for c in number.casefold() if c.isalpha())
    digits = "".join(c for c in number if c.isdigit())
    return f"{letters}{digits.lstrip('0')}" if letters and digits else ""
