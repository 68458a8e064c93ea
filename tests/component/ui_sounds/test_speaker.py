"""A loudspeaker that comes and goes, and one that was never there."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.domain.ringing import SOUNDS, Play
from kds.ui.sounds.output import SoundError
from kds.ui.sounds.speaker import Speaker, samples

CHIME = Play("chime", 80)


class FakeOutput:
    """A device that a test plugs in and out. `heard`: what it played."""

    def __init__(self) -> None:
        self.problem: Exception | None = None
        self.heard: list[bytes] = []
        self.opened = 0
        self.free = threading.Event()
        self.free.set()

    def devices(self) -> tuple[str, ...]:
        return () if self.problem else ("Kitchen",)

    def open(self) -> None:
        self.opened += 1
        if self.problem:
            raise self.problem

    def play(self, samples: bytes) -> None:
        self.free.wait(10)
        if self.problem:
            raise self.problem
        self.heard.append(samples)


@pytest.fixture
def output() -> FakeOutput:
    return FakeOutput()


@pytest.fixture
def speaker(qapp: QApplication, output: FakeOutput) -> Iterator[Speaker]:
    made = Speaker(output)
    yield made
    output.free.set()
    made.stop()


def test_sounds_are_played_in_turn(qtbot: QtBot, speaker: Speaker, output: FakeOutput) -> None:
    speaker.start()
    with qtbot.waitSignals([speaker.played] * 2):
        speaker.play([CHIME, Play("alarm", 100)])
    assert output.heard == [samples("chime", 80), samples("alarm", 100)]
    assert speaker.problem == ""


def test_a_missing_device_is_told_at_the_start_and_when_it_is_back(
    qtbot: QtBot, speaker: Speaker, output: FakeOutput
) -> None:
    output.problem = SoundError("no loudspeaker was found")
    with qtbot.waitSignal(speaker.problem_changed):
        speaker.start()
    assert speaker.problem == "no loudspeaker was found"
    output.problem = None
    with qtbot.waitSignal(speaker.problem_changed):
        speaker.play([CHIME])
    assert speaker.problem == ""


def test_a_device_that_is_plugged_in_is_noticed_without_a_sound(
    qtbot: QtBot, speaker: Speaker, output: FakeOutput, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kds.ui.sounds.speaker.LOOK_AGAIN_S", 0.01)
    monkeypatch.setattr("kds.ui.sounds.speaker.LOOK_S", 0.01)
    output.problem = SoundError("no loudspeaker was found")
    with qtbot.waitSignal(speaker.problem_changed):
        speaker.start()
    output.problem = None
    with qtbot.waitSignal(speaker.problem_changed):
        pass
    opened = output.opened
    output.problem = SoundError("no loudspeaker was found")
    with qtbot.waitSignal(speaker.problem_changed):
        pass
    assert output.opened > opened


def test_a_driver_that_fails_in_a_way_of_its_own_is_a_problem_too(
    qtbot: QtBot, speaker: Speaker, output: FakeOutput
) -> None:
    output.problem = ValueError("driver")
    with qtbot.waitSignal(speaker.problem_changed):
        speaker.start()
    assert speaker.problem == "the sound device failed (driver)"


def test_a_speaker_that_hangs_does_not_hoard_sounds(
    qtbot: QtBot, speaker: Speaker, output: FakeOutput
) -> None:
    output.free.clear()
    speaker.start()
    speaker.play([CHIME] * 100)
    heard = []
    speaker.played.connect(heard.append)
    output.free.set()
    qtbot.waitUntil(lambda: len(heard) > 0)
    speaker.stop()
    assert len(output.heard) < 12


def test_stopped_it_plays_nothing(speaker: Speaker, output: FakeOutput) -> None:
    speaker.play([CHIME])
    speaker.stop()
    assert output.heard == []


@pytest.mark.parametrize("sound", SOUNDS)
def test_a_sound_is_short_loud_and_softer_at_a_lower_volume(sound: str) -> None:
    full, half = (memoryview(samples(sound, volume)).cast("h") for volume in (100, 50))
    assert 0.2 < len(full) / 22_050 < 1.2
    assert max(map(abs, full)) > 25_000
    assert max(map(abs, half)) == pytest.approx(max(map(abs, full)) / 4, abs=1)


def test_a_file_that_is_not_there_is_a_sound_error() -> None:
    with pytest.raises(SoundError, match="the sound none cannot be read"):
        samples("none", 50)


ALSA = """
pcm.!default {{ type plug slave.pcm "tofile" hint {{ show on description "Kitchen" }} }}
pcm.tofile {{ type file slave.pcm "nul" file "{file}" format "raw" }}
pcm.nul {{ type null }}
ctl.!default {{ type hw card 0 }}
defaults.pcm.card 0
defaults.namehint.extended on
"""
PLAY = """
from kds.ui.sounds.output import SoundError, SystemOutput
from kds.ui.sounds.speaker import samples
try:
    SystemOutput().play(samples("wood", 80))
    print("played")
except SoundError as error:
    print(error)
"""


def run_with_alsa(config: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ALSA_CONFIG_PATH": str(config), "PULSE_SERVER": "none"}
    return subprocess.run(
        [sys.executable, "-c", PLAY], env=environment, capture_output=True, text=True, check=True
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ALSA is Linux's")
class TestAlsa:
    """The real library on the real driver of a device that is a file."""

    def test_what_is_played_reaches_the_device(self, tmp_path: Path) -> None:
        config, file = tmp_path / "asound.conf", tmp_path / "heard.raw"
        config.write_text(ALSA.format(file=file))
        done = run_with_alsa(config)
        assert done.stdout == "played\n"
        assert samples("wood", 80) in file.read_bytes()

    def test_without_a_device_it_says_so_and_nothing_else(self, tmp_path: Path) -> None:
        config = tmp_path / "asound.conf"
        config.write_text("")
        done = run_with_alsa(config)
        assert done.stdout == "no loudspeaker was found\n"
        assert done.stderr == ""
