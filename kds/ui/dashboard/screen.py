"""The manager's day at a glance, live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kds.base.money import format_money
from kds.domain.metrics import LATE_AFTER_S, Figures, figures, late_orders
from kds.domain.orders import OrderView
from kds.ui.dashboard.chart import HourBars
from kds.ui.dashboard.short_list import Entry, ShortList
from kds.ui.dashboard.tiles import FigureTile
from kds.ui.kit import Card, Panel, SectionTitle
from kds.ui.pos.order_words import age_words, place
from kds.ui.shell.clock import branch_now
from kds.ui.staff.screen import ROLES
from kds.ui.stock.words import STATES, amount
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session

REFRESH_MS = 250  # after a change: a burst of changes is one look
TICK_MS = 5000  # ages run on without changes


def minutes(seconds: float | None) -> str:
    """`6:05` minutes, `2 h 05` from an hour on; a dash when unknown."""
    if seconds is None:
        return "–"
    if seconds >= 3600:
        return f"{int(seconds) // 3600} h {int(seconds) % 3600 // 60:02d}"
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class DashboardScreen(Panel):
    """Figures, orders per hour, and what needs attention. Reads the store only while it is seen.

    `opened` carries the screen that a tapped list belongs to.
    """

    opened = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("ground", parent=parent)
        self._session = session
        self._build()
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._soon.timeout.connect(self.refresh)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._look)
        self._tick.start()
        for stop in (
            session.store.changed.connect(lambda _: self._look()),
            session.live.people_changed.connect(lambda _: self._look()),
        ):
            self.destroyed.connect(stop)
        self.refresh()

    def _build(self) -> None:
        self.orders = FigureTile("Orders today")
        self.sales = FigureTile("Sales today")
        self.open = FigureTile("In the kitchen")
        self.ready = FigureTile("Ready to go")
        self.time = FigureTile("Median ticket time")
        self.late = FigureTile("Late")
        row = QHBoxLayout()
        row.setSpacing(look().px(12))
        for tile in (self.orders, self.sales, self.open, self.ready, self.time, self.late):
            row.addWidget(tile, 1)
        self.box.addLayout(row)
        self.bars = HourBars()
        chart = Card()
        chart.box.addWidget(SectionTitle("Orders per hour"))
        chart.box.addWidget(self.bars, 1)
        self.late_list = ShortList("Late orders", "Nobody has been waiting too long.")
        self.low_list = ShortList("Running low", "Everything is stocked.")
        self.people = ShortList("Here now", "Nobody is known to be here.")
        for part, where in (
            (self.late_list, "orders"),
            (self.low_list, "stock"),
            (self.people, "people"),
        ):
            part.opened.connect(lambda where=where: self.opened.emit(where))
        below = QGridLayout()
        below.setSpacing(look().px(12))
        left = QVBoxLayout()
        left.addWidget(chart, 3)
        left.addWidget(self.late_list, 2)
        right = QVBoxLayout()
        right.addWidget(self.low_list, 1)
        right.addWidget(self.people, 1)
        below.addLayout(left, 0, 0)
        below.addLayout(right, 0, 1)
        below.setColumnStretch(0, 5)
        below.setColumnStretch(1, 3)
        self.box.addLayout(below, 1)

    # -- when to look -----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _look(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    # -- what it says -----------------------------------------------------------------------

    def refresh(self) -> None:
        """Work the figures out anew and show them."""
        now = branch_now(self._session)
        orders = list(self._session.store.orders())
        assert now.tzinfo is not None
        day = figures(orders, now, now.tzinfo)
        self._say(day)
        self.bars.set(day.per_hour, now.hour)
        self.late_list.say([self._late(order) for order in late_orders(orders, now)])
        self.low_list.say(self._low())
        self.people.say(
            [
                (person.name, ROLES.get(person.role, person.role), "ok", "dot")
                for person in self._session.live.people
            ]
        )

    def _say(self, day: Figures) -> None:
        branch = self._session.store.branch
        currency = str(branch["currency"]) if branch else "USD"
        voided = f"{day.void} void" if day.void else ""
        self.orders.say(str(day.orders), voided)
        each = f"{format_money(day.average_order, currency)} each" if day.orders else ""
        self.sales.say(format_money(day.sales, currency), each)
        late_now = f"{day.late_now} late" if day.late_now else "none late"
        self.open.say(str(day.open), late_now, "danger" if day.late_now else None)
        self.ready.say(str(day.ready), "waiting to be handed over" if day.ready else "")
        slow = day.median_s is not None and day.median_s >= LATE_AFTER_S
        mean = f"mean {minutes(day.average_s)}" if day.average_s is not None else "none ready yet"
        self.time.say(minutes(day.median_s), mean, "warn" if slow else None)
        share = "–" if day.late_share is None else f"{day.late_share:.0%}"
        self.late.say(share, f"over {LATE_AFTER_S // 60} min", "danger" if day.late_now else None)

    def _late(self, order: OrderView) -> Entry:
        waited = age_words(order, self._session.now())
        return (f"{order.number} · {place(order)}", waited, "danger", "triangle")

    def _low(self) -> list[Entry]:
        items = [item for item in self._session.store.stock() if item.status != "ok"]
        items.sort(key=lambda item: (item.status != "out", item.name))
        return [
            (f"{item.name} · {amount(item.level, item.unit)}", *STATES[item.status])
            for item in items
        ]
