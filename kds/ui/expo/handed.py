"""Orders that were handed over lately, to take one back to the pass."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest

from kds.base.clock import from_iso
from kds.domain.rows import Row
from kds.session.store import Store
from kds.ui.kitchen.recall import LIMIT, Bumped
from kds.ui.kitchen.words import whose


def handed(store: Store, limit: int = LIMIT, search: str = "") -> tuple[Bumped, ...]:
    """The open orders that were handed over last, newest first.

    `search`: words that all stand in the number, the table, the customer or the dishes.
    """
    words = search.casefold().split()
    gone = (order for order in store.rows("orders").values() if _gone(order))
    found = (_describe(order, store.lines_of(order["id"])) for order in gone)
    matching = (entry for entry in found if _matches(entry, words))
    return tuple(nlargest(limit, matching, key=lambda entry: (entry.at, entry.order_id)))


def _gone(order: Row) -> bool:
    return order["state"] == "open" and bool(order.get("handed_at"))


def _describe(order: Row, lines: Iterable[Row]) -> Bumped:
    live = [line for line in lines if line["state"] != "void"]
    return Bumped(
        order_id=order["id"],
        number=order["number"],
        where=whose(order["type"], order["table_name"], order["customer"]),
        line_ids=tuple(line["id"] for line in live),
        what=", ".join(f"{line['qty']} {line['name']} {line['variant']}".rstrip() for line in live),
        at=from_iso(order["handed_at"]),
    )


def _matches(entry: Bumped, words: Iterable[str]) -> bool:
    text = f"{entry.number} {entry.where} {entry.what}".casefold()
    return all(word in text for word in words)
