"""A page of fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kds.ui.kit import Panel, SectionTitle, scrolling
from kds.ui.setup.fields import Field
from kds.ui.theme import look

ABREAST = 700
"""Less room than this, in token pixels, has a title above its control."""

W = TypeVar("W", bound=QWidget)


class Form(QWidget):
    """Sections of fields under one another; it scrolls when there are too many.

    `ask` runs a change for a field, which tells why not.
    """

    def __init__(self, *, framed: bool = True) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self._page = Panel("card", padding=24) if framed else Panel("", padding=0)
        outer = QWidget()
        box = QVBoxLayout(outer)
        box.setContentsMargins(0, 0, look().px(8), 0)
        box.addWidget(self._page)
        box.addStretch(1)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scrolling(outer))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for field in self.fields.values():
            field.stack(event.size().width() < look().px(ABREAST))

    def add_title(self, title: str) -> SectionTitle:
        label = SectionTitle(title)
        self._page.box.addWidget(label)
        return label

    def add(self, name: str, title: str, control: W, hint: str = "") -> W:
        """One more field, called `name`; its control."""
        field = self.fields[name] = Field(title, control, hint)
        self._page.box.addWidget(field)
        return control

    def ask(self, name: str, change: Callable[[], str]) -> bool:
        """Whether the change was made; the field says why not. What others said is over."""
        problem = change()
        self.complain(name, problem)
        return not problem

    def complain(self, name: str, problem: str) -> None:
        for key, field in self.fields.items():
            field.complain(problem if key == name else "")
