"""A screen that is heard: what rings, what repeats, what can be chosen, what is said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kds.domain.ringing import REPEAT, Play, SoundSettings
from kds.ui.kit.tasks import running
from kds.ui.models.tickets import TicketModel
from kds.ui.sounds.noise import Noise
from kds.ui.sounds.panel import SoundPanel
from kds.ui.sounds.sheet import SoundSheet
from kds.ui.sounds.strip import SoundStrip
from kds.ui.theme import DARK, apply_theme
from tests.support.qt import LocalSession, simple_order


class Voice(QObject):
    """A speaker that writes down what it should play."""

    problem_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.problem = ""
        self.heard: list[Play] = []

    def play(self, plays: Iterable[Play]) -> None:
        self.heard += plays

    def fail(self, problem: str) -> None:
        self.problem = problem
        self.problem_changed.emit(problem)

    @property
    def sounds(self) -> list[str]:
        """What was heard since the last look."""
        heard, self.heard = [play.sound for play in self.heard], []
        return heard


@pytest.fixture
def voice() -> Voice:
    return Voice()


@pytest.fixture
def noise(qapp: QApplication, session: LocalSession, voice: Voice) -> Iterator[Noise]:
    tickets = TicketModel(session.store)
    made = Noise(session, voice, "line", lambda: tickets.items)  # type: ignore[arg-type]
    made.look()
    yield made
    made.stop()


async def settle() -> None:
    while waiting := running():
        await asyncio.gather(*waiting)


class TestNoise:
    def test_an_order_rings_and_a_rush_of_them_rings_once(
        self, session: LocalSession, noise: Noise, voice: Voice
    ) -> None:
        session.put(*simple_order(1))
        for number in range(2, 30):
            session.put(*simple_order(number))
        noise.flush()
        assert voice.sounds == ["chime"]

    async def test_what_is_done_here_is_silent(
        self, session: LocalSession, noise: Noise, voice: Voice
    ) -> None:
        session.put(*simple_order(1), initiator="load")
        await session.actions.void_line("o1", "o1-1", "dropped")
        assert voice.sounds == []

    def test_a_ticket_that_becomes_late_rings(
        self, session: LocalSession, noise: Noise, voice: Voice
    ) -> None:
        session.put(*simple_order(1, age_s=470), initiator="load")
        noise.look()
        assert voice.sounds == []
        session.clock.advance(20)
        noise.look()
        assert voice.sounds == ["alarm"]

    def test_a_connection_that_stays_away_rings_and_its_return_does(
        self, session: LocalSession, noise: Noise, voice: Voice
    ) -> None:
        session.set_status(link="reconnecting")
        noise.look()
        session.clock.advance(11)
        noise.look()
        session.set_status(link="connected")
        noise.look()
        assert voice.sounds == ["steps-down", "steps-up"]

    @pytest.mark.parametrize("how", ["touch", "key"])
    async def test_it_repeats_until_somebody_touches_the_screen(
        self, qtbot: QtBot, session: LocalSession, noise: Noise, voice: Voice, how: str
    ) -> None:
        screen = QWidget()
        qtbot.addWidget(screen)
        noise.change("new_order", repeat=True)
        session.put(*simple_order(1))
        session.clock.advance(REPEAT.total_seconds())
        noise.look()
        assert voice.sounds == ["chime", "chime"]
        if how == "touch":
            QTest.mousePress(screen, Qt.MouseButton.LeftButton)
        else:
            QTest.keyPress(screen, Qt.Key.Key_1)
        session.clock.advance(REPEAT.total_seconds())
        noise.look()
        assert voice.sounds == []

    async def test_what_was_chosen_is_there_after_a_restart(
        self, session: LocalSession, noise: Noise, voice: Voice
    ) -> None:
        noise.change("late", volume=30, sound="buzzer")
        await settle()
        again = Noise(session, voice, "line")  # type: ignore[arg-type]
        await again.start()
        assert again.settings == noise.settings != SoundSettings.at_first("line")
        again.stop()


class TestStrip:
    def test_a_missing_device_is_said_out_loud_until_it_is_there(
        self, qtbot: QtBot, noise: Noise, voice: Voice
    ) -> None:
        strip = SoundStrip(noise, voice)  # type: ignore[arg-type]
        qtbot.addWidget(strip)
        assert strip.text == ""
        voice.fail("no loudspeaker was found")
        assert strip.text == "No sound: no loudspeaker was found."
        strip.button.click()
        assert voice.sounds == ["chime"]
        voice.fail("")
        assert strip.text == ""

    async def test_a_screen_that_is_to_be_silent_does_not_complain(
        self, qtbot: QtBot, noise: Noise, voice: Voice
    ) -> None:
        strip = SoundStrip(noise, voice)  # type: ignore[arg-type]
        qtbot.addWidget(strip)
        voice.fail("no loudspeaker was found")
        for event in noise.settings.choices:
            noise.change(event, on=False)
        assert strip.text == ""
        await settle()


class TestPanel:
    @pytest.fixture
    def panel(self, qtbot: QtBot, noise: Noise, voice: Voice) -> SoundPanel:
        made = SoundPanel(noise, voice)  # type: ignore[arg-type]
        qtbot.addWidget(made)
        made.show()
        return made

    async def test_every_event_can_be_tried_changed_and_turned_off(
        self, panel: SoundPanel, noise: Noise, voice: Voice
    ) -> None:
        row = panel.rows["voided"]
        row.test.click()
        row.sound.click()
        row.softer.click()
        row.how.choose("repeat")
        assert voice.sounds == ["falling", "alarm", "alarm"]
        assert noise.settings.choices["voided"].to_json() == {
            "on": True,
            "sound": "alarm",
            "volume": 70,
            "repeat": True,
        }
        row.how.choose("off")
        assert not noise.settings.choices["voided"].on
        await settle()

    async def test_the_volume_ends_at_its_ends(self, panel: SoundPanel, noise: Noise) -> None:
        row = panel.rows["late"]
        for _ in range(12):
            row.louder.click()
        assert (noise.settings.choices["late"].volume, row.louder.isEnabled()) == (100, False)
        for _ in range(12):
            row.softer.click()
        assert (noise.settings.choices["late"].volume, row.softer.isEnabled()) == (10, False)
        await settle()

    async def test_a_station_is_given_a_sound_and_loses_it_again(
        self, panel: SoundPanel, noise: Noise, voice: Voice
    ) -> None:
        row = panel.stations["fry"]
        assert row.sound.text() == "Same as all"
        row.sound.click()
        assert noise.settings.stations == {"fry": "chime"}
        for _ in range(12):
            row.sound.click()
        assert noise.settings.stations == {}
        await settle()

    def test_a_problem_stands_at_the_top(self, panel: SoundPanel, voice: Voice) -> None:
        assert panel.problem.isHidden()
        voice.fail("no loudspeaker was found")
        assert panel.problem.text() == "No sound: no loudspeaker was found."

    def test_touch_targets_are_large_enough(self, qapp: QApplication, panel: SoundPanel) -> None:
        apply_theme(qapp, DARK)
        for row in panel.rows.values():
            for part in (row.sound, row.softer, row.louder, row.test):
                assert part.height() >= 56


def test_a_till_sets_its_sounds_in_a_sheet(qtbot: QtBot, noise: Noise, voice: Voice) -> None:
    till = QWidget()
    till.resize(1280, 720)
    qtbot.addWidget(till)
    sheet = SoundSheet(SoundPanel(noise, voice), till)  # type: ignore[arg-type]
    with qtbot.waitExposed(till):
        till.show()
    sheet.open()
    sheet.sounds.rows["new_order"].test.click()
    assert voice.sounds
