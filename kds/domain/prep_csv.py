"""Dishes that were made, as a file that spreadsheets and programs read alike. Pure.

RFC 4180: lines end in CRLF, what has a comma, a quote or a line's end in it is quoted. Instants
are ISO 8601 with the branch's offset, times whole seconds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime, tzinfo
from io import StringIO

from kds.domain.prep import House, Made

COLUMNS = (
    "order",
    "type",
    "item",
    "variant",
    "quantity",
    "station",
    "course",
    "cook",
    "placed_at",
    "due_at",
    "started_at",
    "ready_at",
    "order_ready_at",
    "handed_at",
    "seconds",
    "late_after_seconds",
    "late",
)
BOM = b"\xef\xbb\xbf"
"""Spreadsheets take a file without it for one in the code page of the machine."""


def to_csv(made: Iterable[Made], house: House) -> bytes:
    """A line for each dish and station, under a line of `COLUMNS`, in UTF-8."""
    text = StringIO()
    writer = csv.writer(text)  # its own dialect is that of the RFC
    writer.writerow(COLUMNS)
    writer.writerows(_row(dish, house) for dish in made)
    return BOM + text.getvalue().encode("utf-8")


def _row(dish: Made, house: House) -> tuple[object, ...]:
    zone = house.zone
    return (
        dish.number,
        dish.order_type,
        dish.name,
        dish.variant,
        dish.qty,
        house.station_name(dish.station_id),
        dish.course,
        dish.made_by,
        _instant(dish.placed_at, zone),
        _instant(dish.due_at, zone),
        _instant(dish.started_at, zone),
        _instant(dish.ready_at, zone),
        _instant(dish.order_ready_at, zone),
        _instant(dish.handed_at, zone),
        dish.took_s,
        house.late_after_s(dish),
        "yes" if house.is_late(dish) else "no",
    )


def _instant(at: datetime | None, zone: tzinfo) -> str:
    return at.astimezone(zone).isoformat() if at else ""
