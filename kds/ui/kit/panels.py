"""Surfaces that group things, and what stands there when there is nothing to show."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QMargins, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kds.ui.kit.picture import Picture
from kds.ui.kit.text import Label
from kds.ui.theme import look

PanelKind = Literal[
    "", "ground", "surface", "card", "sunken", "bar", "alarm", "banner", "call", "ready"
]


class Panel(QFrame):
    """A surface with a vertical or horizontal box in it (`box`), with even padding."""

    def __init__(
        self,
        kind: PanelKind = "surface",
        *,
        horizontal: bool = False,
        padding: int = 16,
        gap: int = 12,
        parent: QWidget | None = None,
    ) -> None:
        """`padding` and `gap` in token pixels; they follow the look's scale."""
        super().__init__(parent)
        self._padding, self._gap = padding, gap
        self.setProperty("panel", kind)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.box = QHBoxLayout(self) if horizontal else QVBoxLayout(self)
        self._space()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "box"):
            self._space()

    def _space(self) -> None:
        pad = look().px(self._padding)
        if self.box.contentsMargins() != (margins := QMargins(pad, pad, pad, pad)):
            self.box.setContentsMargins(margins)
        if self.box.spacing() != (gap := look().px(self._gap)):
            self.box.setSpacing(gap)


class Card(Panel):
    """A panel with a border and round corners."""

    def __init__(
        self, *, horizontal: bool = False, padding: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__("card", horizontal=horizontal, padding=padding, parent=parent)


class Rule(QFrame):
    """A hairline between two things."""

    def __init__(self, *, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "rule")
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)


class EmptyState(QWidget):
    """What a view says when it has nothing: an icon, a title, and what to do or to expect."""

    def __init__(
        self, title: str, hint: str = "", icon_name: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._picture = Picture(icon_name, lambda theme: theme.text_faint, 72)
        self._title = Label(title, "heading")
        self._hint = Label(hint, "body", soft="true")
        self._hint.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setSpacing(look().px(12))
        box.addStretch(2)
        for part in (self._picture, self._title, self._hint):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            box.addWidget(part)
        box.addStretch(3)
        self._picture.setVisible(bool(icon_name))

    def set(self, title: str, hint: str = "", icon_name: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._hint.setText(hint)
        self._picture.set_icon(icon_name)
        self._picture.setVisible(bool(icon_name))

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def hint(self) -> str:
        return self._hint.text()
