"""Qt's own messages go where ours go."""

from __future__ import annotations

import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("qt")

LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
# What the offscreen platform says of itself each time a window is sized or raised.
OFFSCREEN = "This plugin does not support"


def install() -> None:
    """From now on Qt logs to the logger `qt`."""
    qInstallMessageHandler(_handle)


def _handle(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    level = logging.DEBUG if text.startswith(OFFSCREEN) else LEVELS.get(kind, logging.WARNING)
    log.log(level, "%s", text)
