"""The verbs: what a person at this device can do.

Each is durable before it returns and shows on the own screen at once. A refusal raises nothing:
it comes back from the server as a notice and in the status. Only a device that the hub has never
seen cannot act: it has no letter for its orders and no menu.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal

from kds.base.errors import KdsError
from kds.base.ids import NewId
from kds.domain.cart import Cart, new_lines
from kds.domain.commands import Command, Kind
from kds.session.device import Device
from kds.session.store import Store

NOT_SET_UP = "This till has not been set up yet: connect it to the hub once."

Submit = Callable[[Kind, str, str, dict[str, Any]], Awaitable[Command]]
"""`(kind, lane, actor, args)`: writes a command down and shows its effect."""


class Actions:
    """Taps take effect in the order they were made, however long one takes to be written.

    `device` tells who this is, `next_number` assigns the next order number (durably),
    `actor` is the name that taps are credited to.
    """

    def __init__(
        self,
        store: Store,
        submit: Submit,
        *,
        device: Callable[[], Device | None],
        next_number: Callable[[Device], Awaitable[str]],
        actor: str,
        new_id: NewId,
    ) -> None:
        self._store = store
        self._submit = submit
        self._device = device
        self._next_number = next_number
        self._actor = actor
        self._new_id = new_id
        self._turn = asyncio.Lock()  # wakes its waiters in the order they came

    # -- front of house -------------------------------------------------------------------

    async def place_order(self, cart: Cart, server: str = "") -> str:
        """Send the cart to the kitchen; the id of the new order. `server`: who serves it."""
        device = self._set_up()
        order_id = self._new_id()
        lines = self._lines(cart)
        async with self._turn:
            order = {
                "id": order_id,
                "number": await self._next_number(device),
                "type": cart.type,
                "table_name": cart.table_name,
                "customer": cart.customer,
                "server": server or self._actor,
                "note": cart.note,
                "rush": cart.rush,
            }
            args = {"order": order, "lines": lines}
            await self._submit("place_order", order_id, self._actor, args)
        return order_id

    async def add_lines(self, order_id: str, cart: Cart) -> None:
        """Send the cart's lines as more of an open order."""
        await self._on_order("add_lines", order_id, lines=self._lines(cart))

    async def void_line(self, order_id: str, line_id: str, reason: str) -> None:
        await self._on_order("void_line", order_id, line_id=line_id, reason=reason)

    async def void_order(self, order_id: str, reason: str) -> None:
        await self._on_order("void_order", order_id, reason=reason)

    async def close_order(self, order_id: str) -> None:
        await self._on_order("close_order", order_id)

    async def pay(self, order_id: str, tender: Literal["cash", "card"], amount: int) -> None:
        """Take `amount` (minor units, above zero)."""
        payment = {"id": self._new_id(), "tender": tender, "amount": amount}
        await self._on_order("pay", order_id, payment=payment)

    # -- kitchen --------------------------------------------------------------------------

    async def start(self, order_id: str, line_ids: Sequence[str]) -> None:
        await self._on_order("start", order_id, line_ids=list(line_ids))

    async def bump(self, order_id: str, line_ids: Sequence[str]) -> None:
        """The lines are ready."""
        await self._on_order("bump", order_id, line_ids=list(line_ids))

    async def recall(self, order_id: str, line_ids: Sequence[str]) -> None:
        """The lines are not ready after all."""
        await self._on_order("recall", order_id, line_ids=list(line_ids))

    # -- menu and stock -------------------------------------------------------------------

    async def eighty_six(self, item_id: str, out: bool) -> None:
        """The item is out, or back."""
        await self._do("eighty_six", f"item:{item_id}", {"item_id": item_id, "out": out})

    async def adjust_stock(self, stock_item_id: str, delta: int, reason: str) -> None:
        """More or less of a stock item by `delta` of its units."""
        args = {"stock_item_id": stock_item_id, "delta": delta, "reason": reason}
        await self._do("adjust_stock", f"stock:{stock_item_id}", args)

    # -- how ------------------------------------------------------------------------------

    async def _on_order(self, kind: Kind, order_id: str, **args: Any) -> None:
        await self._do(kind, order_id, {"order_id": order_id, **args})

    async def _do(self, kind: Kind, lane: str, args: dict[str, Any]) -> None:
        self._set_up()
        async with self._turn:
            await self._submit(kind, lane, self._actor, args)

    def _set_up(self) -> Device:
        device = self._device()
        if device is None:
            raise KdsError(NOT_SET_UP)
        return device

    def _lines(self, cart: Cart) -> list[dict[str, object]]:
        return new_lines(cart, self._store.rows("stations"))
