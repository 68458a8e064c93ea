"""A window that nobody leaves by accident: full screen, no pointer lying about, asked to close."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QCursor, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from kds.ui.kit import Button, Label, Sheet
from kds.ui.theme import look

CLOSE_KEY = "Ctrl+Q"
POINTER_MS = 3000
_MOVES = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)


class Locked(QObject):
    """Asks before `window` closes; `close` is called when somebody really wants to."""

    def __init__(self, window: QWidget, close: Callable[[], None]) -> None:
        super().__init__(window)
        self.sheet = CloseSheet(window, close)
        key = QShortcut(QKeySequence(CLOSE_KEY), window)
        key.activated.connect(self.sheet.open)
        self.pointer = Pointer(window)

    def refuse(self, event: QCloseEvent) -> None:
        """Somebody or something tries to close the window."""
        event.ignore()
        self.sheet.open()


class CloseSheet(Sheet):
    """The way out. The keyboard is on the way back: Enter and Escape stay."""

    def __init__(self, parent: QWidget, close: Callable[[], None]) -> None:
        super().__init__("Close this screen?", parent, side="center", width=560)
        words = Label("Orders do not appear here while it is closed.", "body", soft="true")
        words.setWordWrap(True)
        self.stay = Button("Keep it open", "primary")
        self.leave = Button("Close it", "danger")
        self.body.box.addWidget(words)
        self.body.box.addSpacing(look().px(12))
        for button in (self.stay, self.leave):
            button.setAutoDefault(True)  # Enter presses what has the keyboard
            self.body.box.addWidget(button)
        self.stay.clicked.connect(self.close_sheet)
        self.leave.clicked.connect(close)

    def open(self) -> None:
        super().open()
        self.stay.setFocus()


class Pointer(QObject):
    """Hides the mouse pointer over `window` when the mouse has been still for `POINTER_MS`."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._hidden = False
        self._timer = QTimer(self, singleShot=True, interval=POINTER_MS)
        self._timer.timeout.connect(self.hide)
        window.winId()  # so that it has a handle, where all movement of the mouse comes by
        handle = window.windowHandle()
        handle.installEventFilter(self)
        self.destroyed.connect(_show_pointer)
        self._timer.start()

    @property
    def hidden(self) -> bool:
        return self._hidden

    def hide(self) -> None:
        if not self._hidden:
            self._hidden = True
            QGuiApplication.setOverrideCursor(QCursor(Qt.CursorShape.BlankCursor))

    def show(self) -> None:
        """For another while."""
        self._timer.start()
        if self._hidden:
            self._hidden = False
            QGuiApplication.restoreOverrideCursor()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self.show()
        return False


def _show_pointer() -> None:
    while QGuiApplication.overrideCursor() is not None:
        QGuiApplication.restoreOverrideCursor()
