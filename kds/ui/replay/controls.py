"""Play, pause, speed, the next and the last thing that happened, and which station to look at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from kds.session.replay import SPEEDS
from kds.ui.kit import Button, IconButton, Label, Panel
from kds.ui.replay.words import speed_words


class Controls(Panel):
    """Shows what it is told; its buttons are signals. `stepped` carries -1 or 1."""

    left = Signal()
    played = Signal()
    stepped = Signal(int)
    speed_chosen = Signal(float)
    station_chosen = Signal(str)  # "" for all
    turned = Signal(int)  # -1 or 1: a page of the board
    worst_tapped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bar", horizontal=True, padding=6, gap=8, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.back = Button("Services", "quiet", icon_name="chevron-left")
        self.page_back = IconButton("chevron-left", "Previous page of tickets")
        self.page = Label("", "label")
        self.page_on = IconButton("chevron-right", "Next page of tickets")
        self.previous = IconButton("skip-back", "What happened before (left arrow)")
        self.play = Button("Play", "primary", icon_name="play")
        self.next = IconButton("skip-next", "What happened next (right arrow)")
        self.slower = IconButton("minus", "Slower (-)")
        self.speed = Button("", "ghost")
        self.faster = IconButton("plus", "Faster (+)")
        self.stations = QComboBox()
        self.stations.setAccessibleName("Station")
        self.worst = Button("", "quiet", icon_name="alert")
        self._fill()
        self._wire()

    def _fill(self) -> None:
        self.box.addWidget(self.back)
        for turn in (self.page_back, self.page, self.page_on):
            self.box.addWidget(turn)
        self.box.addStretch(1)
        for part in (self.previous, self.play, self.next):
            self.box.addWidget(part)
        self.box.addStretch(1)
        for part in (self.slower, self.speed, self.faster):
            self.box.addWidget(part)
        self.box.addStretch(1)
        self.box.addWidget(self.worst)
        self.box.addWidget(self.stations)
        self.speed.setToolTip("Real speed (0)")
        self.show_page(0, 1)

    def _wire(self) -> None:
        for button in self.findChildren(Button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the keyboard alone
        self.stations.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(self.left)
        self.play.clicked.connect(self.played)
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.slower.clicked.connect(lambda: self._change_speed(-1))
        self.faster.clicked.connect(lambda: self._change_speed(1))
        self.speed.clicked.connect(lambda: self.speed_chosen.emit(1.0))
        self.page_back.clicked.connect(lambda: self.turned.emit(-1))
        self.page_on.clicked.connect(lambda: self.turned.emit(1))
        self.worst.clicked.connect(self.worst_tapped)
        self.stations.activated.connect(self._station)

    def set_stations(self, stations: Sequence[tuple[str, str]]) -> None:
        """`(id, name)` of each; all are chosen."""
        self.stations.clear()
        self.stations.addItem("All stations", "")
        for key, name in stations:
            self.stations.addItem(name, key)

    def show_playing(self, *, playing: bool, speed: float) -> None:
        self._speed = SPEEDS.index(speed)
        self.play.setText("Pause" if playing else "Play")
        self.play.set_icon("pause" if playing else "play")
        self.speed.setText(speed_words(speed))
        self.slower.setEnabled(self._speed > 0)
        self.faster.setEnabled(self._speed < len(SPEEDS) - 1)

    def show_page(self, page: int, pages: int) -> None:
        """`page` from 0; nothing is said of a single one."""
        self.page.setText(f"Page {page + 1}/{pages}")
        for part in (self.page_back, self.page, self.page_on):
            part.setVisible(pages > 1)
        self.page_back.setEnabled(page > 0)
        self.page_on.setEnabled(page < pages - 1)

    def show_worst(self, words: str, *, any_late: bool) -> None:
        self.worst.setText(words)
        self.worst.setEnabled(any_late)

    def _change_speed(self, step: int) -> None:
        self.speed_chosen.emit(SPEEDS[self._speed + step])

    def _station(self, row: int) -> None:
        self.station_chosen.emit(self.stations.itemData(row))
