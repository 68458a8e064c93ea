"""The 86 list: what cannot be sold now, and what can be taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kds.base.clock import from_iso
from kds.domain.changes import ChangeSet
from kds.domain.rows import Row
from kds.ui.kit import Button, Card, ElidedLabel, Label, Panel, SectionTitle, scrolling, spawn
from kds.ui.shell.clock import zone_of
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session

WIDTH = 460


class ItemRow(Panel):
    """One menu item and the button that takes it out or brings it back."""

    def __init__(self, item: Row, since: str, parent: QWidget | None = None) -> None:
        super().__init__("", horizontal=True, padding=0, parent=parent)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(item["name"], "label"))
        if since:
            words.addWidget(Label(since, "caption", soft="true"))
        self.box.addLayout(words, 1)
        out = bool(since)
        self.button = Button("Bring back" if out else "86", icon_name="undo" if out else "x")
        self.button.setAccessibleName(f"{'Bring back' if out else 'Take out'} {item['name']}")
        self.box.addWidget(self.button)


class OutList(Card):
    """Out items first, then the rest of the menu. `said` carries words and the way back."""

    said = Signal(str, object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._session = session
        self.rows: dict[str, ItemRow] = {}
        self._title = SectionTitle("")
        self.box.addWidget(self._title)
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self.box.addWidget(scrolling(inner), 1)
        self.destroyed.connect(session.store.changed.connect(self._follow))
        self._fit()
        self.refresh()

    @property
    def title(self) -> str:
        return self._title.text()

    def _follow(self, change_set: ChangeSet) -> None:
        if change_set.of("menu_items"):
            self.refresh()

    def refresh(self) -> None:
        """Show the menu as it is now."""
        items = sorted(
            self._session.store.rows("menu_items").values(),
            key=lambda item: (item["out_since"] is None, item["name"].casefold()),
        )
        while self._list.count():
            entry = self._list.takeAt(0)
            if entry is not None and (widget := entry.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = {item["id"]: self._row(item) for item in items}
        self._list.addStretch(1)
        out = sum(item["out_since"] is not None for item in items)
        self._title.setText(
            f"{out} out of {len(items)} cannot be sold" if out else "All can be sold"
        )

    def _row(self, item: Row) -> ItemRow:
        row = ItemRow(item, self._since(item))
        row.button.clicked.connect(lambda: self._set_out(item, item["out_since"] is None))
        self._list.addWidget(row)
        return row

    def _since(self, item: Row) -> str:
        if item["out_since"] is None:
            return ""
        zone = zone_of(self._session.store.branch)
        return f"out since {from_iso(item['out_since']).astimezone(zone):%H:%M}"

    def _set_out(self, item: Row, out: bool) -> None:
        actions = self._session.actions
        spawn(actions.eighty_six(item["id"], out), "86")
        words = f"{item['name']} is out" if out else f"{item['name']} is back"
        self.said.emit(words, lambda: spawn(actions.eighty_six(item["id"], not out), "undo 86"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_list"):
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(look().px(WIDTH))
        self._list.setSpacing(look().px(6))
