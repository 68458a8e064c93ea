"""Labels in the roles of the type scale."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

from kds.ui.kit.direction import isolated
from kds.ui.kit.style import restyle
from kds.ui.theme import TextRole, ToneName

Softness = Literal["", "true", "faint"]


class Label(QLabel):
    """Plain text in a role of the type scale; `soft` "true" or "faint" takes it back.

    It stands where the screen is read from, whichever way its own words run.
    """

    def __init__(
        self,
        text: str = "",
        role: TextRole = "body",
        *,
        soft: Softness = "",
        tone: ToneName | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("soft", soft)
        self.setProperty("tone", tone or "")
        self.setAlignment(self.alignment())

    def setAlignment(self, alignment: Qt.AlignmentFlag) -> None:
        """Left is where reading begins."""
        self._alignment = alignment
        super().setAlignment(QStyle.visualAlignment(self.layoutDirection(), alignment))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.setAlignment(self._alignment)

    def set_tone(self, tone: ToneName | None) -> None:
        restyle(self, tone=tone or "")

    def set_soft(self, soft: Softness) -> None:
        restyle(self, soft=soft)


class SectionTitle(Label):
    """The heading of a part of a screen."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, "title", parent=parent)


class ElidedLabel(Label):
    """One line that gives way: it ends in "…" when there is no room, and its tip has it all."""

    def __init__(
        self,
        text: str = "",
        role: TextRole = "body",
        *,
        soft: Softness = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, soft=soft, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 3, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        box = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawItemText(
            painter,
            box,
            self.alignment().value | Qt.TextFlag.TextSingleLine.value,
            option.palette,
            self.isEnabled(),
            isolated(shown),
            self.foregroundRole(),
        )
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            fits = self.fontMetrics().horizontalAdvance(self.text()) <= self.width()
            self.setToolTip("" if fits else self.text())
        return super().event(event)
