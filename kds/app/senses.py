"""What a window does for a person who does not look at it: it is heard, and stays lit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QWidget

from kds.app.awake import Awake
from kds.app.config import Profile
from kds.app.windows import Window
from kds.domain.coverage import Offer
from kds.domain.sounds import Hearer
from kds.domain.tickets import Ticket
from kds.session.session import Session
from kds.ui.expo.screen import ExpoScreen
from kds.ui.kit import IconButton, Label, spawn
from kds.ui.kitchen.screen import KitchenScreen
from kds.ui.kitchen.settings_sheet import SettingsSheet
from kds.ui.pickup.screen import PickupScreen
from kds.ui.pickup.settings_sheet import PickupSheet
from kds.ui.shell.window import MainWindow
from kds.ui.sounds.noise import Noise
from kds.ui.sounds.output import SystemOutput
from kds.ui.sounds.panel import SoundPanel
from kds.ui.sounds.sheet import SoundSheet
from kds.ui.sounds.speaker import Speaker
from kds.ui.sounds.strip import SoundStrip


class Senses:
    """The sounds of a kitchen's or a till's window; a kitchen's screen is kept on, too.

    `audible` is False where nobody can be: a window on no screen.
    """

    def __init__(
        self, session: Session, window: Window, profile: Profile, *, audible: bool
    ) -> None:
        self._widget = window.widget
        self._awake = Awake() if profile.role == "kitchen" and audible else None
        self._waking: asyncio.Task[None] | None = None
        self._speaker: Speaker | None = None
        self._noise: Noise | None = None
        if audible and profile.role != "manager" and isinstance(window.widget, MainWindow):
            self._give_voice(
                session, window.widget, "till" if profile.role == "pos" else profile.view
            )

    def _give_voice(self, session: Session, widget: MainWindow, hearer: Hearer) -> None:
        screen = widget.screen_widget(0)
        speaker = Speaker(SystemOutput(), widget)
        noise = Noise(session, speaker, hearer, _tickets(screen), widget)
        if isinstance(screen, PickupScreen):
            screen.became_ready.connect(lambda _: noise.ring("order_ready"))
        if hearer == "expo":
            dark = Darkness(noise)
            widget.destroyed.connect(session.coverage.changed.connect(dark.follow))
        widget.add_strip(SoundStrip(noise, speaker))
        self._speaker, self._noise = speaker, noise

    async def start(self) -> None:
        """Once the session has started, and the first frame is painted."""
        if self._speaker is not None and self._noise is not None:
            self._speaker.start()
            await self._noise.start()
        self._furnish_settings()
        if self._awake is not None:
            self._waking = spawn(self._keep_awake(self._awake), "keep the screen on")

    async def stop(self) -> None:
        """Be silent; the screen may go dark."""
        if self._noise is not None:
            self._noise.stop()
        if self._speaker is not None:
            self._speaker.stop()
        if self._awake is not None and self._waking is not None:
            await self._waking
            await self._awake.release()

    def _furnish_settings(self) -> None:
        """A till has no other settings than its sounds."""
        if self._noise is None or self._speaker is None:
            return
        panel = SoundPanel(self._noise, self._speaker)
        if self._settings is not None:
            self._settings.add_section("Sounds", panel)
        elif isinstance(self._widget, MainWindow):
            sheet = SoundSheet(panel, self._widget.stack)
            button = IconButton("sound", "Sounds")
            button.clicked.connect(sheet.open)
            self._widget.top_bar.offer(button)

    async def _keep_awake(self, awake: Awake) -> None:
        """A screen that may go dark is told of in its settings."""
        await awake.hold()
        if awake.problem and self._settings is not None:
            problem = Label(awake.problem, "body", tone="danger")
            problem.setWordWrap(True)
            self._settings.add_section("Screen saver", problem)

    @property
    def _settings(self) -> SettingsSheet | PickupSheet | None:
        if not isinstance(self._widget, MainWindow):
            return None
        screen = self._widget.screen_widget(0)
        if isinstance(screen, PickupScreen):
            return screen.sheet
        return screen.work.settings if isinstance(screen, KitchenScreen | ExpoScreen) else None


class Darkness:
    """Rings once for every station that goes dark."""

    def __init__(self, noise: Noise) -> None:
        self._noise = noise
        self._known: frozenset[str] = frozenset()

    def follow(self, offers: Iterable[Offer]) -> None:
        dark = frozenset(offer.station_id for offer in offers if offer.kind == "dark")
        for station_id in sorted(dark - self._known):
            self._noise.ring("station_dark", station_id)
        self._known = dark


def _tickets(screen: QWidget) -> Callable[[], Iterable[Ticket]]:
    """Those that a screen shows, for the ones that become late."""
    if isinstance(screen, KitchenScreen):
        return lambda: screen.tickets.items
    return (lambda: screen.orders.items) if isinstance(screen, ExpoScreen) else tuple
