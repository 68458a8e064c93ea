"""Verbs about money, the menu and the stock."""

from __future__ import annotations

from kds.domain.args import Args, choice, flag, integer, mapping, text
from kds.domain.effect import Draft
from kds.domain.refusals import Reject
from kds.domain.verbs.finding import find_order

_TENDERS = ("cash", "card")


def pay(draft: Draft, args: Args) -> None:
    order = find_order(draft, args)
    payment = mapping(args, "payment")
    payment_id = text(payment, "id")
    amount = integer(payment, "amount", at_least=1)
    if draft.row("payments", payment_id):
        raise Reject("duplicate payment")
    draft.insert(
        "payments",
        id=payment_id,
        order_id=order["id"],
        device_id=draft.device_id,
        tender=choice(payment, "tender", _TENDERS),
        amount=amount,
        taken_at=draft.at,
        archived_at=None,
    )
    draft.update("orders", order, paid=order["paid"] + amount)


def eighty_six(draft: Draft, args: Args) -> None:
    item = draft.row("menu_items", text(args, "item_id"))
    if item is None:
        raise Reject("unknown item")
    draft.update("menu_items", item, out_since=draft.at if flag(args, "out") else None)


def adjust_stock(draft: Draft, args: Args) -> None:
    stock_item_id = text(args, "stock_item_id")
    if draft.row("stock_items", stock_item_id) is None:
        raise Reject("unknown stock item")
    draft.move_stock(stock_item_id, integer(args, "delta"))
