"""Figures under each other: name, value, unit. Nothing moves when a value changes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kds.session.metrics import ChannelInfo
from kds.session.status import Status
from kds.ui.kit import Label, Pill
from kds.ui.shell.panel_words import Figure, channel_name, channel_word
from kds.ui.theme import look

_VALUE, _UNIT = 96, 116  # least widths in token pixels


class FigureList(QWidget):
    """A line a figure, the values flush right under each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self._lines: list[tuple[Label, Label, Label]] = []
        self._space()

    @property
    def said(self) -> dict[str, str]:
        """The values with their units, by name."""
        return {
            name.text(): f"{value.text()} {unit.text()}".rstrip()
            for name, value, unit in self._lines
        }

    def set(self, figures: Sequence[Figure]) -> None:
        """Show these; always the same ones in the same order."""
        while len(self._lines) < len(figures):
            self._add()
        for (name, value, unit), figure in zip(self._lines, figures, strict=True):
            name.setText(figure.name)
            value.setText(figure.value)
            unit.setText(figure.unit)
            value.setAccessibleName(f"{figure.name}: {figure.value} {figure.unit}".rstrip())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_lines"):
            self._space()

    def _add(self) -> None:
        row = len(self._lines)
        line = Label("", soft="true"), Label("", "label"), Label("", soft="faint")
        line[1].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column, label in enumerate(line):
            self._grid.addWidget(label, row, column)
        self._lines.append(line)

    def _space(self) -> None:
        px = look().px
        self._grid.setColumnMinimumWidth(1, px(_VALUE))
        self._grid.setColumnMinimumWidth(2, px(_UNIT))
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(6))


class FigureRow(QWidget):
    """Figures beside each other, the value large under its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._parts: list[tuple[Label, Label]] = []

    @property
    def said(self) -> dict[str, str]:
        """The values with their units, by name."""
        return {name.text(): value.text() for name, value in self._parts}

    def set(self, figures: Sequence[Figure]) -> None:
        """Show these; always the same ones in the same order."""
        while len(self._parts) < len(figures):
            self._add()
        for (name, value), figure in zip(self._parts, figures, strict=True):
            name.setText(figure.name)
            value.setText(f"{figure.value} {figure.unit}")
            value.setAccessibleName(f"{figure.name}: {figure.value} {figure.unit}")

    def _add(self) -> None:
        part = Label("", "caption", soft="true"), Label("", "title")
        column = QVBoxLayout()
        column.setSpacing(0)
        for label in part:
            column.addWidget(label)
        self._box.addLayout(column, 1)
        self._parts.append(part)


class ChannelList(QWidget):
    """A line a channel: what comes by it, the server's words on a failure, its state."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self._lines: list[tuple[Label, Pill]] = []

    @property
    def said(self) -> dict[str, str]:
        """The states by what comes by the channel."""
        return {label.text(): pill.text for label, pill in self._lines if not label.isHidden()}

    def set(self, channels: Sequence[ChannelInfo], status: Status) -> None:
        """Show these; `status` is the link's that they stand on."""
        while len(self._lines) < len(channels):
            self._add()
        for index, (label, pill) in enumerate(self._lines):
            pill.setVisible(index < len(channels))
            label.setVisible(index < len(channels))
        for (label, pill), channel in zip(self._lines, channels, strict=False):
            word = channel_word(channel, status)
            pill.set(word.text, word.tone, word.shape)
            name = channel_name(channel.topic)
            label.setText(f"{name}\n{word.detail}" if word.detail else name)

    def _add(self) -> None:
        row, label, pill = len(self._lines), Label("", soft="true"), Pill()
        label.setWordWrap(True)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(pill, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._lines.append((label, pill))
