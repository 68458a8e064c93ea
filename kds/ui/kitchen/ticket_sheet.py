"""All that can be done with one ticket, in large buttons; a long press or a key opens it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kds.domain.rows import Flag
from kds.domain.tickets import Ticket, TicketLine
from kds.ui.kit import Label
from kds.ui.kitchen.big import BigButton, Column, KeyedSheet
from kds.ui.kitchen.choices import Choice, choices
from kds.ui.kitchen.keys import KeyMap
from kds.ui.kitchen.words import whose

_STATES = {"started": "started", "ready": "done", "void": "voided"}
_FLAGS: dict[Flag, str] = {"": "", "added": "added", "qty": "changed", "void": ""}
"""What the state does not say already."""


class TicketSheet(KeyedSheet):
    """The lines on the left, to choose some; what makes sense for these on the right.

    `chosen` carries the order id and a Choice, `wonders` the order id and what it is about: the
    sheet closes first. It follows the ticket through `refresh`, and forgets it when it is gone.
    """

    chosen = Signal(str, object)
    wonders = Signal(str, str)  # "" is about the whole order

    def __init__(
        self,
        now: Callable[[], datetime],
        out: Callable[[], Collection[str]],
        can_print: Callable[[], bool],
        keys: Callable[[], KeyMap],
        parent: QWidget,
    ) -> None:
        """`out`: the items that are 86'd."""
        super().__init__("", parent, keys, width=940)
        self._now, self._out, self._can_print = now, out, can_print
        self._ticket: Ticket | None = None
        self._picked: set[str] = set()
        self._offered: tuple[Choice, ...] = ()
        self.lines, self.acts = Column(), Column()
        self._about = Label("", "label", soft="true")
        both = QHBoxLayout()
        both.addWidget(self.lines, 5)
        both.addWidget(self.acts, 4)
        self.body.box.addWidget(self._about)
        self.body.box.addLayout(both, 1)

    @property
    def order_id(self) -> str:
        """Whose sheet is open; "" when none is."""
        return self._ticket.order_id if self._ticket and not self.isHidden() else ""

    def show_ticket(self, ticket: Ticket, line_id: str = "") -> None:
        """Open it, with a line chosen already unless that is ""."""
        self._picked = {line_id} if line_id else set()
        self._take(ticket)
        self.open()
        self.acts.walk(0)

    def refresh(self, ticket: Ticket | None) -> None:
        """The ticket as it is now; None when it has left the board."""
        if not self.order_id or ticket == self._ticket:
            return
        if ticket is None:
            self.close_sheet()
        else:
            self._picked &= {line.id for line in ticket.lines}
            self._take(ticket)

    # -- what it shows --------------------------------------------------------------------

    def _take(self, ticket: Ticket) -> None:
        self._ticket = ticket
        whose_it_is = whose(ticket.type, ticket.table_name, ticket.customer)
        self.set_title(f"{ticket.number} · {whose_it_is}")
        self.lines.fill([self._line_button(line) for line in ticket.lines])
        self._offer()

    def _line_button(self, line: TicketLine) -> BigButton:
        picked = line.id in self._picked
        button = BigButton(
            line_text(line), "check" if picked else "", kind="primary" if picked else "quiet"
        )
        button.setCheckable(True)
        button.setChecked(picked)
        button.toggled.connect(lambda on, line_id=line.id: self._pick(line_id, on))
        return button

    def _pick(self, line_id: str, on: bool) -> None:
        (self._picked.add if on else self._picked.discard)(line_id)
        ticket = self._ticket
        assert ticket is not None
        for line, button in zip(ticket.lines, self.lines.buttons, strict=True):
            picked = line.id in self._picked
            button.set_kind("primary" if picked else "quiet")
            button.set_icon("check" if picked else "")
            with QSignalBlocker(button):
                button.setChecked(picked)
        self._offer()

    def _offer(self) -> None:
        ticket = self._ticket
        assert ticket is not None
        many = len(self._picked)
        self._about.setText(
            f"For {many} chosen line{'s' if many > 1 else ''}"
            if many
            else "For the whole ticket. Choose lines for some of it."
        )
        self._offered = choices(
            ticket, self._picked, self._now(), self._out(), can_print=self._can_print()
        )
        self.acts.fill([self._act_button(n, one) for n, one in enumerate(self._offered, 1)])

    def _act_button(self, number: int, choice: Choice) -> BigButton:
        """The first nine have a digit."""
        button = BigButton(choice.text, choice.icon, number=number if number < 10 else 0)
        button.clicked.connect(lambda: self._choose(choice))
        return button

    # -- keys and taps --------------------------------------------------------------------

    def walk(self, arrow: str) -> None:
        """Up and down in a column, left and right from one to the other."""
        beside = {"left": self.lines, "right": self.acts}.get(arrow)
        here = self.lines if any(b.hasFocus() for b in self.lines.buttons) else self.acts
        if beside is None:
            here.walk(1 if arrow == "down" else -1)
        elif beside is not here:
            beside.walk(0)

    def typed(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if 1 <= number <= min(9, len(self._offered)):
            self._choose(self._offered[number - 1])
        elif self._keys().act(event.key()) == "menu":
            self.close_sheet()

    def _choose(self, choice: Choice) -> None:
        ticket = self._ticket
        assert ticket is not None
        lines = [line for line in ticket.lines if line.id in self._picked]
        self.close_sheet()
        if choice.act == "ask":
            about = f"{lines[0].name} {lines[0].variant}".rstrip() if len(lines) == 1 else ""
            self.wonders.emit(ticket.order_id, about)
        else:
            self.chosen.emit(ticket.order_id, choice)


def line_text(line: TicketLine) -> str:
    """`2 × Hawaiian L · for Grill · no onion · on hold`."""
    name = f"{line.qty} × {line.name} {line.variant}".rstrip()
    state = "on hold" if line.held and line.open else _STATES.get(line.state, "")
    told = [f"for {', '.join(line.covers)}"] if line.covers else []
    told += [f"no {one}" for one in line.removed]
    return " · ".join(filter(None, (name, *told, state, _FLAGS[line.flag])))
