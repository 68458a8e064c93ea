"""What a command asks for, and what somebody did, in words for the person at a screen. Pure.

Args may be of an older version or plain wrong (that may be why they were refused), so whatever
is missing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from kds.base.money import format_money
from kds.domain.commands import Command
from kds.domain.rows import Row
from kds.domain.setup import told

RowOf = Callable[[str, str], Row | None]
"""`(table, id)`: the row as this terminal has it."""

SHOWN: Final = 3
"""Lines named one by one; the rest is counted."""

_DID: Final = {
    "place_order": "sent",
    "add_lines": "added",
    "start": "started",
    "bump": "bumped",
    "recall": "recalled",
    "void_line": "voided",
    "void_order": "voided",
    "close_order": "closed",
    "pay": "took money for",
    "eighty_six": "86'd or brought back",
    "adjust_stock": "counted",
    "change_qty": "changed the quantity of",
    "acknowledge": "saw the change of",
    "fire": "fired",
    "hold": "held",
    "mark": "marked",
    "ask": "asked about",
    "answer": "answered about",
    "assemble": "assembled",
    "hand_over": "handed over",
    "cover": "covered, or took back,",
    "set_up": "set up",
}
_OF_LINES: Final = {
    "start": "Start",
    "bump": "Bump",
    "recall": "Recall",
    "acknowledge": "Acknowledge",
}
_TENDERS: Final = {"cash": "in cash", "card": "by card"}


def table_words(table_name: str) -> str:
    """`4` -> `Table 4`; a table with a name of its own is called by that: `Terrace 3`."""
    return f"Table {table_name}" if table_name[:1].isdigit() else table_name


def title(command: Command, row_of: RowOf, currency: str) -> str:
    """What the command asks for: `Add 2 x Margherita`, `Take €24.00 in cash`."""
    args = command.args
    match command.kind:
        case "place_order" | "add_lines":
            return f"Add {_listed(map(_new_line, _objects(args.get('lines'))), 'an order')}"
        case "start" | "bump" | "recall" | "acknowledge":
            lines = (_line(row_of, line_id) for line_id in args.get("line_ids") or ())
            return f"{_OF_LINES[command.kind]} {_listed(lines, 'lines')}"
        case "void_line":
            return f"Void {_line(row_of, args.get('line_id')) or 'a line'}"
        case "change_qty":
            return f"Make it {args.get('qty')}: {_line(row_of, args.get('line_id')) or 'a line'}"
        case "void_order":
            return "Void the order"
        case "close_order":
            return "Close the order"
        case "pay":
            return _payment(args.get("payment"), currency)
        case "fire" | "hold":
            return f"{command.kind.capitalize()} {_course(args.get('course'))}"
        case "mark":
            return _marks(args)
        case "ask" | "answer":
            return _question(command)
        case "assemble" | "hand_over":
            return _at_the_pass(command)
        case "cover":
            return _cover(args, row_of)
        case "set_up":
            return _set_up(args, row_of)
        case "eighty_six":
            item = name_of(row_of, "menu_items", args.get("item_id")) or "an item"
            return f"86 {item}" if args.get("out") else f"Bring back {item}"
        case "adjust_stock":
            return _stock(args, row_of)
    return str(command.kind).replace("_", " ").capitalize()


def category_name(category: str) -> str:
    """What a tab says: `hot_drinks` is `Hot Drinks`."""
    return category.replace("_", " ").title()


def deed(kind: str | None, row: Row) -> str:
    """What somebody did to a row: `bumped Margherita`."""
    did = _DID.get(kind or "", "changed")
    return f"{did} {row.get('name') or row.get('number') or ''}".rstrip()


def sentence(text: str) -> str:
    """A reason as the server words it, as a sentence."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def amount_of(command: Command) -> int:
    """The money that a payment is about, in minor units; 0 for everything else."""
    payment = command.args.get("payment")
    amount = payment.get("amount") if isinstance(payment, Mapping) else None
    return amount if command.kind == "pay" and isinstance(amount, int) else 0


def tender_of(command: Command) -> str:
    """How a payment was taken: `in cash`; empty when that is unknown, or when it is none."""
    payment = command.args.get("payment")
    return _TENDERS.get(str(payment.get("tender")), "") if isinstance(payment, Mapping) else ""


def name_of(row_of: RowOf, table: str, pk: Any) -> str:
    row = row_of(table, pk) if isinstance(pk, str) else None
    return str(row["name"]) if row else ""


def _listed(names: Iterable[str], nothing: str) -> str:
    found = [name for name in names if name]
    shown = ", ".join(found[:SHOWN])
    if len(found) > SHOWN:
        return f"{shown} and {len(found) - SHOWN} more"
    return shown or nothing


def _line(row_of: RowOf, line_id: Any) -> str:
    row = row_of("order_lines", line_id) if isinstance(line_id, str) else None
    return _new_line(row) if row else ""


def _new_line(line: Mapping[str, Any]) -> str:
    name = " ".join(str(part) for part in (line.get("name"), line.get("variant")) if part)
    return f"{line.get('qty', 1)} x {name}" if name else ""


def _payment(payment: Any, currency: str) -> str:
    fields = payment if isinstance(payment, Mapping) else {}
    amount = fields.get("amount")
    money = format_money(amount, currency) if isinstance(amount, int) else "money"
    return f"Take {money} {_TENDERS.get(str(fields.get('tender')), '')}".rstrip()


def _course(course: Any) -> str:
    return f"course {course}" if isinstance(course, int) else "all courses"


def _marks(args: Mapping[str, Any]) -> str:
    names = {"rush": "rush", "vip": "VIP"}
    marks = [name if args[key] else f"not {name}" for key, name in names.items() if key in args]
    return f"Mark as {' and '.join(marks)}" if marks else "Mark the order"


def _question(command: Command) -> str:
    """`Ask: No nuts?`, `Answer: Yes`."""
    if command.kind == "answer":
        return f"Answer: {command.args.get('answer', '')}"
    question = command.args.get("question")
    return f"Ask: {question.get('text', '')}" if isinstance(question, Mapping) else "Ask"


def _at_the_pass(command: Command) -> str:
    done = command.args.get("done", True)
    if command.kind == "assemble":
        return "Assemble the order" if done else "Not assembled after all"
    return "Hand over the order" if done else "Take the order back to the pass"


def _cover(args: Mapping[str, Any], row_of: RowOf) -> str:
    station = name_of(row_of, "stations", args.get("station_id")) or "a station"
    by = name_of(row_of, "stations", args.get("by"))
    return f"Let {by} stand in for {station}" if by else f"Give {station} its work back"


def _set_up(args: Mapping[str, Any], row_of: RowOf) -> str:
    """`Set up Grill: late after 8 min`."""
    values = args.get("values")
    settings = values if isinstance(values, Mapping) else {}
    name = name_of(row_of, str(args.get("table")), args.get("id"))
    what = told(settings, lambda station_id: name_of(row_of, "stations", station_id))
    return f"Set up {name or 'the kitchen'}{': ' if what else ''}{what}"


def _stock(args: Mapping[str, Any], row_of: RowOf) -> str:
    pk, delta = args.get("stock_item_id"), args.get("delta")
    row = row_of("stock_items", pk) if isinstance(pk, str) else None
    if row is None or not isinstance(delta, int):
        return "Count the stock"
    amount = f"{abs(delta)} {row['unit']} {row['name']}"
    return f"Add {amount}" if delta >= 0 else f"Take out {amount}"


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
