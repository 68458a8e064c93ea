"""The terminal's printer, as its screens ask for it: the ticket of an order on paper, again."""

from __future__ import annotations

from kds.app.config import Profile
from kds.base.clock import SystemClock
from kds.domain.routing import stops_at
from kds.printing import Job, Printer, address_of
from kds.printing.ticket import ticket
from kds.session.session import Session
from kds.ui.shell.clock import zone_of


def open_printer(profile: Profile) -> Printer | None:
    """The printer of the profile; None when it has none. Nothing is asked of it yet."""
    return Printer(address_of(profile.printer), SystemClock()) if profile.printer else None


class Reprint:
    """Call it with an order's id. A kitchen gets the lines of the stations that it watches."""

    def __init__(self, session: Session, printer: Printer) -> None:
        self._session = session
        self._printer = printer

    def __call__(self, order_id: str) -> None:
        store = self._session.store
        order = store.row("orders", order_id)
        if order is None:
            return
        lines = [line for line in store.lines_of(order_id) if stops_at(line, self._session.watched)]
        paper = ticket(
            order,
            lines,
            store.rows("menu_items"),
            now=self._session.now(),
            zone=zone_of(store.branch),
        )
        self._printer.print(Job(order_id, order["number"], paper))
