"""The service on the board, with what happened beside it and the whole of it underneath."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kds.domain.replay.jam import worst
from kds.session.replay import ReplayDesk
from kds.ui.kit import EmptyState, Panel
from kds.ui.kitchen.view import BoardView
from kds.ui.models import TicketModel
from kds.ui.replay.band import Edge, ReplayBand
from kds.ui.replay.controls import Controls
from kds.ui.replay.deed_list import DeedList
from kds.ui.replay.scrubber import Scrubber
from kds.ui.replay.words import chosen_deeds, jam_words, plain
from kds.ui.theme import look

FRAME_MS = 40
MINUTE = timedelta(minutes=1)
_LIST_WIDTH = 430  # token pixels
Key = Qt.Key


class Player(Panel):
    """Shows the service that a desk has loaded; one of them for each service.

    A tap on a ticket lists what happened to it. `zone`: of the wall that its times were read from.
    `seconds` gives monotonic seconds.
    """

    left = Signal()

    def __init__(
        self,
        desk: ReplayDesk,
        zone: tzinfo,
        parent: QWidget | None = None,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__("ground", padding=0, gap=0, parent=parent)
        self._desk, self._seconds = desk, seconds
        self._zone = zone
        self._station = ""
        self._numbers = self._order_numbers()
        self._ticked = seconds()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.band = ReplayBand()
        self.deeds = DeedList()
        self.scrubber = Scrubber()
        self.controls = Controls()
        self.nothing = EmptyState("Nothing to make", "No ticket was open at this moment.", "check")
        self.nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._edge = Edge()
        self._make_board()
        self._lay_out()
        self._wire()
        self._show_service()

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._edge, 1)
        middle.addWidget(self.deeds)
        self.deeds.setFixedWidth(look().px(_LIST_WIDTH))
        self.box.addWidget(self.band)
        self.box.addLayout(middle, 1)
        self.box.addWidget(self.scrubber)
        self.box.addWidget(self.controls)

    def _make_board(self) -> None:
        """A board of the chosen station, in place of another one."""
        stations = frozenset({self._station} if self._station else ())
        self.tickets = TicketModel(self._desk.store, stations, self, now=self._desk.now)
        self.board = BoardView(self.tickets, self._wall_time)
        self.board.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are the player's
        self.board.tapped.connect(self._list_order)
        self.board.pages_changed.connect(self.controls.show_page)
        self.board.installEventFilter(self)
        self._edge.box.addWidget(self.board)
        self.nothing.setParent(self.board)
        tickets = self.tickets
        for signal in (tickets.rowsInserted, tickets.rowsRemoved, tickets.modelReset):
            signal.connect(self._show_nothing)
        self._show_nothing()

    def _wall_time(self) -> datetime:
        return self._desk.now().astimezone(self._zone)

    def _drop_board(self) -> None:
        self.nothing.setParent(self)
        self._edge.box.removeWidget(self.board)
        self.tickets.detach()
        self.board.setParent(None)
        self.board.deleteLater()
        self.tickets.deleteLater()

    def _wire(self) -> None:
        desk, controls = self._desk, self.controls
        self.scrubber.sought.connect(desk.seek)
        self.deeds.sought.connect(desk.seek_place)
        self.deeds.typed.connect(self._list_deeds)
        self.deeds.done.connect(self.setFocus)
        controls.left.connect(self.left)
        controls.played.connect(self._toggle)
        controls.stepped.connect(self._step)
        controls.speed_chosen.connect(desk.set_speed)
        controls.station_chosen.connect(self._choose_station)
        controls.turned.connect(lambda step: self.board.set_page(self.board.page + step))
        controls.worst_tapped.connect(self._go_to_worst)
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        self._unfollow = desk.moved.connect(self._follow)

    def end(self) -> None:
        """Let go of the desk, which may show something else from now on."""
        self._desk.set_playing(False)
        self._unfollow()
        self.tickets.detach()
        self._timer.stop()

    def _show_service(self) -> None:
        timeline = self._desk.show.timeline
        stations = sorted(self._desk.store.rows("stations").values(), key=lambda s: s["position"])
        self.controls.set_stations([(row["id"], row["name"]) for row in stations])
        self.scrubber.set_service(timeline.start, timeline.end, self._zone)
        self._show_load()
        self._list_deeds()
        self._follow(None)

    # -- acts -----------------------------------------------------------------------------

    def tick(self) -> None:
        """Some time has passed."""
        now = self._seconds()
        passed, self._ticked = now - self._ticked, now
        self._desk.advance(passed)

    def _toggle(self) -> None:
        self._ticked = self._seconds()
        self._desk.set_playing(not self._desk.playing)

    def _step(self, step: int) -> None:
        """To the listed deed before or after this moment."""
        self._desk.set_playing(False)
        place = self.deeds.neighbour(step)
        if place is not None:
            self._desk.seek_place(place)

    def _skip(self, by: timedelta) -> None:
        self._desk.seek(self._desk.now() + by)

    def _go_to_worst(self) -> None:
        found = worst(self._desk.show.jam, self._shown_stations)
        if found is not None:
            self._desk.seek(found[0])

    def _choose_station(self, station_id: str) -> None:
        self._station = station_id
        self._drop_board()
        self._make_board()
        self._show_load()
        self._list_deeds()
        self.setFocus()

    def _list_ticket(self, number: int) -> None:
        """What happened to the n-th ticket of the page, from 0."""
        shown = self.board.board.tickets_on(self.board.page)
        if number < len(shown):
            self._list_order(shown[number], "")

    def _list_order(self, order_id: str, _: str) -> None:
        row = self._desk.store.row("orders", order_id)
        if row is not None:
            self.deeds.search.setText(row["number"])

    # -- what is shown --------------------------------------------------------------------

    @property
    def _shown_stations(self) -> frozenset[str]:
        return frozenset({self._station} if self._station else ())

    def _order_numbers(self) -> dict[str, str]:
        deeds = self._desk.show.deeds
        return {plain(deed.number): deed.order_ids[0] for deed in deeds if plain(deed.number)}

    def _show_load(self) -> None:
        jam, stations = self._desk.show.jam, self._shown_stations
        found = worst(jam, stations)
        self.scrubber.set_load(jam.at(stations))
        self.controls.show_worst(jam_words(found, self._zone), any_late=found is not None)

    def _list_deeds(self) -> None:
        every = self._desk.show.deeds
        deeds = chosen_deeds(every, self.deeds.search.text(), self._station, self._numbers)
        self.deeds.show_deeds(deeds, self._desk.place, self._zone)
        some = bool(self.deeds.search.text().strip())
        self.scrubber.set_marks([deed.at for deed in deeds] if some else ())

    def _follow(self, _: object) -> None:
        desk, at = self._desk, self._desk.now()
        self.tickets.pass_time()
        self.board.tick()
        self.band.set(at, self._zone)
        self.scrubber.set_now(at)
        self.deeds.show_place(desk.place)
        self.controls.show_playing(playing=desk.playing, speed=desk.speed)
        if desk.playing != self._timer.isActive():
            (self._timer.start if desk.playing else self._timer.stop)()

    def _show_nothing(self) -> None:
        """Said on an empty board, so that it does not look broken."""
        self.nothing.setVisible(not len(self.tickets))
        self.nothing.setGeometry(self.board.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.board and event.type() == QEvent.Type.Resize:
            self._show_nothing()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "deeds"):
            self.deeds.setFixedWidth(look().px(_LIST_WIDTH))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._desk.playing:
            self._desk.set_playing(False)

    # -- keys -----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._meaning(Key(event.key()), event.modifiers())
        if act is None:
            event.ignore()
        else:
            act()

    def _meaning(self, key: Key, held: Qt.KeyboardModifier) -> Callable[[], object] | None:
        if held & Qt.KeyboardModifier.ShiftModifier and key in (Key.Key_Left, Key.Key_Right):
            return lambda: self._skip(-MINUTE if key == Key.Key_Left else MINUTE)
        if Key.Key_1 <= key <= Key.Key_9:
            return lambda: self._list_ticket(key - Key.Key_1)
        desk, board = self._desk, self.board
        return {
            Key.Key_Space: self._toggle,
            Key.Key_Left: lambda: self._step(-1),
            Key.Key_Right: lambda: self._step(1),
            Key.Key_Up: lambda: self._step(-1),
            Key.Key_Down: lambda: self._step(1),
            Key.Key_Plus: lambda: desk.change_speed(1),
            Key.Key_Equal: lambda: desk.change_speed(1),  # plus without shift
            Key.Key_Minus: lambda: desk.change_speed(-1),
            Key.Key_0: lambda: desk.set_speed(1.0),
            Key.Key_Home: lambda: desk.seek_place(0),
            Key.Key_End: lambda: desk.seek(desk.show.timeline.end),
            Key.Key_PageUp: lambda: board.set_page(board.page - 1),
            Key.Key_PageDown: lambda: board.set_page(board.page + 1),
            Key.Key_F: self.deeds.search.setFocus,
            Key.Key_Slash: self.deeds.search.setFocus,
            Key.Key_W: self._go_to_worst,
            Key.Key_Escape: self._let_go,
        }.get(key)

    def _let_go(self) -> None:
        """Out of the search first, then out of the service."""
        if self.deeds.search.text():
            self.deeds.search.clear()
        else:
            self.left.emit()
