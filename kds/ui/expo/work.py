"""What keys and taps do at the pass: orders leave it, and come back."""

from __future__ import annotations

from functools import partial

from kds.domain.expo import PassTicket
from kds.domain.tickets import Ticket
from kds.ui.expo.handed import handed
from kds.ui.expo.rows import COURSE
from kds.ui.expo.words import refusal
from kds.ui.kit import spawn
from kds.ui.kitchen.recall import Bumped
from kds.ui.kitchen.work import Work


class PassWork(Work):
    """As at the board, but a bump is for the whole order, and recalls what was handed over."""

    def _wire(self) -> None:
        super()._wire()
        self.recall.chosen.disconnect()
        self.recall.chosen.connect(self.take_back)
        self.recall.set_title("Handed over lately")

    def _tapped(self, order_id: str, line_id: str) -> None:
        ticket = self._tickets.item(order_id)
        if not isinstance(ticket, PassTicket):
            return
        if line_id.startswith(COURSE):
            self.acts.pace(ticket, "fire", int(line_id.removeprefix(COURSE)))
        else:
            self.pass_on(ticket)

    def _held(self, order_id: str, line_id: str) -> None:
        super()._held(order_id, "")  # a course is no line to choose

    def _act_on(self, act: str, ticket: Ticket, line_id: str) -> None:
        if act == "bump":
            self._tapped(ticket.order_id, line_id)
        else:
            super()._act_on(act, ticket, "")

    def pass_on(self, ticket: PassTicket) -> None:
        """Hand an order over, or call it assembled first, where there are two stages."""
        match ticket.step:
            case "cook":
                self.undo.say(refusal(ticket, self._session.now()))
            case "assemble":
                self._assemble(ticket, done=True)
                back = partial(self._assemble, ticket, done=False)
                self.undo.say(f"{ticket.number} assembled", back)
            case "hand_over":
                self._hand_over(ticket.order_id, done=True)
                back = partial(self._hand_over, ticket.order_id, done=False)
                self.undo.say(f"{ticket.number} handed over", back)

    def take_back(self, entry: Bumped) -> None:
        """Bring an order back to the pass."""
        self._hand_over(entry.order_id, done=False)
        back = partial(self._hand_over, entry.order_id, done=True)
        self.undo.say(f"{entry.number} is back", back)

    def _assemble(self, ticket: PassTicket, *, done: bool) -> None:
        spawn(self._session.actions.assemble(ticket.order_id, done), f"assemble {ticket.number}")

    def _hand_over(self, order_id: str, *, done: bool) -> None:
        spawn(self._session.actions.hand_over(order_id, done), f"hand over {order_id}")

    def _recall_last(self) -> None:
        last = handed(self._session.store, limit=1)
        if last:
            self.take_back(last[0])
        else:
            self.undo.say("Nothing to recall")

    def _bumped(self, search: str) -> tuple[Bumped, ...]:
        return handed(self._session.store, search=search)
