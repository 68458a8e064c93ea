"""What the till has said that it accepted, against what the server has. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.crash.till import PIECES

PRICE = 1200


@dataclass(frozen=True)
class Found:
    """The server's side. `orders`: id -> pieces. `payments`: order id -> amounts."""

    orders: Mapping[str, int]
    payments: Mapping[str, Sequence[int]]
    stock: int
    numbers: Sequence[str]
    dead: int


@dataclass
class Books:
    """`instants`: taps that were on the disk when the till died before it could say so."""

    orders: set[str] = field(default_factory=set)
    payments: set[str] = field(default_factory=set)
    stock: int = 0
    instants: int = 0

    @property
    def taps(self) -> int:
        return len(self.orders) + len(self.payments) + self.stock

    def accepted(self, what: str, order_id: str) -> None:
        if what == "stock":
            self.stock += 1
        else:
            (self.orders if what == "order" else self.payments).add(order_id)

    def settle(self, found: Found, *, died: bool) -> list[str]:
        """What is wrong, as sentences. What was accepted in the instant of death is entered."""
        wrong = [*_lost("order", self.orders, found.orders)]
        wrong += _lost("payment", self.payments, found.payments)
        wrong += [f"order {o}: {n} pieces" for o, n in found.orders.items() if n != PIECES]
        wrong += [f"order {o}: paid {a}" for o, a in found.payments.items() if list(a) != [PRICE]]
        if len(set(found.numbers)) != len(found.numbers):
            wrong.append("a number was given to two orders")
        if found.dead:
            wrong.append(f"{found.dead} ops were refused")
        extra = self._take_in(found)
        if not 0 <= extra <= died:  # taps come one after the other: one at most is in the air
            wrong.append(f"{extra} taps more than were accepted")
        self.instants += extra
        return wrong

    def _take_in(self, found: Found) -> int:
        extra = len(found.orders.keys() - self.orders) + len(found.payments.keys() - self.payments)
        extra += found.stock - self.stock
        self.orders |= found.orders.keys()
        self.payments |= found.payments.keys()
        self.stock = found.stock
        return extra


def _lost(what: str, accepted: set[str], found: Mapping[str, object]) -> list[str]:
    return [f"{what} {one} is lost" for one in sorted(accepted - found.keys())]
