"""`kds simulate`: a till without a screen, worked by a simulated cashier."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from kds.app.config import Profile
from kds.app.processes import say
from kds.app.tally import percentile
from kds.app.wiring import open_session
from kds.base.clock import SystemClock
from kds.base.errors import KdsError
from kds.base.events import until
from kds.session.session import Session
from kds.sim.driver import cook, take_orders
from kds.sim.orders_csv import orders_of, parse_columns, read_sales
from kds.sim.rush import rush
from kds.sim.service import SimOrder, share

RUSH_EVERY_S = 240.0  # of simulated time: a busy small restaurant
LINES_AN_ORDER = 2.4


@dataclass(frozen=True, slots=True)
class Play:
    """Which orders to play, and how fast. `share` is (index, count) of the tills."""

    file: Path | None = None
    columns: str = ""
    day: date | None = None
    speed: float = 60.0
    count: int = 30
    seed: int = 1
    share: tuple[int, int] = (0, 1)

    def from_file(self) -> tuple[SimOrder, ...]:
        """All orders of the file's day; InputError says what is wrong with it."""
        assert self.file is not None
        return orders_of(read_sales(self.file, parse_columns(self.columns)), self.day)

    def made_up(self, session: Session) -> tuple[SimOrder, ...]:
        """A rush on what the session's menu sells."""
        menu = session.store.rows("menu_items")
        return rush(Random(self.seed), menu, self.count, RUSH_EVERY_S)  # noqa: S311


async def simulate_till(
    name: str, profile: Profile, play: Play, report: Path | None, *, probe: bool
) -> int:
    """Sign in, take the orders, and stay until the server has every one of them."""
    real = play.from_file() if play.file else None  # a bad file is said before anything happens
    session = open_session(name, profile)
    taps: list[float] = []
    clock = SystemClock()

    def tapped(order: SimOrder, at: float, order_id: str) -> None:
        taps.append((clock.monotonic() - at) * 1000)
        if probe:
            pieces = sum(line.qty for line in order.lines)
            say(event="tap", order_id=order_id, at=at, pieces=pieces)

    await session.start()
    try:
        await _until_set_up(session)
        orders = share(play.made_up(session) if real is None else real, *play.share)
        await take_orders(session, orders, speed=play.speed, clock=clock, tapped=tapped)
        await until(session.status_changed, lambda: session.status.waiting == 0)
        figures = {
            "orders_placed": len(taps),
            "refused": session.status.blocked,
            "durable_ms": {"p50": percentile(taps, 0.5), "p99": percentile(taps, 0.99)},
        }
    finally:
        await session.stop()
    if report is not None:
        report.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    if not probe:
        print(json.dumps(figures))
    return 0 if not figures["refused"] else 1


async def simulate_cook(name: str, profile: Profile, speed: float) -> int:
    """Sign in to a kitchen and cook for ever, `speed` times as fast as people do."""
    session = open_session(name, profile)
    await session.start()
    try:
        await _until_set_up(session)
        pace_s = RUSH_EVERY_S / LINES_AN_ORDER / speed
        await cook(session, Random(), pace_s=pace_s)  # noqa: S311
    finally:
        await session.stop()
    return 0


async def _until_set_up(session: Session) -> None:
    """Wait for a menu and a registered device; give up on a problem that needs a person."""

    def usable() -> bool:
        return session.device is not None and session.status.complete_to is not None

    def decided() -> bool:
        return usable() or (session.needs_sign_in and session.status.problem is not None)

    await until(session.status_changed, decided)
    if not usable():
        raise KdsError(session.status.problem or "The till could not sign in.")
