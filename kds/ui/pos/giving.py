"""Giving an order away and taking its money: when both are done, it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kds.domain.orders import OrderView
from kds.ui.kit import Toast, spawn

if TYPE_CHECKING:
    from kds.session.session import Session

Tender = Literal["cash", "card"]


def hand_over(session: Session, order_id: str, toast: Toast) -> None:
    """To the guest. A paid order is done with; one that is not can be taken back for a while."""
    order = session.store.order(order_id)
    if order is None:
        return
    said = f"{order.number} handed over"
    if order.due == 0:
        spawn(_give_and_close(session, order_id), "hand an order over")
        toast.say(said)
        return

    def take_back() -> None:
        spawn(session.actions.hand_over(order_id, done=False), "take a handing over back")

    spawn(session.actions.hand_over(order_id), "hand an order over")
    toast.say(f"{said}, not paid yet", take_back)


async def take_payment(session: Session, order: OrderView, tender: Tender) -> None:
    """All that is due. A guest who has the food already is done with it."""
    await session.actions.pay(order.id, tender, order.due)
    if order.handed_at is not None:
        await session.actions.close_order(order.id)


async def _give_and_close(session: Session, order_id: str) -> None:
    await session.actions.hand_over(order_id)
    await session.actions.close_order(order_id)
