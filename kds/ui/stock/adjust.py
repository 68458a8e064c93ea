"""Correcting the level of one stock item: by how much, and why."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kds.domain.stock import StockView
from kds.ui.kit import Button, Label, SegmentedControl, Sheet
from kds.ui.stock.words import amount, steps

REASONS = (("delivery", "Delivery"), ("count", "Count"), ("waste", "Waste"))


class AdjustSheet(Sheet):
    """Buttons add up; `done` carries the item's id, the difference and the reason."""

    done = Signal(str, int, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent, side="center", width=620)
        self._item: StockView | None = None
        self._delta = 0
        self._level = Label("", "display")
        self._level.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._change = Label("", "body", soft="true")
        self._change.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.reason = SegmentedControl(REASONS, "delivery")
        self._grid = QGridLayout()
        self.buttons: dict[int, Button] = {}
        self.save = Button("Save", "primary", icon_name="check")
        self.save.clicked.connect(self._done)
        for part in (self._level, self._change):
            self.body.box.addWidget(part)
        self.body.box.addLayout(self._grid)
        self.body.box.addWidget(self.reason)
        self.body.box.addWidget(self.save)

    def ask(self, item: StockView) -> None:
        """Open for `item`."""
        self._item, self._delta = item, 0
        self.set_title(item.name)
        self._offer(item.unit)
        self._show()
        self.open()

    def _offer(self, unit: str) -> None:
        for old in self.buttons.values():
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = {}
        for column, size in enumerate(steps(unit)):
            for row, step in enumerate((size, -size)):
                button = Button(f"{'+' if step > 0 else ''}{amount(step, unit)}")
                button.clicked.connect(lambda _=False, step=step: self._add(step))
                self._grid.addWidget(button, row, column)
                self.buttons[step] = button

    def _add(self, step: int) -> None:
        self._delta += step
        self._show()

    def _show(self) -> None:
        item = self._item
        assert item is not None
        self._level.setText(amount(item.level + self._delta, item.unit))
        sign = "+" if self._delta > 0 else ""
        was = f"{amount(item.level, item.unit)} now"
        change = f"{was}, {sign}{amount(self._delta, item.unit)}" if self._delta else was
        self._change.setText(change)
        self.save.setEnabled(self._delta != 0)

    def _done(self) -> None:
        assert self._item is not None
        self.close_sheet()
        self.done.emit(self._item.id, self._delta, self.reason.value)
