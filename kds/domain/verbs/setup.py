"""Setting the kitchen up: which station makes what, when a dish is late, how many steps the pass
has. Only the named settings of a row change; the last one who sets them is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from kds.domain.args import Args, choice, flag, mapping, optional_text, text, texts
from kds.domain.effect import Draft
from kds.domain.refusals import Reject
from kds.domain.rows import OrderType, Row

RowOf = Callable[[str, str], Row | None]
Reader = Callable[[Args, str], Any]

MOST_STAGES: Final = 9
LONGEST_S: Final = 86_400
ORDER_TYPES: Final = get_args(OrderType)


def set_up(draft: Draft, args: Args) -> None:
    table, row, settings = _read(draft.row, args)
    draft.update(table, row, **settings)


def refusal(row_of: RowOf, table: str, pk: str, values: Mapping[str, Any]) -> str:
    """Why `set_up` would be refused; "" when it would not."""
    try:
        _read(row_of, {"table": table, "id": pk, "values": values})
    except Reject as refused:
        return str(refused)
    return ""


def _read(row_of: RowOf, args: Args) -> tuple[str, Row, dict[str, Any]]:
    """The table, the row as it is, and the fields of it that change."""
    table = choice(args, "table", tuple(_SETTINGS))
    row = row_of(table, text(args, "id"))
    if row is None:
        raise Reject(f"unknown {_ONE[table]}")
    values, readers = mapping(args, "values"), _SETTINGS[table]
    if unknown := min(values.keys() - readers, default=None):
        raise Reject(f"{table} have no setting {unknown}")
    settings = {name: read(values, name) for name, read in readers.items() if name in values}
    _judge_backup(row_of, row, settings.get("backup_id"))
    if {"warn_after_s", "late_after_s"} & settings.keys():
        after = {**row, **settings}
        _judge_ages(after.get("warn_after_s"), after.get("late_after_s"))
    if "type_ages" in settings:
        settings["type_ages"] = _type_ages_after(row, settings["type_ages"])
    return table, row, settings


def _judge_backup(row_of: RowOf, station: Row, backup_id: str | None) -> None:
    if backup_id and row_of("stations", backup_id) is None:
        raise Reject("unknown stand-in")
    if backup_id and backup_id == station["id"]:
        raise Reject(f"{station['name']} cannot stand in for itself")


def _judge_ages(warn_after_s: int | None, late_after_s: int | None) -> None:
    if warn_after_s is not None and late_after_s is not None and late_after_s <= warn_after_s:
        raise Reject("late must come after due")


def _type_ages_after(branch: Row, named: Mapping[str, Any]) -> dict[str, Any]:
    """The types that are named get their ages, or lose them; the others keep theirs."""
    ages = {**(branch.get("type_ages") or {}), **named}
    return {order_type: pair for order_type, pair in ages.items() if pair is not None}


# -- reading one setting --------------------------------------------------------------------------


def _whole(least: int, most: int) -> Reader:
    def read(values: Args, name: str) -> int:
        value: Any = values.get(name)
        if not _is_whole(value) or not least <= value <= most:
            raise Reject(f"{name} must be a whole number from {least} to {most}")
        return int(value)

    return read


def _or_none(read: Reader) -> Reader:
    return lambda values, name: None if values.get(name) is None else read(values, name)


def _list(values: Args, name: str) -> list[str]:
    return list(texts(values, name, at_least=0))


def _ages_of_types(values: Args, name: str) -> dict[str, Any]:
    ages = mapping(values, name)
    pairs = [pair for pair in ages.values() if pair is not None]
    if not ages.keys() <= set(ORDER_TYPES):
        raise Reject(f"{name} must be of {', '.join(ORDER_TYPES)}")
    if not all(map(_is_pair, pairs)):
        raise Reject(f"{name} must be pairs of whole numbers from 1 to {LONGEST_S}")
    for warn, late in pairs:
        _judge_ages(warn, late)
    return dict(ages)


def _is_pair(value: Any) -> bool:
    fits = isinstance(value, list) and len(value) == 2
    return fits and all(_is_whole(one) and 1 <= one <= LONGEST_S for one in value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_AGE: Final = _whole(1, LONGEST_S)
_ONE: Final = {"stations": "station", "branches": "branch", "menu_items": "item"}
_SETTINGS: Final[dict[str, dict[str, Reader]]] = {
    "stations": {
        "name": text,
        "position": _whole(0, 9999),
        "warn_after_s": _AGE,
        "late_after_s": _AGE,
        "backup_id": optional_text,
        "stage": _whole(1, MOST_STAGES),
        "categories": _list,
        "items": _list,
        "modifiers": _list,
        "unattended": flag,
    },
    "branches": {
        "name": text,
        "expo_stages": _whole(1, 2),
        "type_ages": _ages_of_types,
    },
    "menu_items": {
        "prep_s": _whole(0, LONGEST_S),
        "warn_after_s": _or_none(_AGE),
        "late_after_s": _or_none(_AGE),
    },
}
