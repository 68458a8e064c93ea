"""Simulated people at real terminals: they act through the session, as a finger would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from random import Random

from kds.base.clock import Clock
from kds.domain.cart import Cart, CartLine
from kds.session.session import Session
from kds.sim.service import SimOrder

Sleep = Callable[[float], Awaitable[None]]


async def take_orders(
    session: Session,
    orders: Sequence[SimOrder],
    *,
    speed: float,
    clock: Clock,
    tapped: Callable[[SimOrder, float, str], None],
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Place each order when its time has come, `speed` times as fast as it happened.

    A till that falls behind catches up without pause; no order is left out. After each one
    `tapped(order, at, order_id)` is told the monotonic second of the tap.
    """
    began = clock.monotonic()
    for order in orders:
        wait = order.at_s / speed - (clock.monotonic() - began)
        if wait > 0:
            await sleep(wait)
        cart = _cart(session, order)
        at = clock.monotonic()
        order_id = await session.actions.place_order(cart)
        tapped(order, at, order_id)


def _cart(session: Session, order: SimOrder) -> Cart:
    lines = tuple(
        CartLine(
            id=session.new_id(),
            item_id=line.item_id,
            name=line.name,
            variant=line.variant,
            category=line.category,
            qty=line.qty,
            unit_price=line.price,
        )
        for line in order.lines
    )
    return Cart(lines, order.type, order.table_name, order.customer)


async def cook(
    session: Session, rng: Random, *, pace_s: float, sleep: Sleep = asyncio.sleep
) -> None:
    """Cook for ever: every `pace_s` seconds on average one line of an old ticket gets bumped,
    and what has changed on it is acknowledged."""
    while True:
        await sleep(rng.uniform(0.5, 1.5) * pace_s)
        now, mine = session.now(), session.watched
        tickets = sorted(session.store.tickets(mine, now), key=lambda ticket: ticket.sort_key)
        if not tickets:
            continue
        ticket = rng.choice(tickets[:3])
        if flagged := ticket.flagged_line_ids:
            await session.actions.acknowledge(ticket.order_id, flagged, mine)
        if todo := ticket.bumpable_line_ids(now)[:1]:
            await session.actions.bump(ticket.order_id, todo, mine)
