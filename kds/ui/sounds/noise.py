"""The ears and the voice of one screen: what happens is heard here, as its settings say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from kds.domain.changes import ChangeSet
from kds.domain.ringing import Bells, Play, SoundSettings
from kds.domain.sounds import HEARD, Hearer, Lateness, LinkEar, Listener, Ring, SoundEvent, hear
from kds.domain.tickets import Ticket
from kds.ui.kit import spawn
from kds.ui.models.frame import FrameCoalescer

if TYPE_CHECKING:
    from kds.session.session import Session

KEY = "sounds"
LOOK_MS = 1000
_TOUCHES = (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.KeyPress)


class Voice(Protocol):
    """What plays: a `Speaker`."""

    def play(self, plays: Iterable[Play]) -> None: ...


class Noise(QObject):
    """Follows a session until its own end.

    `tickets` gives those on the board, for those that become late; who shows none leaves it out.
    """

    settings_changed = Signal()

    def __init__(
        self,
        session: Session,
        voice: Voice,
        hearer: Hearer,
        tickets: Callable[[], Iterable[Ticket]] = tuple,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._voice, self._tickets = session, voice, tickets
        self.hearer: Hearer = hearer
        self._bells = Bells(SoundSettings.at_first(hearer))
        self._lateness, self._link = Lateness(), LinkEar()
        self._frame = FrameCoalescer(self._hear, self)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._listens_for_touch = False
        self.destroyed.connect(session.store.changed.connect(self._frame.add))

    async def start(self) -> None:
        """Take the settings that were kept, and look at the clock from now on."""
        self._bells.settings = SoundSettings.from_json(
            await self._session.settings.get(KEY), self.hearer
        )
        self.settings_changed.emit()
        self._timer.start()

    def stop(self) -> None:
        """No sound any more."""
        self._timer.stop()
        self.touched()

    # -- settings -------------------------------------------------------------------------

    @property
    def settings(self) -> SoundSettings:
        return self._bells.settings

    def set_settings(self, settings: SoundSettings) -> None:
        """From now on, and after a restart."""
        self._bells.settings = settings
        self.settings_changed.emit()
        spawn(self._session.settings.put(KEY, settings.to_json()), "keep the sounds")

    def change(self, event: SoundEvent, **changes: Any) -> None:
        """Another choice (`on`, `sound`, `volume`, `repeat`) for an event."""
        self.set_settings(self.settings.changed(event, **changes))

    def stations(self) -> list[tuple[str, str]]:
        """Id and name of the stations that this screen shows, in the kitchen's order."""
        shown = self._watched()
        rows = self._session.store.rows("stations").values()
        ordered = sorted(rows, key=lambda row: (row["position"], row["id"]))
        return [(row["id"], row["name"]) for row in ordered if not shown or row["id"] in shown]

    # -- what is heard --------------------------------------------------------------------

    def ring(self, event: SoundEvent, station_id: str = "") -> None:
        """Something happened that no row tells of: a dark station, a number on the board."""
        self._play([Ring(event, station_id)])

    def test(self, event: SoundEvent, station_id: str = "") -> None:
        """Let a person hear what an event sounds like, also while it is off."""
        choice = self.settings.choices[event]
        own = self.settings.own_sound(Ring(event, station_id))
        self._voice.play([Play(own or choice.sound, choice.volume)])

    def test_any(self) -> None:
        """Let a person hear whether anything can be heard."""
        on = (event for event in HEARD[self.hearer] if self.settings.choices[event].on)
        self.test(next(on, HEARD[self.hearer][0]))

    def look(self) -> None:
        """What time alone brings; once a second is enough."""
        now = self._session.now()
        status = self._session.status
        rings = self._lateness.look(self._tickets(), now)
        rings |= self._link.look(status.link == "connected" or status.polling, now)
        self._play(rings)
        self._voice.play(self._bells.again(now))

    def flush(self) -> None:
        """Hear what waits for the next frame, now."""
        self._frame.flush()

    def touched(self) -> None:
        """Somebody is there: what rings until then is silent."""
        self._bells.touched()
        self._await_touch(False)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self.touched()
        return False

    def _hear(self, change_sets: Sequence[ChangeSet]) -> None:
        device, now = self._session.device, self._session.now()
        listener = Listener(self.hearer, device.id if device else "", self._watched())
        store = self._session.store
        self._play({ring for one in change_sets for ring in hear(one, listener, store, now)})

    def _watched(self) -> frozenset[str]:
        return self._session.watched

    def _play(self, rings: Iterable[Ring]) -> None:
        self._voice.play(self._bells.ring(rings, self._session.now()))
        self._await_touch(self._bells.calling)

    def _await_touch(self, wanted: bool) -> None:
        """Every event of the program would pass through here, so only while it matters."""
        app = QCoreApplication.instance()
        if app is None or wanted == self._listens_for_touch:
            return
        self._listens_for_touch = wanted
        if wanted:
            app.installEventFilter(self)
        else:
            app.removeEventFilter(self)
