"""The people at the terminals: they do what makes sense on their screen, or nearly so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from kds.base.errors import KdsError
from kds.domain.cart import Cart, CartLine
from kds.domain.orders import OrderView
from kds.domain.rows import Pacing, Role, Row
from kds.session.session import Session
from tests.faults.house import BURRATA
from tests.faults.scenario import Tap

T = TypeVar("T")

AT_HAND = 4  # orders that people work on

_HABITS: dict[Role, tuple[str, ...]] = {
    "pos": (
        *("place",) * 6,
        *("add",) * 3,
        *("pay",) * 4,
        *("void_line", "close", "attend", "change_qty", "fire") * 2,
        *("rush", "void_order", "out", "answer", "mark", "hold", "hand_over"),
    ),
    "kitchen": (
        *("bump",) * 8,
        *("start", "acknowledge") * 3,
        *("count", "fire", "ask", "hand_over") * 2,
        *("recall", "out", "attend", "hold", "mark", "assemble", "cover"),
    ),
    "manager": (
        *("attend", "attend", "pay", "count", "out", "bump", "close", "void_line"),
        *("change_qty", "answer", "cover", "hand_over", "set_up", "set_up", "let_in"),
    ),
}


async def act(session: Session, tap: Tap) -> None:
    """One tap. What the program refuses on the spot was not accepted: nothing is promised."""
    habits = _HABITS[session._options.role]
    try:
        await _Person(session, tap).do(habits[tap.what % len(habits)])
    except KdsError:
        return


class _Person:
    def __init__(self, session: Session, tap: Tap) -> None:
        self._session = session
        self._store = session.store
        self._actions = session.actions
        self._tap = tap

    async def do(self, habit: str) -> None:
        await getattr(self, f"_{habit}")()

    async def _place(self) -> None:
        if cart := self._cart():
            await self._actions.place_order(cart)

    async def _rush(self) -> None:
        """Several at once: they share transactions and batches."""
        for _ in range(3):
            await self._place()
            await self._pay()

    async def _add(self) -> None:
        if (order := self._order()) and (cart := self._cart()):
            await self._actions.add_lines(order.id, cart)

    async def _pay(self) -> None:
        if order := self._order():
            await self._actions.pay(order.id, "card", 100 + self._tap.amount)

    async def _close(self) -> None:
        if order := self._order(ready=True):
            await self._actions.close_order(order.id)

    async def _void_order(self) -> None:
        if order := self._order():
            await self._actions.void_order(order.id, "guest left")

    async def _void_line(self) -> None:
        if (order := self._order()) and (line := self._line(order)):
            await self._actions.void_line(order.id, line["id"], "dropped")

    async def _change_qty(self) -> None:
        if (order := self._order()) and (line := self._line(order)):
            await self._actions.change_qty(order.id, line["id"], 1 + self._tap.amount % 4)

    async def _start(self) -> None:
        if (order := self._order()) and (line := self._line(order)):
            await self._actions.start(order.id, [line["id"]], self._stations())

    async def _bump(self) -> None:
        if order := self._order():
            lines = self._store.lines_of(order.id)
            some = lines if self._tap.amount % 2 else lines[:1]
            await self._actions.bump(order.id, [line["id"] for line in some], self._stations())

    async def _acknowledge(self) -> None:
        if order := self._order():
            line_ids = [line["id"] for line in self._store.lines_of(order.id)]
            await self._actions.acknowledge(order.id, line_ids, self._stations())

    async def _recall(self) -> None:
        if (order := self._order()) and (line := self._line(order)):
            await self._actions.recall(order.id, [line["id"]], self._stations())

    async def _fire(self) -> None:
        if order := self._order():
            await self._actions.fire(order.id, self._course())

    async def _hold(self) -> None:
        if order := self._order():
            await self._actions.hold(order.id, self._course())

    async def _mark(self) -> None:
        if order := self._order():
            vip = None if self._tap.amount % 3 else self._tap.which % 2 == 0
            await self._actions.mark(order.id, rush=self._tap.amount % 2 == 0, vip=vip)

    async def _ask(self) -> None:
        if order := self._order():
            await self._actions.ask(order.id, "No nuts?", ("Yes", "No"))

    async def _answer(self) -> None:
        for order in self._store.orders():
            for question in order.to_answer[: 1 + self._tap.amount % 2]:
                await self._actions.answer(order.id, question.id, "Yes")

    async def _assemble(self) -> None:
        if order := self._order(ready=True):
            await self._actions.assemble(order.id, self._tap.amount % 4 > 0)

    async def _hand_over(self) -> None:
        if order := self._order(ready=True):
            await self._actions.hand_over(order.id, self._tap.amount % 4 > 0)

    async def _cover(self) -> None:
        if station := self._row("stations"):
            others = [key for key in self._store.rows("stations") if key != station["id"]]
            by = self._one(sorted(others)) if others and self._tap.amount % 2 else ""
            await self._actions.cover(station["id"], by)

    async def _out(self) -> None:
        if item := self._row("menu_items"):
            await self._actions.eighty_six(item["id"], self._tap.amount % 2 == 0)

    async def _count(self) -> None:
        if item := self._row("stock_items"):
            await self._actions.adjust_stock(item["id"], self._tap.amount - 500, "count")

    async def _set_up(self) -> None:
        number = self._tap.amount
        table, values = self._one(
            (
                ("stations", {"warn_after_s": 1 + number, "late_after_s": 60 + number}),
                ("stations", {"stage": 1 + number % 3}),
                ("stations", {"categories": ["pizza", "salad", "drink"][: number % 4]}),
                ("branches", {"expo_stages": 1 + number % 2}),
                ("menu_items", {"prep_s": number}),
            )
        )
        if row := self._row(table):
            await self._actions.set_up(table, row["id"], values)

    async def _let_in(self) -> None:
        """Terminals that two machines have the data of."""
        for item in self._session.locked.items:
            await self._session.locked.let_in(item.device_id)

    async def _attend(self) -> None:
        """Look at what was refused or met somebody else's: decide."""
        attention = self._session.attention
        if not attention.items:
            return
        stuck = self._one(attention.items)
        if stuck.result == "conflict":
            await attention.choose(stuck.op_id, "local" if self._tap.amount % 2 else "remote")
        elif stuck.editable and self._tap.amount % 4 == 0:
            await attention.take_back(stuck.op_id)
        elif self._tap.amount % 3 == 0:
            await attention.retry(stuck.op_id)
        else:
            await attention.discard(stuck.op_id, "not wanted any more")

    # -- what is on the screen ------------------------------------------------------------

    def _one(self, things: Sequence[T]) -> T:
        return things[self._tap.which % len(things)]

    def _order(self, *, ready: bool = False) -> OrderView | None:
        """Mostly one of the oldest that are open; `ready`: mostly one that is made."""
        orders = sorted(self._store.orders(), key=lambda order: order.id)
        wanted = ("ready",) if ready else ("sent", "started", "ready")
        there = [order for order in orders if order.progress in wanted]
        some = there[:AT_HAND] if there and self._tap.amount % 8 else orders
        return self._one(some) if some else None

    def _line(self, order: OrderView) -> Row | None:
        lines = self._store.lines_of(order.id)
        return self._one(lines) if lines else None

    def _stations(self) -> frozenset[str]:
        """Those of the own screen, one alone, or all of them."""
        names = sorted(self._store.rows("stations"))
        one = frozenset([self._one(names)]) if names else frozenset[str]()
        return (self._session.watched, one, frozenset[str]())[self._tap.amount % 3]

    def _course(self) -> int | None:
        return 1 + self._tap.which % 3 if self._tap.amount % 2 else None

    def _row(self, table: str) -> Row | None:
        rows = sorted(self._store.rows(table).values(), key=lambda row: str(row["id"]))
        return self._one(rows) if rows else None

    def _cart(self) -> Cart | None:
        items = sorted(self._store.rows("menu_items").values(), key=lambda row: str(row["id"]))
        if not items:
            return None
        count = 1 + self._tap.amount % 3
        lines = (self._cart_line(items[n % len(items)], 1 + n % 2) for n in range(count))
        pacing: tuple[Pacing, ...] = ("at_once", "auto", "manual")
        return Cart(tuple(lines), pacing=self._one(pacing), together=self._tap.amount % 2 == 0)

    def _cart_line(self, item: Row, course: int) -> CartLine:
        variants: list[Any] = item["variants"]
        variant = self._one(variants)
        return CartLine(
            id=self._session.new_id(),
            item_id=item["id"],
            name=item["name"],
            variant=variant["name"],
            category=item["category"],
            qty=1 + self._tap.which % 3,
            unit_price=variant["price"],
            course=course,
            modifiers=(BURRATA,) if self._tap.amount % 4 == 0 else (),
        )
