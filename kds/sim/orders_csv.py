"""Real orders from a CSV file: one line an item sold, all of it checked before any is used."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from kds.base.errors import InputError
from kds.base.money import parse_money
from kds.domain.rows import OrderType
from kds.sim.service import SimLine, SimOrder, slug, title

COLUMNS = ("id", "date", "time", "name", "size", "type", "price")
MAX_BYTES = 256 * 1024 * 1024
_MAX_TEXT = 300


@dataclass(frozen=True, slots=True)
class Sale:
    """One checked line of the file."""

    order: str
    at: datetime  # local wall clock
    line: SimLine


def parse_columns(text: str) -> dict[str, str]:
    """`"id=order_no,type=kind"` -> `{"id": "order_no", "type": "kind"}`.

    Raises InputError for a name that is not one of COLUMNS.
    """
    mapping: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        ours, separator, theirs = pair.partition("=")
        if not separator or ours.strip() not in COLUMNS:
            raise InputError(
                f"--columns: {pair!r} is not OURS=THEIRS with OURS one of {', '.join(COLUMNS)}."
            )
        mapping[ours.strip()] = theirs.strip()
    return mapping


def read_sales(
    path: Path, columns: Mapping[str, str] | None = None, currency: str = "USD"
) -> list[Sale]:
    """Every line of the file, checked.

    Raises InputError with the number of the first bad line; nothing is half read.
    """
    names = {ours: (columns or {}).get(ours, ours) for ours in COLUMNS}
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        _check_columns(path, reader.fieldnames or (), names)
        sales = [_sale(path, reader.line_num, row, names, currency) for row in reader]
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.reader.line_num}: {error}") from None
    if not sales:
        raise InputError(f"{path}: there are no orders in it.")
    return sales


def _check_columns(path: Path, found: Sequence[str], names: Mapping[str, str]) -> None:
    missing = [theirs for theirs in names.values() if theirs not in found]
    if missing:
        raise InputError(
            f"{path}: no column {', '.join(map(repr, missing))}. The file has: "
            f"{', '.join(found)[:_MAX_TEXT] or 'nothing'}. "
            "Name other columns with --columns, for example --columns id=order_no."
        )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: larger than {MAX_BYTES >> 20} MB.")
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}, line {line}: not UTF-8 text (byte 0x{raw[error.start]:02x}). "
            "Save the file as UTF-8 and try again; nothing was imported."
        ) from None


def _sale(
    path: Path, number: int, row: Mapping[str, str | None], names: Mapping[str, str], currency: str
) -> Sale:
    value = {ours: (row.get(theirs) or "").strip() for ours, theirs in names.items()}
    try:
        if not value["id"] or not value["name"]:
            raise ValueError("the order id and the item's name must not be empty")
        price = parse_money(value["price"], currency)
        if price < 0:
            raise ValueError(f"the price {value['price']} is negative")
        at = datetime.combine(date.fromisoformat(value["date"]), time.fromisoformat(value["time"]))
        if at.tzinfo is not None:
            raise ValueError("the time must be that of the restaurant's clock, without an offset")
    except ValueError as error:
        said = str(error)[:_MAX_TEXT]
        raise InputError(f"{path}, line {number}: {said}. Nothing was imported.") from None
    line = SimLine(
        item_id=slug(value["name"]),
        name=title(value["name"]),
        variant=value["size"],
        category=slug(value["type"]) if value["type"] else "other",
        qty=1,
        price=price,
    )
    return Sale(value["id"], at, line)


def orders_of(sales: Iterable[Sale], day: date | None = None) -> tuple[SimOrder, ...]:
    """The orders of one day (of the first day when None), equal lines merged, first one at 0 s.

    Raises InputError when that day has none.
    """
    everything = list(sales)
    chosen = day or min(sale.at for sale in everything).date()
    by_order: dict[str, list[Sale]] = {}
    for sale in everything:
        if sale.at.date() == chosen:
            by_order.setdefault(sale.order, []).append(sale)
    if not by_order:
        first, last = (pick(s.at for s in everything).date() for pick in (min, max))
        raise InputError(f"There are no orders on {chosen}; the file covers {first} to {last}.")
    start = min(group[0].at for group in by_order.values())
    orders = sorted(by_order.items(), key=lambda item: (item[1][0].at, item[0]))
    return tuple(_order(key, group, start, n) for n, (key, group) in enumerate(orders))


def _order(key: str, sales: list[Sale], start: datetime, index: int) -> SimOrder:
    kind, table, customer = _guest(index)
    return SimOrder(
        key=key,
        at_s=(sales[0].at - start).total_seconds(),
        type=kind,
        table_name=table,
        customer=customer,
        lines=tuple(_merged(sale.line for sale in sales)),
    )


def _merged(lines: Iterable[SimLine]) -> Iterator[SimLine]:
    for line, count in Counter(lines).items():
        yield SimLine(line.item_id, line.name, line.variant, line.category, count, line.price)


def _guest(index: int) -> tuple[OrderType, str, str]:
    """The file does not know where a guest sat; a fixed round of guests stands in."""
    if index % 5 == 3:
        return "takeaway", "", ("Amara", "Jonas", "Mei", "Priya", "Luca")[index // 5 % 5]
    if index % 10 == 9:
        return "delivery", "", ("Okafor", "Lindqvist", "Tanaka")[index // 10 % 3]
    return "dine_in", f"T{index * 7 % 24 + 1}", ""
