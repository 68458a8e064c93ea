"""The order being taken at a till: what may be added, what may be sent, and the sending.

No Qt here: the widgets show `entry.cart` and call its verbs. `changed` fires after every one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from kds.base.errors import KdsError
from kds.base.events import Event
from kds.base.ids import NewId
from kds.domain.cart import Cart, CartLine
from kds.domain.rows import LineModifier, OrderType, Pacing, Row
from kds.ui.pos.quick import price_of


class Sender(Protocol):
    """The two verbs of `session.actions` that a cart needs; durable when they return."""

    async def place_order(self, cart: Cart, server: str = "") -> str: ...

    async def add_lines(self, order_id: str, cart: Cart) -> object: ...


@dataclass(frozen=True, slots=True)
class Target:
    """An order that already exists and gets more lines."""

    order_id: str
    number: str


COURSES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Parked:
    """An order in progress that made way for another one."""

    cart: Cart
    target: Target | None


class OrderEntry:
    """One cart at a time. An item that is out is refused here already, in words.

    Lines of a refused op can be changed and sent here (`edit`, `merge`). Until then the op stays
    refused: taking all of its lines out again leaves it as it was.
    """

    def __init__(self, new_id: NewId) -> None:
        self._new_id = new_id
        self.cart = Cart()
        self.target: Target | None = None
        self.parked: tuple[Parked, ...] = ()
        self.course = 1
        """The course of what is added next."""
        self.sending = False
        self.problem = ""
        self.changed: Event[None] = Event()
        self._before: list[Cart] = []
        self._origin: dict[str, str] = {}  # line id -> the refused op that it comes from

    # -- what is in it ----------------------------------------------------------------------

    def add(
        self,
        item: Row,
        variant: str,
        qty: int = 1,
        modifiers: Iterable[LineModifier] = (),
        note: str = "",
        course: int | None = None,
    ) -> str | None:
        """Put `qty` of a menu item into the cart, in the course of the moment unless it is given.
        The reason as a sentence when it may not be."""
        price = price_of(item, variant)
        if item["out_since"] is not None:
            return f"{item['name']} is out."
        if price is None:
            return f"{item['name']} does not come in {variant or 'that size'}."
        line = CartLine(
            id=self._new_id(),
            item_id=item["id"],
            name=item["name"],
            variant=variant,
            category=item["category"],
            qty=qty,
            unit_price=price,
            modifiers=tuple(modifiers),
            note=note.strip(),
            course=self.course if course is None else course,
        )
        self._set(self.cart.add(line))
        return None

    def set_qty(self, line_id: str, qty: int) -> None:
        """Zero takes the line out; a line that is no longer there is left alone."""
        if self.line(line_id) is not None:
            self._set(self.cart.set_qty(line_id, qty))

    def change(self, line: CartLine) -> None:
        """Replace the line of the same id."""
        if self.line(line.id) is not None:
            self._set(self.cart.change(line))

    def line(self, line_id: str) -> CartLine | None:
        return next((line for line in self.cart.lines if line.id == line_id), None)

    def undo(self) -> bool:
        """Take the last change of the lines back; False when there is none."""
        if not self._before:
            return False
        self.cart = replace(self.cart, lines=self._before.pop().lines)
        self.changed.emit(None)
        return True

    def clear(self) -> None:
        """Start over, with the same kind of order; or go on with the one that was parked."""
        self.course = 1
        self._set(Cart(type=self.cart.type))

    # -- changing what was refused ------------------------------------------------------------

    @property
    def replaces(self) -> tuple[str, ...]:
        """The refused ops that this cart will take the place of."""
        return self._origins(self.cart)

    @property
    def held(self) -> frozenset[str]:
        """The refused ops with lines in this cart, or in a parked one."""
        carts = (self.cart, *(parked.cart for parked in self.parked))
        return frozenset(op_id for cart in carts for op_id in self._origins(cart))

    def edit(self, cart: Cart, op_id: str, target: Target | None) -> None:
        """Change a refused order; the one in progress is parked and comes back after it."""
        if self.cart.lines:
            self.parked = (*self.parked, Parked(self.cart, self.target))
        self._came_from(cart, op_id)
        self.target = target
        self._set(cart)
        self._before.clear()  # going back over the edge would leave the parked one twice

    def merge(self, cart: Cart, op_id: str) -> None:
        """Put the lines of a refused order to those in progress."""
        self._came_from(cart, op_id)
        self._set(replace(self.cart, lines=(*self.cart.lines, *cart.lines)))

    def _came_from(self, cart: Cart, op_id: str) -> None:
        self._origin.update((line.id, op_id) for line in cart.lines)

    def _origins(self, cart: Cart) -> tuple[str, ...]:
        found = (self._origin.get(line.id) for line in cart.lines)
        return tuple(dict.fromkeys(op_id for op_id in found if op_id))

    def _unpark(self) -> None:
        if self.parked and not self.cart.lines:
            *rest, latest = self.parked
            self.parked = tuple(rest)
            self.cart, self.target = latest.cart, latest.target
            self._before.clear()

    # -- who it is for ----------------------------------------------------------------------

    def set_type(self, kind: OrderType) -> None:
        self._set(replace(self.cart, type=kind))

    def set_guest(self, text: str) -> None:
        """The table when dining in, else the guest's name."""
        dine_in = self.cart.type == "dine_in"
        table, customer = (text.strip(), "") if dine_in else ("", text.strip())
        self._set(replace(self.cart, table_name=table, customer=customer))

    def set_rush(self, rush: bool) -> None:
        self._set(replace(self.cart, rush=rush))

    def set_vip(self, vip: bool) -> None:
        self._set(replace(self.cart, vip=vip))

    def set_promise(self, at: datetime | None) -> None:
        """When the guest was told that it will be ready; None takes it back."""
        self._set(replace(self.cart, promised_at=at))

    # -- courses ----------------------------------------------------------------------------

    @property
    def coursed(self) -> bool:
        """Whether courses matter in this order; most have one, and nobody wants to read of it."""
        later = any(line.course > 1 for line in self.cart.lines)
        return later or self.course > 1 or self.cart.pacing != "at_once"

    def set_course(self, course: int) -> None:
        """What is added from now on is of this course."""
        self.course = min(max(course, COURSES[0]), COURSES[-1])
        self.changed.emit(None)

    def set_pacing(self, pacing: Pacing) -> None:
        """How the courses follow each other."""
        self._set(replace(self.cart, pacing=pacing))

    def set_together(self, together: bool) -> None:
        """Whether the dishes of a course are begun so that they end together."""
        self._set(replace(self.cart, together=together))

    def aim(self, target: Target | None) -> None:
        """Add to an existing order instead of placing a new one; None goes back."""
        self.target = target
        self._set(self.cart)

    # -- sending ----------------------------------------------------------------------------

    @property
    def why_not(self) -> str | None:
        """Why it cannot be sent now, in words; None when it can."""
        if self.sending:
            return "Sending…"
        return None if self.cart.lines else "Tap an item to begin"

    async def send(self, sender: Sender, server: str = "") -> str | None:
        """Hand the cart over; the order's id once it is durable, else None.

        Only then does what was sent leave the cart. Taps made meanwhile stay in it. When it
        fails, the cart stays as it is and `problem` says why.
        """
        if self.why_not is not None:
            return None
        cart, target = self.cart, self.target
        self.sending, self.problem = True, ""
        self.changed.emit(None)
        try:
            if target is None:
                order_id = await sender.place_order(cart, server)
            else:
                await sender.add_lines(target.order_id, cart)
                order_id = target.order_id
        except (KdsError, OSError) as error:
            self.problem = f"Not sent: {error} The order is still here."
            return None
        else:
            self.cart, self.target = _without(self.cart, cart), None
            self.course = 1
            self._before.clear()  # what was sent cannot be taken back here
            self._unpark()
            return order_id
        finally:
            self.sending = False
            self.changed.emit(None)

    def _set(self, cart: Cart) -> None:
        if cart.lines != self.cart.lines:
            self._before.append(self.cart)
        self.cart, self.problem = cart, ""
        self._unpark()
        self.changed.emit(None)


def _without(cart: Cart, sent: Cart) -> Cart:
    """What is left of `cart` after `sent` has gone: lines and pieces that were added since."""
    gone = {line.id: line.qty for line in sent.lines}
    left = [replace(line, qty=line.qty - gone.get(line.id, 0)) for line in cart.lines]
    return Cart(lines=tuple(line for line in left if line.qty > 0), type=cart.type)
