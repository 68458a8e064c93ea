"""What stands on a kitchen ticket of paper, line by line; pure, and without any device.

A strip of 80 mm paper has 42 columns. Large type takes several of them, and its words are broken
for that. Nothing is told by the type alone: it reads the same when the printer has one size only.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Literal

from kds.base.clock import from_iso
from kds.domain.rows import Row
from kds.domain.words import table_words

COLUMNS = 42
Size = Literal["normal", "tall", "double", "huge"]
WIDTHS: Mapping[Size, int] = {"normal": 1, "tall": 1, "double": 2, "huge": 3}
"""How many columns a letter takes. "tall" is twice as high and no wider."""

_TYPES = {"dine_in": "DINE IN", "takeaway": "TAKEAWAY", "delivery": "DELIVERY"}
_PLAIN = str.maketrans(
    {
        "×": "x",
        "·": "-",
        "–": "-",
        "—": "-",
        "…": "...",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "\u00a0": " ",
    }
)


@dataclass(frozen=True, slots=True)
class Printed:
    """One line of paper, no wider than the paper. `band`: white on black."""

    text: str
    size: Size = "normal"
    bold: bool = False
    middle: bool = False
    band: bool = False


def ticket(
    order: Row,
    lines: Iterable[Row],
    menu: Mapping[str, Row],
    *,
    now: datetime,
    zone: tzinfo,
    reprint: bool = True,
) -> tuple[Printed, ...]:
    """The whole ticket of an order; `lines` in any order, `now` is when it is printed.

    `reprint` says so at the top and at the bottom, so that nobody cooks it twice.
    """
    ordered = sorted(lines, key=lambda line: (line["course"], line["position"], line["id"]))
    live = [line for line in ordered if line["state"] != "void"]
    void = [line for line in ordered if line["state"] == "void"]
    mark = [Printed("*** REPRINT ***", "double", bold=True, middle=True)] if reprint else []
    return (
        *mark,
        *_head(order, zone),
        *_courses(live, menu),
        *_voided(void),
        Printed("=" * COLUMNS),
        *mark,
        Printed(f"printed {now.astimezone(zone):%d.%m. %H:%M}", middle=True),
    )


def plain(text: str) -> str:
    """`text` in characters that the printers' code pages have, on one line."""
    joined = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return " ".join("".join(c if c.isprintable() else " " for c in joined).split())


def _head(order: Row, zone: tzinfo) -> Iterator[Printed]:
    yield from _broken(order["number"], "huge", bold=True, middle=True)
    table = table_words(order["table_name"]) or order["customer"]
    place = "  ".join(filter(None, (_TYPES.get(order["type"], ""), table)))
    yield from _broken(place, "double", middle=True)
    urgent = [word for word, on in (("RUSH", order["rush"]), ("VIP", order.get("vip"))) if on]
    if urgent:
        yield Printed(f" {' - '.join(urgent)} ", "double", bold=True, middle=True, band=True)
    placed = f"{from_iso(order['placed_at']).astimezone(zone):%H:%M}"
    yield from _broken(" ".join(filter(None, (placed, order["server"]))), middle=True)
    if promised := order.get("promised_at"):
        due = f"Promised {from_iso(promised).astimezone(zone):%H:%M}"
        yield Printed(due, "tall", bold=True, middle=True)
    if order["note"]:
        yield from _broken(f"* {order['note']}", "tall", bold=True)


def _courses(lines: list[Row], menu: Mapping[str, Row]) -> Iterator[Printed]:
    several = len({line["course"] for line in lines}) > 1
    for course, group in groupby(lines, key=lambda line: line["course"]):
        mine = list(group)
        held = any(line.get("held") for line in mine)
        name = f" COURSE {course} " if several or held else ""
        yield Printed(f"{name}{'- HOLD ' if held else ''}".center(COLUMNS, "-"), bold=bool(name))
        for line in mine:
            yield from _line(line, menu.get(line["item_id"]))


def _line(line: Row, item: Row | None) -> Iterator[Printed]:
    done = " (done)" if line["state"] == "ready" else ""
    yield from _broken(f"{_piece(line)}{done}", "tall", bold=True, hang=4)
    for modifier in line["modifiers"]:
        mark = "NO" if modifier["kind"] == "remove" else "+"
        yield from _broken(f"{mark} {modifier['name']}", indent=4, bold=mark == "NO")
    if item is not None and item["allergens"]:
        yield from _broken(f"! ALLERGENS: {', '.join(item['allergens'])}", indent=4, bold=True)
    if line["note"]:
        yield from _broken(f"* {line['note']}", indent=4)
    if line["seat"] is not None:
        yield Printed(f"    Seat {line['seat']}")


def _voided(lines: list[Row]) -> Iterator[Printed]:
    if lines:
        yield Printed(" VOID: DO NOT MAKE ".center(COLUMNS, "-"), bold=True)
    for line in lines:
        yield from _broken(f"VOID {_piece(line)}", hang=5)


def _piece(line: Row) -> str:
    return f"{line['qty']}x {line['name']} {line['variant']}".rstrip()


def _broken(
    text: str,
    size: Size = "normal",
    *,
    bold: bool = False,
    middle: bool = False,
    indent: int = 0,
    hang: int = 2,
) -> Iterator[Printed]:
    """As many lines as the words need; those after the first hang in by `hang`."""
    first = " " * indent
    later = first if middle else first + " " * hang
    rows = textwrap.wrap(
        plain(text), COLUMNS // WIDTHS[size], initial_indent=first, subsequent_indent=later
    )
    return (Printed(row, size, bold, middle) for row in rows)
