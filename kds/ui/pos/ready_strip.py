"""An order of this till is ready: who it is for, and one tap when it is gone.

It lies under the menu and under the list, where nothing moves when it comes and goes.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kds.ui.kit import Button, ElidedLabel, IconButton, Strip
from kds.ui.pos.calls import Calls, ReadyOrder
from kds.ui.theme import look

GIVE_KEY, AWAY_KEY = "F7", "F6"
ROOMY = 600  # token pixels
NAMED = 3  # more ready orders than this are counted


class ReadyStrip(Strip):
    """Shows the order that has been ready longest; `given` carries its id."""

    given = Signal(str)

    def __init__(self, calls: Calls, parent: QWidget | None = None) -> None:
        super().__init__("ready", "check", ElidedLabel("", "title"), padding=8, parent=parent)
        self._calls = calls
        self._more = ElidedLabel("", "body")
        self.give = Button("", icon_name="check")
        self.away = IconButton("x", f"Not now ({AWAY_KEY})")
        self.words.addWidget(self._more)
        self.box.addWidget(self.give)
        self.box.addWidget(self.away)
        self.give.clicked.connect(lambda: self._on_first(lambda one: self.given.emit(one.order_id)))
        self.away.clicked.connect(lambda: self._on_first(calls.wave_away))
        for key, button in ((GIVE_KEY, self.give), (AWAY_KEY, self.away)):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the search alone
            self.on_key(key, button.click)
        self.destroyed.connect(calls.changed.connect(lambda _: self.refresh()))
        self.refresh()

    @property
    def more(self) -> str:
        return self._more.text()

    def refresh(self) -> None:
        """Tell of the order that has been ready longest."""
        ready = self._calls.ready
        if not ready:
            self.say("")
            return
        first, rest = ready[0], [one.number for one in ready[1:]]
        over = f" +{len(rest) - NAMED}" if len(rest) > NAMED else ""
        self._more.setText(f"Also {', '.join(rest[:NAMED])}{over}" if rest else "")
        self._more.setVisible(bool(rest))
        text = f"{first.number} is ready · {first.place}"
        self.say(text, ". ".join(filter(None, (text, self._more.text()))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the number is worth more than the name of a key."""
        super().resizeEvent(event)
        key = f"   {GIVE_KEY}" if event.size().width() >= look().px(ROOMY) else ""
        self.give.setText(f"Handed over{key}")

    def _on_first(self, deed: Callable[[ReadyOrder], object]) -> None:
        if ready := self._calls.ready:
            deed(ready[0])
