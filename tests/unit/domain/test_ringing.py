"""What a screen plays, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kds.base.resources import resource_path
from kds.domain.ringing import GAP, REPEAT, SOUNDS, Bells, Play, SoundSettings
from kds.domain.sounds import EVENTS, HEARD, Hearer, Ring

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LINE = SoundSettings.at_first("line")


def test_every_sound_has_its_file_and_every_file_is_a_sound() -> None:
    assert {path.stem for path in resource_path("sounds").glob("*.wav")} == set(SOUNDS)


@pytest.mark.parametrize("hearer", HEARD)
def test_the_events_of_a_screen_sound_different_at_first(hearer: Hearer) -> None:
    choices = SoundSettings.at_first(hearer).choices
    assert len({choices[event].sound for event in EVENTS}) == len(EVENTS)
    assert all(choices[event].on is False for event in EVENTS if event not in HEARD[hearer])


class TestSettings:
    def test_what_was_kept_is_read_again(self) -> None:
        chosen = LINE.changed("late", volume=30, repeat=True, sound="buzzer")
        chosen = chosen.changed("back", on=False).with_station("grill", "wood")
        assert SoundSettings.from_json(chosen.to_json(), "line") == chosen

    @pytest.mark.parametrize(
        "kept",
        [
            None,
            7,
            [],
            {"events": [], "stations": "x"},
            {"events": {"late": 1, "never": {}}, "stations": {"grill": "no such sound"}},
            {"events": {"late": {"on": 1, "sound": ["x"], "volume": True, "repeat": "yes"}}},
        ],
    )
    def test_what_cannot_be_read_is_as_it_was_at_first(self, kept: Any) -> None:
        assert SoundSettings.from_json(kept, "line") == LINE

    def test_a_broken_part_leaves_the_rest(self) -> None:
        kept = {"events": {"late": {"volume": 500, "sound": "wood"}, "lost": None}}
        late = SoundSettings.from_json(kept, "line").choices["late"]
        assert (late.volume, late.sound, late.on) == (100, "wood", True)

    def test_a_station_can_have_a_sound_of_its_own(self) -> None:
        own = LINE.with_station("grill", "wood")
        assert own.play(Ring("new_order", "grill")) == Play("wood", 80)
        assert own.play(Ring("new_order", "cold")) == Play("chime", 80)
        assert own.play(Ring("voided", "grill")) == Play("falling", 80)
        assert own.with_station("grill", "") == LINE

    def test_nothing_is_on_when_all_is_off(self) -> None:
        silent = LINE
        for event in EVENTS:
            silent = silent.changed(event, on=False)
        assert (LINE.any_on, silent.any_on) == (True, False)
        assert silent.play(Ring("late")) is None


class TestBells:
    def test_each_kind_is_heard_once_a_frame_the_most_urgent_first(self) -> None:
        rings = [Ring("new_order", "grill"), Ring("new_order", "cold"), Ring("voided", "cold")]
        plays = Bells(LINE).ring(rings, NOW)
        assert [play.sound for play in plays] == ["falling", "chime"]

    def test_a_rush_is_not_a_machine_gun(self) -> None:
        bells, frame = Bells(LINE), timedelta(milliseconds=16)
        heard = [at for at in range(600) if bells.ring([Ring("new_order")], NOW + at * frame)]
        assert len(heard) == 7  # of 600 in 9.6 s
        assert bells.ring([Ring("changed")], NOW + 600 * frame)

    def test_a_clock_that_is_set_back_does_not_silence_it(self) -> None:
        bells = Bells(LINE)
        bells.ring([Ring("late")], NOW)
        assert bells.ring([Ring("late")], NOW - timedelta(hours=1))

    def test_it_goes_on_until_somebody_touches_the_screen(self) -> None:
        bells = Bells(LINE.changed("late", repeat=True))
        bells.ring([Ring("late"), Ring("voided")], NOW)
        assert bells.calling
        assert bells.again(NOW + GAP) == ()
        assert bells.again(NOW + REPEAT) == (Play("alarm", 80),)
        assert bells.again(NOW + REPEAT) == ()
        assert bells.again(NOW + 2 * REPEAT) == (Play("alarm", 80),)
        bells.touched()
        assert not bells.calling
        assert bells.again(NOW + 3 * REPEAT) == ()

    def test_what_is_turned_off_stops_calling(self) -> None:
        bells = Bells(LINE.changed("late", repeat=True))
        bells.ring([Ring("late")], NOW)
        bells.settings = LINE.changed("late", on=False)
        assert bells.again(NOW + REPEAT) == ()
        assert not bells.calling
