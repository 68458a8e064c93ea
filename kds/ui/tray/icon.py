"""The icon in the system tray: the restaurant's news while no window is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from kds.domain.notices import Notice
from kds.session.status import Status
from kds.ui.kit import pixmap
from kds.ui.shell.house_window import HouseWindow
from kds.ui.shell.window import NOTICES, MainWindow
from kds.ui.shell.words import link_word
from kds.ui.theme import look
from kds.ui.theme.fonts import make_font

if TYPE_CHECKING:
    from kds.session.bell import Bell
    from kds.session.session import Session

SIDE = 64
_URGENT = ("low_stock", "refused", "eighty_six", "branch", "locked")


def tray_icon(unread: int, offline: bool) -> QIcon:
    """The program's mark with a count on it; grey and crossed while there is no connection."""
    theme = look().theme
    tone = theme.tones["neutral" if offline else "accent"]
    picture = QPixmap(SIDE, SIDE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tone.solid))
    painter.drawRoundedRect(QRectF(2, 2, SIDE - 4, SIDE - 4), 14, 14)
    mark = pixmap("link-off" if offline else "kitchen", tone.on_solid, 40)
    painter.drawPixmap(12, 12, mark)
    if unread:
        danger = theme.tones["danger"]
        box = QRectF(SIDE - 36, 0, 36, 32)
        painter.setBrush(QColor(danger.solid))
        painter.drawRoundedRect(box, 16, 16)
        painter.setPen(QColor(danger.on_solid))
        font: QFont = make_font(22, 800)
        painter.setFont(font)
        text = "9+" if unread > 9 else str(unread)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return QIcon(picture)


class TrayIcon(QObject):
    """Shows the bell's count, and each new notice as a message; opens `window` when tapped.

    Use it only where `TrayIcon.available()`; elsewhere the window simply stays open. Only the
    menu's Quit calls `quit_app`.
    """

    def __init__(
        self,
        session: Session,
        window: MainWindow | HouseWindow,
        *,
        quit_app: Callable[[], None],
        bell: Bell | None = None,
    ) -> None:
        """`bell`: the notices to tell, when they are not only the session's."""
        super().__init__(window)
        self._session = session
        self._notices = bell or session.notices
        self._window = window
        self.icon = QSystemTrayIcon(self)
        self.menu = QMenu(window)
        self.menu.addAction("Open", window.come_to_front)
        self.menu.addAction("Dark or light", window.toggle_theme)
        self.menu.addSeparator()
        self.menu.addAction("Quit", quit_app)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._tapped)
        self.icon.messageClicked.connect(self._open_news)
        for stop in (
            self._notices.changed.connect(self._on_notice),
            session.status_changed.connect(lambda _: self.refresh()),
        ):
            self.destroyed.connect(stop)
        self.refresh()
        self.icon.show()

    @staticmethod
    def available() -> bool:
        """Whether this desktop has a tray at all."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def hide(self) -> None:
        self.icon.hide()

    def refresh(self) -> None:
        """Draw the icon and its tip anew."""
        status: Status = self._session.status
        unread = self._notices.unread
        offline = status.link != "connected" and not status.polling
        self.icon.setIcon(tray_icon(unread, offline))
        news = f"{unread} new" if unread else "nothing new"
        words = link_word(status, self._session.now()).text
        self.icon.setToolTip(f"{self._window.windowTitle()}\n{words}\n{news}")

    def _on_notice(self, notice: Notice | None) -> None:
        self.refresh()
        if notice is None:
            return
        urgent = QSystemTrayIcon.MessageIcon.Warning
        plain = QSystemTrayIcon.MessageIcon.Information
        kind = urgent if notice.kind in _URGENT else plain
        title = f"{notice.branch} · {notice.title}" if notice.branch else notice.title
        self.icon.showMessage(title, notice.body, kind)

    def _tapped(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (
            QSystemTrayIcon.ActivationReason.Trigger,
            QSystemTrayIcon.ActivationReason.DoubleClick,
        ):
            self._window.come_to_front()

    def _open_news(self) -> None:
        self._window.come_to_front()
        self._window.show_where(NOTICES)
