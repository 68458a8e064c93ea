"""Terminals that were copied and are locked, each with the manager's key to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from kds.base.errors import KdsError
from kds.session.locked import Locked
from kds.ui.kit import Button, Card, Label, Panel, Pill, spawn
from kds.ui.shell.clock import zone_of

if TYPE_CHECKING:
    from kds.session.session import Session

HELD_BACK = "Two machines use its data. Since {at} its orders are kept there and held back."
MEANS = "Each machine goes on under a letter of its own. What both have kept is sent once."
ASK = "A manager can let it in again."


class LockedCard(Card):
    """One terminal. The key is offered to a manager alone; it can be tried again when it fails."""

    def __init__(self, session: Session, locked: Locked, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._session = session
        self._locked = locked
        self._is_me = session.device is not None and session.device.id == locked.device_id
        pill = Pill()
        pill.set("Locked", "danger", "triangle")
        name = "This terminal" if self._is_me else locked.name
        self.title = f"{name} was copied"
        at = locked.since.astimezone(zone_of(session.store.branch))
        self.text = Label(HELD_BACK.format(at=f"{at:%H:%M}"), "body")
        self.hint = Label(MEANS, "body", soft="true")
        self.button = Button("Let it in again", "primary", icon_name="check")
        self.button.clicked.connect(self._let_in)
        words = Panel("", padding=0, gap=4)
        head = Panel("", horizontal=True, padding=0)
        head.box.addWidget(pill)
        head.box.addWidget(Label(self.title, "title"), 1)
        for part in (head, self.text, self.hint):
            words.box.addWidget(part)
        for label in (self.text, self.hint):
            label.setWordWrap(True)
        row = Panel("", horizontal=True, padding=0)
        row.box.addWidget(words, 1)
        row.box.addWidget(self.button)
        self.box.addWidget(row)
        if session.device is None or session.device.role != "manager":
            self.button.hide()
            self.hint.setText(ASK)
        self.setAccessibleName(f"{self.title}. {self.text.text()} {self.hint.text()}")

    def _let_in(self) -> None:
        self.button.setEnabled(False)
        spawn(self._ask(), "let a terminal in again")

    async def _ask(self) -> None:
        try:
            await self._session.locked.let_in(self._locked.device_id)
        except KdsError as error:
            self.hint.setText(f"Not done: {error}")
            self.hint.set_tone("danger")
            self.button.setEnabled(True)


class LockedPanel(Panel):
    """A card for each; nothing at all while there is none."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("", padding=0, parent=parent)
        self._session = session
        self._shown: tuple[Locked, ...] = ()
        self.cards: list[LockedCard] = []
        self.destroyed.connect(session.store.changed.connect(lambda _: self._refresh()))
        self.hide()
        self._refresh()

    def _refresh(self) -> None:
        items = self._session.locked.items
        if items == self._shown:
            return
        self._shown = items
        for card in self.cards:
            self.box.removeWidget(card)
            card.deleteLater()
        self.cards = [LockedCard(self._session, item) for item in items]
        for card in self.cards:
            self.box.addWidget(card)
        self.setVisible(bool(items))
