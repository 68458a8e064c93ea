"""The lines of the order that is being taken, each with its stepper."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from kds.domain.cart import CartLine
from kds.ui.kit import by_finger
from kds.ui.pos.line import LineView
from kds.ui.theme import look

_ONCE = Qt.ConnectionType.SingleShotConnection


class CartLines(QScrollArea):
    """Scrolls to a line that is added. `stepped` carries a line's id and its new quantity,
    `asked` the id of a line that was tapped."""

    stepped = Signal(str, int)
    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._currency = "USD"
        self.views: dict[str, LineView] = {}
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.addStretch(1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        inner.setAutoFillBackground(False)  # the card shows through
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        by_finger(self)
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self._fit())
        self._fit()

    def show_lines(self, lines: Sequence[CartLine], currency: str, *, coursed: bool) -> None:
        """Show these lines. `coursed`: with the course of each."""
        gone = set(self.views) - {line.id for line in lines}
        for line_id in tuple(self.views) if currency != self._currency else gone:
            self._drop(line_id)
        self._currency = currency
        for index, line in enumerate(lines):
            if line.id not in self.views:
                self._column.insertWidget(index, self._make(line))
            self.views[line.id].set_line(line, coursed=coursed)

    def _make(self, line: CartLine) -> LineView:
        view = LineView(line, self._currency)
        view.stepped.connect(self.stepped)
        view.asked.connect(self.asked)
        self.views[line.id] = view
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, most: bar.setValue(most), _ONCE)
        return view

    def _drop(self, line_id: str) -> None:
        view = self.views.pop(line_id)
        self._column.removeWidget(view)
        view.hide()
        view.deleteLater()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_column"):
            self._fit()

    def _fit(self) -> None:
        self._column.setSpacing(look().px(8))
        beside = look().px(8) if self.verticalScrollBar().maximum() else 0  # between price and bar
        left, right = (beside, 0) if self.isRightToLeft() else (0, beside)
        self._column.setContentsMargins(left, 0, right, 0)
