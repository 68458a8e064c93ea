"""What every window of ours tells its owner."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QWidget

LEAST = QSize(800, 600)


class TopLevel(QMainWindow):
    """A window that says when it is seen, and asks before it closes.

    `closing`: whoever keeps the program alive without it decides there (`event.ignore()`).
    `seen`: whether anybody can see it, each time that changes; put away and minimised are hidden.
    """

    closing = Signal(object)  # QCloseEvent
    seen = Signal(bool)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        # Our own, or the layout's: sized for the screen of before, it would keep a window that
        # moves to a smaller one from shrinking, and its text with it.
        self.setMinimumSize(LEAST)

    def come_to_front(self) -> None:
        """Show the window over the others, from wherever it is."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.emit(not self.isMinimized())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seen.emit(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.seen.emit(self.isVisible() and not self.isMinimized())
