"""Buttons that a finger can hit: at least 56 px high at scale 1."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyleOptionButton, QWidget

from kds.ui.kit.direction import isolated
from kds.ui.kit.icons import icon
from kds.ui.kit.style import restyle
from kds.ui.theme import ToneName, look

ButtonKind = Literal["quiet", "primary", "danger", "ghost", "icon", "segment"]
_STYLE_EVENTS = (QEvent.Type.StyleChange, QEvent.Type.EnabledChange)


class Button(QPushButton):
    """A push button: at most one "primary" a screen, "quiet" for the rest, "ghost" in bars."""

    def __init__(
        self,
        text: str = "",
        kind: ButtonKind = "quiet",
        *,
        icon_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind: ButtonKind = kind
        self._icon_name = icon_name
        self._icon_key: tuple[str, str, int] | None = None
        self.setProperty("kind", kind)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._refresh_icon()

    def set_kind(self, kind: ButtonKind) -> None:
        self._kind = kind
        restyle(self, kind=kind)
        self._refresh_icon()

    def set_icon(self, name: str) -> None:
        """Another icon; "" takes it away."""
        self._icon_name = name
        self._refresh_icon()

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Words in their own direction, and as far from the icon as a letter of them is wide."""
        super().initStyleOption(option)
        if option.text:
            gap = " " if self._icon_name else ""
            words = isolated(option.text).split("\n")
            option.text = "\n".join(f"{gap}{line}" for line in words)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _STYLE_EVENTS:
            self._refresh_icon()

    def _ink(self) -> str:
        theme = look().theme
        if not self.isEnabled():
            return theme.text_faint
        if self._kind in ("primary", "danger"):
            return theme.tones["accent" if self._kind == "primary" else "danger"].on_solid
        return theme.text

    def _refresh_icon(self) -> None:
        key = (self._icon_name, self._ink(), look().px(24))
        if key == self._icon_key:
            return
        self._icon_key = key
        self.setIconSize(QSize(key[2], key[2]))
        if self._icon_name:
            self.setIcon(icon(key[0], key[1]))
        elif not self.icon().isNull():
            self.setIcon(type(self.icon())())


class IconButton(Button):
    """A square button with an icon; `set_badge` hangs a count on its corner.

    `label` is its tool tip and what a screen reader says.
    """

    def __init__(self, icon_name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__("", "icon", icon_name=icon_name, parent=parent)
        self._label = label
        self._badge = ""
        self._badge_tone: ToneName = "danger"
        self.setToolTip(label)
        self.setAccessibleName(label)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def badge(self) -> str:
        """What the badge says; "" when there is none."""
        return self._badge

    def set_badge(self, count: int, tone: ToneName = "danger") -> None:
        """Show `count` ("9+" above nine); zero hides the badge."""
        text = "" if count <= 0 else str(count) if count <= 9 else "9+"
        if (text, tone) == (self._badge, self._badge_tone):
            return
        self._badge, self._badge_tone = text, tone
        self.setAccessibleName(f"{self._label}, {count}" if text else self._label)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._badge:
            return
        now, tone = look(), look().theme.tones[self._badge_tone]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(now.font_of(14, 700))
        height = now.px(22)
        width = max(height, painter.fontMetrics().horizontalAdvance(self._badge) + now.px(10))
        icon = self.iconSize()  # the badge hangs on its upper right corner, inside the button
        right = min(self.width(), (self.width() + icon.width() + width) / 2)
        top = max(0.0, (self.height() - icon.height() - height) / 2)
        box = QRectF(right - width, top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.solid))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(QColor(tone.on_solid))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._badge)
        painter.end()
