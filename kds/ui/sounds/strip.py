"""Across the window: orders come in, and nobody hears them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kds.ui.kit import Banner, Label
from kds.ui.sounds.noise import Noise
from kds.ui.sounds.speaker import Speaker
from kds.ui.sounds.words import problem_text


class SoundStrip(Banner):
    """Shown while the speaker has a problem and the screen is to make any sound at all."""

    def __init__(self, noise: Noise, speaker: Speaker, parent: QWidget | None = None) -> None:
        words = Label("", "heading")  # read from the stove: nothing else draws a cook's eye now
        words.setWordWrap(True)
        super().__init__(words, parent)
        self._noise, self._speaker = noise, speaker
        self.acted.connect(noise.test_any)
        speaker.problem_changed.connect(self._refresh)
        noise.settings_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        wanted = self._noise.settings.any_on
        self.report(problem_text(self._speaker.problem) if wanted else "", "Test sound")
