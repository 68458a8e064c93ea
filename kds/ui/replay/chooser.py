"""Which service to look at again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from kds.session.replay import Service
from kds.ui.kit import Button, EmptyState, Label, Panel
from kds.ui.kit.rowlist import RowList, RowSpec
from kds.ui.models import ITEM_ROLE, KeyedListModel
from kds.ui.replay.words import Choice, choices

_EMPTY = ("No service to replay yet", "It appears here with its first order.", "replay")
_GETTING = ("Looking for past services", "This takes a moment.", "clock")


class Chooser(Panel):
    """A list of services, or why there is none. `chosen` carries start and end."""

    chosen = Signal(object, object)
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("ground", parent=parent)
        self.model: KeyedListModel[Choice] = KeyedListModel(
            lambda choice: f"{choice.place:04d}",
            lambda choice: choice.place,
            {
                int(Qt.ItemDataRole.DisplayRole): lambda choice: choice.title,
                int(Qt.ItemDataRole.AccessibleTextRole): _spoken,
            },
            self,
        )
        self.list = RowList(self.model, _row)
        self.nothing = EmptyState(*_GETTING)
        self.retry = Button("Try again", "primary", icon_name="undo")
        self.box.addWidget(Label("Replay a service", "heading"))
        hint = "The same board as on that day. Nothing that you do here changes an order."
        self.box.addWidget(Label(hint, "body", soft="true"))
        self.box.addWidget(self.list, 1)
        self.box.addWidget(self.nothing, 1)
        self.box.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignHCenter)
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        self.retry.clicked.connect(self.again)
        self.setFocusProxy(self.list)
        self.wait()

    def wait(self) -> None:
        """The list is on its way; an older one stays until then."""
        self._show_rows(*_GETTING)

    def fail(self, problem: str) -> None:
        self.model.reset_items(())
        self._show_rows("Past services cannot be listed", problem, "link-off", retry=True)

    def offer(self, services: Sequence[Service], now: datetime, zone: tzinfo) -> None:
        self.model.reset_items(choices(services, now, zone))
        self._show_rows(*_EMPTY)
        if len(self.model):
            self.list.setCurrentIndex(self.model.index(0, 0))

    def _show_rows(self, title: str, hint: str, icon: str, *, retry: bool = False) -> None:
        """The rows, or this when there are none."""
        self.nothing.set(title, hint, icon)
        self.nothing.setVisible(not len(self.model))
        self.list.setVisible(len(self.model) > 0)
        self.retry.setVisible(retry)

    def _choose(self, index: QModelIndex) -> None:
        choice: Choice = index.data(ITEM_ROLE)
        self.chosen.emit(choice.start, choice.end)


def _row(choice: Choice) -> RowSpec:
    icon = "clock" if not choice.value else "replay"
    return RowSpec(choice.title, choice.hint, badge=icon, tone="info", value=choice.value)


def _spoken(choice: Choice) -> str:
    return ", ".join(filter(None, (choice.title, choice.hint, choice.value)))
