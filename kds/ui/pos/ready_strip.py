"""An order of this till is ready: who it is for, and one tap when it is gone.

It lies under the menu and under the list, where nothing moves when it comes and goes.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QWidget

from kds.ui.kit import Button, ElidedLabel, IconButton, Panel, pixmap
from kds.ui.pos.calls import Calls, ReadyOrder
from kds.ui.theme import look

GIVE_KEY, AWAY_KEY = "F7", "F6"
NAMED = 3  # more ready orders than this are counted


class ReadyStrip(Panel):
    """Shows the order that has been ready longest; `given` carries its id."""

    given = Signal(str)

    def __init__(self, calls: Calls, parent: QWidget | None = None) -> None:
        super().__init__("ready", horizontal=True, padding=8, gap=12, parent=parent)
        self._calls = calls
        self._mark = QLabel()
        self._text = ElidedLabel("", "title")
        self._more = ElidedLabel("", "body")
        self.give = Button(f"Handed over   {GIVE_KEY}", icon_name="check")
        self.away = IconButton("x", f"Not now ({AWAY_KEY})")
        self.box.addSpacing(look().px(8))
        self.box.addWidget(self._mark)
        self.box.addWidget(self._text, 2)
        self.box.addWidget(self._more, 1)
        self.box.addWidget(self.give)
        self.box.addWidget(self.away)
        self.give.clicked.connect(lambda: self._on_first(lambda one: self.given.emit(one.order_id)))
        self.away.clicked.connect(lambda: self._on_first(lambda one: calls.wave_away(one.key)))
        for key, button in ((GIVE_KEY, self.give), (AWAY_KEY, self.away)):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the search alone
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(button.click)
        self.destroyed.connect(calls.changed.connect(lambda _: self.refresh()))
        self.hide()
        self.refresh()

    @property
    def text(self) -> str:
        """What it says; "" while nothing is ready."""
        return "" if self.isHidden() else self._text.text()

    @property
    def more(self) -> str:
        return self._more.text()

    def refresh(self) -> None:
        """Tell of the order that has been ready longest."""
        ready = self._calls.ready
        if not ready:
            self.hide()
            return
        first, rest = ready[0], [one.number for one in ready[1:]]
        self._text.setText(f"{first.number} is ready · {first.place}")
        over = f" +{len(rest) - NAMED}" if len(rest) > NAMED else ""
        self._more.setText(f"Also {', '.join(rest[:NAMED])}{over}" if rest else "")
        self.setAccessibleName(". ".join(filter(None, (self._text.text(), self._more.text()))))
        self._draw()
        self.show()

    def _on_first(self, deed: Callable[[ReadyOrder], object]) -> None:
        if ready := self._calls.ready:
            deed(ready[0])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "away"):
            self._draw()

    def _draw(self) -> None:
        side = look().px(32)
        self._mark.setFixedSize(QSize(side, side))
        ink = look().theme.tones["ok"].ink
        self._mark.setPixmap(pixmap("check", ink, side, self.devicePixelRatioF()))
