"""The sheet where a person decides about what the server refused, or found changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget

from kds.base.errors import KdsError
from kds.session.attention import Stuck
from kds.ui.attention import words
from kds.ui.attention.choices import Choices
from kds.ui.attention.detail import Detail
from kds.ui.attention.said import Said
from kds.ui.attention.why import Why
from kds.ui.kit import EmptyState, Label, Panel, Sheet, scrolling, spawn
from kds.ui.kit.rowlist import RowList, RowSpec
from kds.ui.models import KeyedListModel
from kds.ui.shell.clock import zone_of
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session

WIDTH, LIST_WIDTH = 1240, 400
OPEN_KEY = "Ctrl+R"
InCart = Callable[[], Collection[str]]


class AttentionSheet(Sheet):
    """Lists `session.attention.items`; one of them in full, with what can be done about it.

    `edit` carries the id of an op whose lines should go to the cart: a window with a till gives
    `in_cart`, the ids of those that are there now. Only Escape and the cross close it.
    """

    edit = Signal(str)

    def __init__(self, session: Session, parent: QWidget, in_cart: InCart | None = None) -> None:
        super().__init__("", parent, width=WIDTH)
        self._session = session
        self._in_cart: InCart = in_cart or frozenset
        self._busy = False
        self._shown: Stuck | None = None
        self.model: KeyedListModel[Stuck] = KeyedListModel(
            lambda item: item.op_id,
            lambda item: item.at,
            {int(Qt.ItemDataRole.AccessibleTextRole): words.spoken},
            self,
        )
        self.list = RowList(self.model, self._describe)
        self.detail = Detail()
        self.choices = Choices(may_edit=in_cart is not None)
        self.why = Why()
        self.said = Said()
        self._build()
        self._wire()
        self._refresh()

    def open_at(self, op_id: str | None = None) -> None:
        """Show it, with this op chosen when it is still there."""
        self._refresh()
        self.said.clear()
        self.open()
        self._choose(op_id or (self._shown.op_id if self._shown else ""))

    @property
    def needed(self) -> bool:
        """There is something to decide."""
        return bool(self._session.attention.items)

    def toggle(self) -> None:
        if self.isVisible():
            self.close_sheet()
        else:
            self.open_at()

    @property
    def shown(self) -> Stuck | None:
        """The op that is shown in full."""
        return self._shown

    # -- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        self._nothing = EmptyState(
            "Nothing needs you.", "What the server does not accept appears here.", "check"
        )
        self._area = scrolling(self.detail)
        self._offline = Label(words.OFFLINE, "body", tone="warn")
        self._cart = Label(words.IN_CART, "body", tone="info")
        right = Panel("", padding=0)
        for label in (self._offline, self._cart):
            label.setWordWrap(True)
        for part in (self._area, self._offline, self._cart, self.choices):
            right.box.addWidget(part, 1 if part is self._area else 0)
        self._deciding = right
        self._columns = Panel("", horizontal=True, padding=0, gap=20)
        for column in (self.list, right, self.why):
            self._columns.box.addWidget(column, 0 if column is self.list else 1)
        for whole in (self.said, self._columns, self._nothing):
            self.body.box.addWidget(whole, 0 if whole is self.said else 1)
        self.why.hide()

    def _wire(self) -> None:
        choices = self.choices
        choices.retry.connect(self._retry)
        choices.edit.connect(self._edit)
        choices.discard.connect(self._ask_why)
        choices.mine.connect(self._do_mine)
        choices.theirs.connect(self._keep_theirs)
        self.why.said.connect(self._discard)
        self.why.back.connect(self._stop_asking)
        self.said.undo.connect(self._undo)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show_current())
        for key, button in (*choices.keys.items(), ("Z", self.said.button)):
            self._key(key, partial(_click, button))
        for n in range(len(words.REASONS)):
            self._key(str(n + 1), partial(self._quick, n))
        for stop in (
            self._session.attention.changed.connect(lambda _: self._refresh()),
            self._session.status_changed.connect(lambda _: self._show_offline()),
        ):
            self.destroyed.connect(stop)

    def _key(self, key: str, deed: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(deed)

    # -- what is shown ----------------------------------------------------------------------

    def _describe(self, item: Stuck) -> RowSpec:
        return words.row(item, self._currency, item.op_id in self._in_cart())

    @property
    def _currency(self) -> str:
        branch = self._session.store.branch
        return str(branch["currency"]) if branch else "USD"

    def _refresh(self) -> None:
        """Show what needs a person now; whoever is reading keeps their place."""
        items = self._session.attention.items
        self.model.sync(items)
        self.set_title(words.heading(items))
        self._columns.setVisible(bool(items))
        self._nothing.setVisible(not items)
        if items and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0, 0))
        self._show_current()
        if not items and self.isVisible():
            self.setFocus()

    def _choose(self, op_id: str) -> None:
        index = self.model.index_of(op_id)
        if index.isValid():
            self.list.setCurrentIndex(index)
        (self.list if self._shown else self).setFocus()

    def _show_current(self) -> None:
        index = self.list.currentIndex()
        before = self._shown
        self._shown = self.model.at(index.row()) if index.isValid() else None
        if before is None or self._shown is None or before.op_id != self._shown.op_id:
            self._stop_asking()  # a reason is never given to another one by accident
        if self._shown is None:
            return
        in_cart = self._shown.op_id in self._in_cart()
        self.detail.show_item(self._shown, zone_of(self._session.store.branch), in_cart)
        self.choices.show_item(self._shown, in_cart, self._busy)
        self._cart.setVisible(in_cart)
        self._show_offline()

    def _show_offline(self) -> None:
        status = self._session.status
        self._offline.setVisible(status.link != "connected" and not status.polling)

    # -- deciding ---------------------------------------------------------------------------

    def _retry(self) -> None:
        if item := self._shown:
            said = words.sent_again(item, self._session.status)
            self._decide(self._session.attention.retry(item.op_id), said)

    def _do_mine(self) -> None:
        if item := self._shown:
            said = words.done_anyway(item, self._session.status)
            self._decide(self._session.attention.choose(item.op_id, "local"), said)

    def _keep_theirs(self) -> None:
        if item := self._shown:
            work = self._session.attention.choose(item.op_id, "remote")
            self._decide(work, words.kept(item), item)

    def _edit(self) -> None:
        if item := self._shown:
            self.edit.emit(item.op_id)

    def _discard(self, reason: str) -> None:
        if item := self._shown:
            work = self._session.attention.discard(item.op_id, reason)
            undo = None if item.result == "unreadable" else item
            self._decide(work, words.discarded(item), undo)

    def _undo(self, item: Stuck) -> None:
        self._decide(self._session.attention.undo(item.op_id), words.asked_again(item))

    def _decide(self, work: Awaitable[None], said: str, undo: Stuck | None = None) -> None:
        self._busy = True
        self._show_current()
        spawn(self._carry_out(work, said, undo), "decide what needs a person")

    async def _carry_out(self, work: Awaitable[None], said: str, undo: Stuck | None) -> None:
        try:
            await work
        except KdsError as error:
            self.said.fail(str(error))
        else:
            self.said.tell(said, undo)
        finally:
            self._busy = False
            self._stop_asking()
            self._refresh()

    # -- asking why -------------------------------------------------------------------------

    def _ask_why(self) -> None:
        if self._shown is not None:
            self._deciding.hide()
            self.why.show()
            self.why.ask(self._shown, self._currency)

    def _stop_asking(self) -> None:
        if self.why.isHidden():
            return
        self.why.hide()
        self._deciding.show()
        self.list.setFocus()

    def _quick(self, number: int) -> None:
        if not self.why.isHidden():
            self.why.choose(number)

    # -- keys and taps ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes from the list to the buttons and presses there; Escape leaves the question
        first. The list lets Enter pass on: it must not do both in one press."""
        key = event.key()
        if key == Qt.Key.Key_Escape and not self.why.isHidden():
            self._stop_asking()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        focus = self.focusWidget()
        if isinstance(focus, QAbstractButton):
            _click(focus)
        elif focus is self.list and self.why.isHidden():
            self.choices.focus_first()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A tap beside the panel closes nothing."""

    def _place(self) -> None:
        super()._place()
        self.list.setFixedWidth(look().px(LIST_WIDTH))


def _click(button: QAbstractButton) -> None:
    if button.isVisible() and button.isEnabled():
        button.click()
