"""The time of day at the branch."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from kds.domain.rows import Row
from kds.ui.kit import Label

if TYPE_CHECKING:
    from kds.session.session import Session


def zone_of(branch: Row | None) -> tzinfo:
    """The branch's time zone; UTC while it is unknown, or when this machine does not know it."""
    try:
        return ZoneInfo(branch["timezone"]) if branch else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def branch_now(session: Session) -> datetime:
    """The server's time on the branch's wall."""
    return session.now().astimezone(zone_of(session.store.branch))


class ClockLabel(Label):
    """Hours and minutes, in server time on the branch's wall."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("", "title", parent=parent)
        self._session = session
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self.refresh)
        self._timer.start()
        self.refresh()

    def refresh(self) -> None:
        text = f"{branch_now(self._session):%H:%M}"
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(f"It is {text}")
