"""A few lines under a title, for the side of the dashboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kds.ui.kit import Card, ElidedLabel, Label, Pill, SectionTitle
from kds.ui.kit.shapes import Shape
from kds.ui.theme import ToneName, look

Entry = tuple[str, str, ToneName, Shape]
"""Words, and a pill's words, tone and shape."""
LINE = 44  # token pixels from one entry to the next


class ShortList(Card):
    """As many entries as there is room for; the rest is counted. A tap opens the whole list."""

    opened = Signal()

    def __init__(self, title: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._nothing = nothing
        self._entries: tuple[Entry, ...] = ()
        self._shown: tuple[tuple[Entry, ...], int] | None = None
        self._title = title
        self._head = SectionTitle(title)
        self.box.addWidget(self._head)
        self._lines: list[QWidget] = []
        self.box.addStretch(1)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    def say(self, entries: Sequence[Entry]) -> None:
        """Show these; nothing happens when they are the same."""
        self._entries = tuple(entries)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh()

    def sizeHint(self) -> QSize:
        return QSize(look().px(320), look().px(160))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _refresh(self) -> None:
        room = max(1, (self.height() - look().px(88)) // look().px(LINE))
        if (self._entries, room) == self._shown:
            return
        entries, self._shown = self._entries, (self._entries, room)
        self._head.setText(f"{self._title} · {len(entries)}" if entries else self._title)
        for line in self._lines:
            self.box.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [_line(entry) for entry in entries[:room]]
        if len(entries) > room:
            more = len(entries) - room
            self._lines.append(Label(f"and {more} more", "caption", soft="true"))
        if not entries:
            self._lines.append(Label(self._nothing, "body", soft="true"))
        for index, line in enumerate(self._lines, 1):
            self.box.insertWidget(index, line)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit()


def _line(entry: Entry) -> QWidget:
    words, said, tone, shape = entry
    line = QWidget()
    box = QHBoxLayout(line)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(ElidedLabel(words, "body"), 1)
    box.addWidget(Pill(said, tone, shape))
    return line
