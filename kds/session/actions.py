"""The verbs: what a person at this device can do.

Each is durable before it returns and shows on the own screen at once. A refusal raises nothing:
it comes back from the server as a notice and in the status. Only a device that the hub has never
seen cannot act: it has no letter for its orders and no menu.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal

from kds.base.errors import KdsError
from kds.base.ids import NewId
from kds.domain.cart import Cart, new_lines, new_order
from kds.domain.commands import Command, Kind
from kds.session.device import Device
from kds.session.store import Store

NOT_SET_UP = "This till has not been set up yet: connect it to the hub once."

Ids = frozenset[str]
ALL: Ids = frozenset()

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
            number = await self._next_number(device)
            order = new_order(cart, order_id, number, server or self._actor)
            args = {"order": order, "lines": lines}
            await self._submit("place_order", order_id, self._actor, args)
        return order_id

    async def add_lines(self, order_id: str, cart: Cart) -> None:
        """Send the cart's lines as more of an open order."""
        await self._on_order("add_lines", order_id, lines=self._lines(cart))

    async def change_qty(self, order_id: str, line_id: str, qty: int) -> None:
        """More or less of a line (`qty` of at least 1); the kitchen is told."""
        await self._on_order("change_qty", order_id, line_id=line_id, qty=qty)

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

    async def answer(self, order_id: str, question_id: str, answer: str) -> None:
        """What the kitchen asked, answered; the first answer stands."""
        await self._on_order("answer", order_id, question_id=question_id, answer=answer)

    # -- front of house and kitchen -------------------------------------------------------

    async def fire(self, order_id: str, course: int | None = None) -> None:
        """Have what is held made now: a course, or all of it."""
        await self._on_order("fire", order_id, course=course)

    async def hold(self, order_id: str, course: int | None = None) -> None:
        """What nobody has begun waits until it is fired: of a course, or all of it."""
        await self._on_order("hold", order_id, course=course)

    async def mark(
        self, order_id: str, *, rush: bool | None = None, vip: bool | None = None
    ) -> None:
        """Set, or take back, what is given."""
        marks = {"rush": rush, "vip": vip}
        given = {name: value for name, value in marks.items() if value is not None}
        await self._on_order("mark", order_id, **given)

    # -- kitchen --------------------------------------------------------------------------

    async def start(self, order_id: str, line_ids: Sequence[str], stations: Ids = ALL) -> None:
        await self._on_lines("start", order_id, line_ids, stations)

    async def bump(self, order_id: str, line_ids: Sequence[str], stations: Ids = ALL) -> None:
        """The lines are ready at `stations`; everywhere when it names none."""
        await self._on_lines("bump", order_id, line_ids, stations)

    async def recall(self, order_id: str, line_ids: Sequence[str], stations: Ids = ALL) -> None:
        """The lines are not ready after all."""
        await self._on_lines("recall", order_id, line_ids, stations)

    async def acknowledge(
        self, order_id: str, line_ids: Sequence[str], stations: Ids = ALL
    ) -> None:
        """The cooks at `stations` have seen what happened to the lines."""
        await self._on_lines("acknowledge", order_id, line_ids, stations)

    async def ask(self, order_id: str, text: str, options: Sequence[str] = ()) -> None:
        """Ask front of house about an order; `options` are answers that take one tap."""
        question = {"id": self._new_id(), "text": text, "options": list(options)}
        await self._on_order("ask", order_id, question=question)

    # -- the pass -------------------------------------------------------------------------

    async def assemble(self, order_id: str, done: bool = True) -> None:
        """The order is complete on the pass, or not after all."""
        await self._on_order("assemble", order_id, done=done)

    async def hand_over(self, order_id: str, done: bool = True) -> None:
        """The order has left the pass, or has come back."""
        await self._on_order("hand_over", order_id, done=done)

    async def cover(self, station_id: str, by: str) -> None:
        """Screens of the station `by` show this one's lines, too; nobody's when it is empty."""
        args = {"station_id": station_id, "by": by}
        await self._do("cover", f"station:{station_id}", args)

    # -- menu and stock -------------------------------------------------------------------

    async def eighty_six(self, item_id: str, out: bool) -> None:
        """The item is out, or back."""
        await self._do("eighty_six", f"item:{item_id}", {"item_id": item_id, "out": out})

    async def adjust_stock(self, stock_item_id: str, delta: int, reason: str) -> None:
        """More or less of a stock item by `delta` of its units."""
        args = {"stock_item_id": stock_item_id, "delta": delta, "reason": reason}
        await self._do("adjust_stock", f"stock:{stock_item_id}", args)

    # -- the manager ----------------------------------------------------------------------

    async def set_up(self, table: str, row_id: str, values: Mapping[str, Any]) -> None:
        """Set columns of a station, of the branch or of a menu item: `verbs.setup` has which."""
        args = {"table": table, "id": row_id, "values": dict(values)}
        await self._do("set_up", f"set_up:{table}:{row_id}", args)

    # -- how ------------------------------------------------------------------------------

    async def _on_order(self, kind: Kind, order_id: str, **args: Any) -> None:
        await self._do(kind, order_id, {"order_id": order_id, **args})

    async def _on_lines(
        self, kind: Kind, order_id: str, line_ids: Sequence[str], stations: Ids
    ) -> None:
        where = {"stations": sorted(stations)} if stations else {}
        await self._on_order(kind, order_id, line_ids=list(line_ids), **where)

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
        return new_lines(cart, self._store.rows("stations"), self._store.rows("menu_items"))
