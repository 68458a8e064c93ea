"""The navigation: one large button a screen, from F1 on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from kds.ui.kit import Panel, pixmap
from kds.ui.shell.screen import Screen
from kds.ui.theme import look


class RailButton(QAbstractButton):
    """An icon over a word; the chosen one has a filled ground and a bar at its edge."""

    def __init__(self, screen: Screen, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = screen.icon
        self.setText(screen.title)
        self.setCheckable(True)
        self.setToolTip(f"{screen.title} ({key})" if key else screen.title)
        self.setAccessibleName(screen.title)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(look().px(96), look().px(80))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, theme = look(), look().theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent = theme.tones["accent"]
        chosen = self.isChecked()
        box = QRectF(self.rect()).adjusted(now.px(6), now.px(3), -now.px(6), -now.px(3))
        ground = accent.soft if chosen else theme.raised_hover if self.underMouse() else ""
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.focus), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, now.px(10), now.px(10))
        ink = accent.ink if chosen else theme.text_soft
        side = now.px(28)
        picture = pixmap(self._icon_name, ink, side, self.devicePixelRatioF())
        painter.drawPixmap(
            round(box.center().x() - side / 2), round(box.top() + now.px(11)), picture
        )
        painter.setPen(QColor(ink))
        painter.setFont(now.font_of(14, 700 if chosen else 550))
        words = box.adjusted(0, now.px(42), 0, -now.px(6))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Rail(Panel):
    """The screens of this device; `chosen` carries the index that was tapped."""

    chosen = Signal(int)

    def __init__(self, screens: Sequence[Screen], parent: QWidget | None = None) -> None:
        super().__init__("bar", padding=4, gap=2, parent=parent)
        self._group = QButtonGroup(self)
        self.buttons: list[RailButton] = []
        for index, screen in enumerate(screens):
            button = RailButton(screen, f"F{index + 1}")
            self._group.addButton(button, index)
            self.box.addWidget(button)
            self.buttons.append(button)
        self.box.addStretch(1)
        self._group.idClicked.connect(self.chosen)

    def mark(self, index: int) -> None:
        """Show which screen is open."""
        self.buttons[index].setChecked(True)
