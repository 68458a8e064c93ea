"""What keys and taps set going: the acts, and the sheets where more can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kds.domain.tickets import Ticket
from kds.ui.kit import Toast
from kds.ui.kitchen.acts import Acts
from kds.ui.kitchen.ask_sheet import AskSheet
from kds.ui.kitchen.choices import Choice, Question, choices
from kds.ui.kitchen.keys import KeyMap, text_of
from kds.ui.kitchen.learn_key import KeySheet
from kds.ui.kitchen.recall import Bumped, bumped
from kds.ui.kitchen.recall_sheet import RecallSheet
from kds.ui.kitchen.settings_sheet import SettingsSheet
from kds.ui.kitchen.taps import lines_of
from kds.ui.kitchen.ticket_sheet import TicketSheet
from kds.ui.kitchen.undo import Undo
from kds.ui.kitchen.view import BoardView
from kds.ui.models.source import StoreModel

if TYPE_CHECKING:
    from kds.session.session import Session

NOTHING_CHOSEN = "Choose a ticket first: press an arrow"


class Work(QObject):
    """Listens to the board, and acts. `over` is what the sheets lie on.

    `settings_wanted` and `all_day_wanted`: keys for what the screen itself does.
    """

    settings_wanted = Signal()
    all_day_wanted = Signal()

    def __init__(
        self,
        session: Session,
        tickets: StoreModel[Ticket],
        board: BoardView,
        toast: Toast,
        over: QWidget,
    ) -> None:
        super().__init__(over)
        self._session, self._tickets, self._board = session, tickets, board
        self.undo = Undo(toast, session.now)
        self.acts = Acts(session, self.undo)
        self.recall = RecallSheet(self._bumped, session.now, self._keys, over)
        self.ticket = TicketSheet(session.now, self._out, self._can_print, self._keys, over)
        self.ask = AskSheet(self._keys, over)
        self.settings = SettingsSheet(self._keys, over)
        self.keys = KeySheet(self._keys, over)
        self._plain = {
            "recall last": self._recall_last,
            "recall list": self.recall.open,
            "undo": self.undo.take,
            "settings": self.settings_wanted.emit,
            "all day": self.all_day_wanted.emit,
        }
        self._wire()

    def _wire(self) -> None:
        board, tickets = self._board, self._tickets
        board.tapped.connect(self._tapped)
        board.held.connect(self._held)
        board.act.connect(self._act)
        for signal in (tickets.caught_up, tickets.dataChanged, tickets.rowsRemoved):
            signal.connect(self._refresh)
        self.recall.chosen.connect(self.acts.recall)
        self.ticket.chosen.connect(self._chosen)
        self.ticket.wonders.connect(self._wonder)
        self.ask.asked.connect(self._asked)
        self.settings.keys_wanted.connect(self.keys.open)

    def _keys(self) -> KeyMap:
        return self._board.keys.map

    # -- the board ------------------------------------------------------------------------

    def _tapped(self, order_id: str, line_id: str) -> None:
        if ticket := self._tickets.item(order_id):
            self.acts.on(ticket, line_id)

    def _held(self, order_id: str, line_id: str) -> None:
        if ticket := self._tickets.item(order_id):
            self.ticket.show_ticket(ticket, line_id)

    def _act(self, act: str) -> None:
        if act in self._plain:
            self._plain[act]()
            return
        here = self._board.here
        ticket = self._tickets.item(here.order_id) if here else None
        if here is None or ticket is None:
            self.undo.say(NOTHING_CHOSEN)
        else:
            self._act_on(act, ticket, here.line_id)

    def _act_on(self, act: str, ticket: Ticket, line_id: str) -> None:
        """An act of a key on what the arrows have chosen."""
        match act:
            case "menu":
                self.ticket.show_ticket(ticket, line_id)
            case "start":
                self.acts.start_now(ticket, line_id)
            case "bump":
                self.acts.bump_now(ticket, line_id)
            case "ask":
                self._wonder(ticket.order_id, _dish(ticket, line_id))
            case _:
                self._choose(act, ticket, line_id)

    def _choose(self, act: str, ticket: Ticket, line_id: str) -> None:
        """Do it when it can mean one thing only; else the sheet shows what it can mean."""
        found = self._choices(act, ticket, line_id)
        if not found:
            self.undo.say(f"{ticket.number}: nothing for “{text_of(act)}”")
        elif len(found) == 1:
            self.acts.choose(ticket, found[0])
        else:
            self.ticket.show_ticket(ticket, line_id)

    def _choices(self, act: str, ticket: Ticket, line_id: str) -> list[Choice]:
        offered = choices(
            ticket,
            {line_id} - {""},
            self._session.now(),
            self._out(),
            can_print=self._can_print(),
        )
        return [choice for choice in offered if choice.act == act]

    # -- the sheets -----------------------------------------------------------------------

    def _refresh(self, *_: object) -> None:
        if order_id := self.ticket.order_id:
            self.ticket.refresh(self._tickets.item(order_id))

    def _chosen(self, order_id: str, choice: Choice) -> None:
        if ticket := self._tickets.item(order_id):
            self.acts.choose(ticket, choice)

    def _wonder(self, order_id: str, about: str) -> None:
        if ticket := self._tickets.item(order_id):
            self.ask.show_for(order_id, ticket.number, about)

    def _asked(self, order_id: str, question: Question) -> None:
        if ticket := self._tickets.item(order_id):
            self.acts.ask(ticket, question.text, question.options)

    def _recall_last(self) -> None:
        last = bumped(self._session.store, self._session.watched, limit=1)
        if last:
            self.acts.recall(last[0])
        else:
            self.undo.say("Nothing to recall")

    def _bumped(self, search: str) -> tuple[Bumped, ...]:
        return bumped(self._session.store, self._session.watched, search=search)

    def _out(self) -> frozenset[str]:
        items = self._session.store.rows("menu_items").items()
        return frozenset(item_id for item_id, row in items if row["out_since"])

    def _can_print(self) -> bool:
        return self.acts.reprint is not None


def _dish(ticket: Ticket, line_id: str) -> str:
    """`Hawaiian L`; "" for the ticket as a whole."""
    lines = lines_of(ticket, (line_id,)) if line_id else ()
    return f"{lines[0].name} {lines[0].variant}".rstrip() if lines else ""
