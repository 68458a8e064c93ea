"""The people of the service. They see what their screens show, and press what is on them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from PySide6.QtWidgets import QWidget

from kds.session.session import Session
from kds.ui.expo.dark_strip import DarkStrip
from kds.ui.expo.screen import ExpoScreen
from kds.ui.kitchen import KitchenScreen
from kds.ui.kitchen.display import Display
from kds.ui.kitchen.taps import meant
from kds.ui.kitchen.view import BoardView
from tests.service.ledger import Ledger

Seconds = Callable[[], float]
KEYS = 9
"""Tickets that a bump bar has a key for."""


class Cook:
    """Works the board of one station: a tap starts, a second one bumps; now a whole ticket, now
    a line of it. What the board shows is written down whenever it has caught up."""

    def __init__(
        self, station: str, session: Session, ledger: Ledger, rng: Random, seconds: Seconds
    ) -> None:
        self.station, self.session = station, session
        self._ledger, self._rng, self._seconds = ledger, rng, seconds
        self.screen = KitchenScreen(session)
        self.screen.set_display(Display(tap="start"))
        self.screen.tickets.caught_up.connect(self._note)
        _show(self.screen)

    async def work(self, pace_s: float) -> None:
        """For ever, a tap each `pace_s` seconds on average."""
        while True:
            await asyncio.sleep(self._rng.uniform(0.5, 1.5) * pace_s)
            self._tap()

    def has_work(self) -> bool:
        """The board shows something."""
        self.screen.tickets.flush()
        return len(self.screen.tickets) > 0

    def _tap(self) -> None:
        """One of the first tickets, as cooks do who make several at once."""
        board = self.screen.board
        first = board.board.tickets_on(board.page)[:3]
        if not first:
            return
        number = self._rng.randrange(len(first))
        ticket = self.screen.tickets.item(first[number])
        assert ticket is not None
        lines = [line.id for line in ticket.lines if line.open]
        line_id = self._rng.choice(["", *lines])
        tapped = meant(ticket, line_id, "start", self.session.now())
        if tapped.verb == "bump":
            self._ledger.bump(tapped.line_ids, self.session.watched, self._seconds())
        if line_id:
            board.tapped.emit(ticket.order_id, line_id)
        else:
            board.keys.do(f"bump {number + 1}")

    def _note(self) -> None:
        shown = {
            one
            for ticket in self.screen.tickets.items
            for line in ticket.lines
            if line.open
            for one in line.all_ids
        }
        self._ledger.show(self.station, shown, self.session.watched, self._seconds())


class Expo:
    """Assembles and hands over what is ready, and gives away the orders of a dark station."""

    def __init__(self, session: Session, ledger: Ledger, rng: Random) -> None:
        self.session = session
        self._ledger, self._rng = ledger, rng
        self.screen = ExpoScreen(session)
        self.strip = DarkStrip(session)
        self.disconnect = session.store.changed.connect(lambda _: self._note())
        _show(self.screen)

    async def work(self, pace_s: float) -> None:
        while True:
            await asyncio.sleep(self._rng.uniform(0.5, 1.5) * pace_s)
            self._pass_on(self.screen.board)

    async def give_away(self, station: str) -> None:
        """Wait for the offer to have somebody else make what a dark station has, and take it."""
        taken = asyncio.Event()

        def look(_: object) -> None:
            while self.strip.text and not self.strip.text.startswith(f"{station}'s"):
                self.strip.later.click()  # a station with nothing to do is quiet, too
            if self.strip.choices and not taken.is_set():
                self.strip.choices[0].click()
                taken.set()

        disconnect = self.session.coverage.changed.connect(look)
        look(None)
        await taken.wait()
        disconnect()

    def _pass_on(self, board: BoardView) -> None:
        shown = board.board.tickets_on(board.page)[:KEYS]
        for number, order_id in enumerate(shown, 1):
            order = self.screen.orders.order(order_id)
            if order is not None and order.step != "cook":
                board.keys.do(f"bump {number}")
                return

    def _note(self) -> None:
        for order_id, order in self.session.store.rows("orders").items():
            if order["handed_at"]:
                self._ledger.hand_over(order_id)


def _show(screen: QWidget) -> None:
    screen.resize(1280, 720)
    screen.show()
