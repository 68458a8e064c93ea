"""The sounds in the settings of a screen: what rings, how, how loud, and how it sounds."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kds.domain.ringing import MOST_VOLUME, SOUNDS, Choice
from kds.domain.sounds import HEARD, SoundEvent
from kds.ui.kit import Button, IconButton, Label, Panel
from kds.ui.kit.inputs import SegmentedControl
from kds.ui.sounds.noise import Noise
from kds.ui.sounds.speaker import Speaker
from kds.ui.sounds.words import EVENT_NAMES, problem_text, sound_name
from kds.ui.theme import look

VOLUME_STEP = 10
_HOW = (("off", "Off"), ("once", "Once"), ("repeat", "Until touched"))
_SHARED = "Same as all"


class SoundPanel(QWidget):
    """A row for each event that this screen can hear, then its stations' own sounds.

    What is chosen counts at once and is heard at once.
    """

    def __init__(self, noise: Noise, speaker: Speaker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noise, self._speaker = noise, speaker
        self.problem = Label("", "label", tone="danger")
        self.problem.setWordWrap(True)
        self.rows: dict[SoundEvent, EventRow] = {}
        self.stations: dict[str, StationRow] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(look().px(10))
        self._box.addWidget(self.problem)
        speaker.problem_changed.connect(self._show_problem)
        self._show_problem(speaker.problem)

    def showEvent(self, event: QShowEvent) -> None:
        if not self.rows:  # most starts end without anybody looking at the settings
            self._build()
        super().showEvent(event)

    def _build(self) -> None:
        noise = self._noise
        self.rows = {event: EventRow(event, noise) for event in HEARD[noise.hearer]}
        self.stations = {key: StationRow(key, name, noise) for key, name in self._several()}
        for row in self.rows.values():
            self._box.addWidget(row)
        if self.stations:
            self._box.addWidget(Label("New orders at", "title"))
        for station in self.stations.values():
            self._box.addWidget(station)

    def _several(self) -> list[tuple[str, str]]:
        """Stations that are to be told apart; one alone needs no sound of its own."""
        found = self._noise.stations()
        return found if self._noise.hearer == "line" and len(found) > 1 else []

    def _show_problem(self, problem: str) -> None:
        self.problem.setText(problem_text(problem))
        self.problem.setVisible(bool(problem))


class EventRow(Panel):
    """One event: off, once or until touched; the sound; how loud; a try."""

    def __init__(self, event: SoundEvent, noise: Noise) -> None:
        super().__init__("sunken", padding=8, gap=8)
        name = EVENT_NAMES[event]
        self._event, self._noise = event, noise
        self.how = SegmentedControl(_HOW)
        self.sound = Button("", icon_name="bell")
        self.sound.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.softer = IconButton("minus", f"{name}: softer")
        self.louder = IconButton("plus", f"{name}: louder")
        self.volume = Label("", "label")
        self.volume.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.volume.setFixedWidth(self.volume.fontMetrics().horizontalAdvance("100 %") + 8)
        self.test = Button("Test")
        self.test.setAccessibleName(f"Test {name}")
        self._lay_out(name)
        self.how.chosen.connect(self._choose_how)
        self.sound.clicked.connect(self._next_sound)
        self.softer.clicked.connect(lambda: self._by(-VOLUME_STEP))
        self.louder.clicked.connect(lambda: self._by(VOLUME_STEP))
        self.test.clicked.connect(lambda: noise.test(event))
        noise.settings_changed.connect(self._show)
        self._show()

    def _lay_out(self, name: str) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.addWidget(Label(name, "label"), 1)
        upper.addWidget(self.how)
        lower.addWidget(self.sound, 1)
        for part in (self.softer, self.volume, self.louder, self.test):
            lower.addWidget(part)
        self.box.addLayout(upper)
        self.box.addLayout(lower)

    @property
    def _choice(self) -> Choice:
        return self._noise.settings.choices[self._event]

    def _show(self) -> None:
        choice = self._choice
        how = "off" if not choice.on else "repeat" if choice.repeat else "once"
        if how != self.how.value:
            self.how.choose(how)
        self.sound.setText(sound_name(choice.sound))
        self.sound.setAccessibleName(f"{EVENT_NAMES[self._event]} sounds like {self.sound.text()}")
        self.volume.setText(f"{choice.volume} %")
        self.softer.setEnabled(choice.volume > VOLUME_STEP)
        self.louder.setEnabled(choice.volume < MOST_VOLUME)

    def _choose_how(self, how: str) -> None:
        if (how != "off", how == "repeat") != (self._choice.on, self._choice.repeat):
            self._noise.change(self._event, on=how != "off", repeat=how == "repeat")

    def _next_sound(self) -> None:
        self._change(sound=_after(self._choice.sound, SOUNDS))

    def _by(self, step: int) -> None:
        volume = min(max(VOLUME_STEP, self._choice.volume + step), MOST_VOLUME)
        self._change(volume=volume)

    def _change(self, **changes: object) -> None:
        self._noise.change(self._event, **changes)
        self._noise.test(self._event)


class StationRow(Panel):
    """A station and the sound of its new orders."""

    def __init__(self, station_id: str, name: str, noise: Noise) -> None:
        super().__init__("sunken", horizontal=True, padding=8, gap=8)
        self._id, self._name, self._noise = station_id, name, noise
        self.sound = Button("", icon_name="bell")
        self.box.addWidget(Label(name, "label"), 1)
        self.box.addWidget(self.sound, 1)
        self.sound.clicked.connect(self._next_sound)
        noise.settings_changed.connect(self._show)
        self._show()

    def _next_sound(self) -> None:
        settings = self._noise.settings
        chosen = _after(settings.stations.get(self._id, ""), ("", *SOUNDS))
        self._noise.set_settings(settings.with_station(self._id, chosen))
        self._noise.test("new_order", self._id)

    def _show(self) -> None:
        sound = self._noise.settings.stations.get(self._id, "")
        self.sound.setText(sound_name(sound) if sound else _SHARED)
        self.sound.setAccessibleName(f"New orders at {self._name} sound like {self.sound.text()}")


def _after(sound: str, sounds: tuple[str, ...]) -> str:
    """The next one, round and round."""
    return sounds[(sounds.index(sound) + 1) % len(sounds)]
