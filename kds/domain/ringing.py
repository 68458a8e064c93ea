"""What a screen has been told to play, and when it plays it. Pure.

Kept under the setting `sounds` as

    {events: {event: {on, sound, volume, repeat}}, stations: {station id: sound}}

where whatever is missing or cannot be read is as it was at first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from kds.domain.sounds import EVENTS, HEARD, Hearer, Ring, SoundEvent

SOUNDS = (
    *("chime", "marimba", "desk-bell", "drops", "glass", "wood"),
    *("falling", "alarm", "buzzer", "low-horn", "steps-down", "steps-up"),
)
"""The names of the sounds there are, as they stand in `resources/sounds`."""

GAP = timedelta(seconds=1.5)
REPEAT = timedelta(seconds=6)
MOST_VOLUME = 100

_FIRST_SOUNDS: dict[SoundEvent, str] = {
    "new_order": "chime",
    "changed": "marimba",
    "voided": "falling",
    "late": "alarm",
    "order_ready": "desk-bell",
    "question": "drops",
    "station_dark": "low-horn",
    "lost": "steps-down",
    "back": "steps-up",
}
_OFF_AT_FIRST: dict[Hearer, frozenset[SoundEvent]] = {
    "expo": frozenset({"new_order", "changed"}),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """How one event sounds. `volume`: 0 to 100. `repeat`: until the screen is touched."""

    on: bool
    sound: str
    volume: int = 80
    repeat: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "on": self.on,
            "sound": self.sound,
            "volume": self.volume,
            "repeat": self.repeat,
        }


@dataclass(frozen=True, slots=True)
class Play:
    """A sound to play now, by its name; `volume`: 0 to 100."""

    sound: str
    volume: int


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """What is played at one screen. `stations`: station id -> the sound of its new orders, where
    it differs from the others'."""

    choices: Mapping[SoundEvent, Choice]
    stations: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at_first(cls, hearer: Hearer) -> SoundSettings:
        """As a screen of this kind comes."""
        off = _OFF_AT_FIRST.get(hearer, frozenset())
        heard = HEARD[hearer]
        return cls({e: Choice(e in heard and e not in off, _FIRST_SOUNDS[e]) for e in EVENTS})

    @classmethod
    def from_json(cls, value: object, hearer: Hearer) -> SoundSettings:
        """What was kept, as far as it can be read."""
        first = cls.at_first(hearer)
        kept = _mapping(value)
        events, stations = _mapping(kept.get("events")), _mapping(kept.get("stations"))
        return cls(
            {event: _read(events.get(event), first.choices[event]) for event in EVENTS},
            {str(key): sound for key, sound in stations.items() if sound in SOUNDS},
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "events": {event: choice.to_json() for event, choice in self.choices.items()},
            "stations": dict(self.stations),
        }

    def changed(self, event: SoundEvent, **changes: Any) -> SoundSettings:
        """The same with another choice (`on`, `sound`, `volume`, `repeat`) for one event."""
        choice = replace(self.choices[event], **changes)
        return replace(self, choices={**self.choices, event: choice})

    def with_station(self, station_id: str, sound: str) -> SoundSettings:
        """The same with an own sound for a station; "" for the one that all have."""
        stations = {key: kept for key, kept in self.stations.items() if key != station_id}
        return replace(self, stations={**stations, station_id: sound} if sound else stations)

    @property
    def any_on(self) -> bool:
        """The screen is to be heard at all."""
        return any(choice.on for choice in self.choices.values())

    def own_sound(self, ring: Ring) -> str:
        """The station's own sound for it; "" for the one that all have."""
        return self.stations.get(ring.station_id, "") if ring.event == "new_order" else ""

    def play(self, ring: Ring) -> Play | None:
        """What is to be heard; None for silence."""
        choice = self.choices[ring.event]
        if not choice.on or choice.volume <= 0:
            return None
        return Play(self.own_sound(ring) or choice.sound, choice.volume)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _read(value: object, first: Choice) -> Choice:
    kept = _mapping(value)
    on, repeat, sound = kept.get("on"), kept.get("repeat"), kept.get("sound")
    volume = kept.get("volume")
    return Choice(
        on if isinstance(on, bool) else first.on,
        sound if sound in SOUNDS else first.sound,
        min(max(0, volume), MOST_VOLUME) if type(volume) is int else first.volume,
        repeat if isinstance(repeat, bool) else first.repeat,
    )


class Bells:
    """Keeps a rush from becoming a machine gun, and goes on ringing where that is wanted."""

    def __init__(self, settings: SoundSettings) -> None:
        self.settings = settings
        self._rung_at: dict[SoundEvent, datetime] = {}
        self._again: dict[SoundEvent, Ring] = {}  # until somebody touches the screen

    @property
    def calling(self) -> bool:
        """Something rings until the screen is touched."""
        return bool(self._again)

    def ring(self, rings: Iterable[Ring], now: datetime) -> tuple[Play, ...]:
        """What to play for all that happened in one frame: each kind of event once, the most
        urgent first, and none that was heard within `GAP`."""
        first: dict[SoundEvent, Ring] = {}
        for ring in sorted(rings, key=lambda ring: ring.station_id):
            first.setdefault(ring.event, ring)
        plays = (self._ring(first[event], now) for event in EVENTS if event in first)
        return tuple(play for play in plays if play is not None)

    def again(self, now: datetime) -> tuple[Play, ...]:
        """What nobody has reacted to for `REPEAT`."""
        due = [ring for ring in self._again.values() if now - self._rung_at[ring.event] >= REPEAT]
        return self.ring(due, now)

    def touched(self) -> None:
        """Somebody is there."""
        self._again.clear()

    def _ring(self, ring: Ring, now: datetime) -> Play | None:
        play = self.settings.play(ring)
        if play is None:
            self._again.pop(ring.event, None)
            return None
        if self.settings.choices[ring.event].repeat:
            self._again[ring.event] = ring
        rung = self._rung_at.get(ring.event)
        if rung is not None and timedelta(0) <= now - rung < GAP:
            return None
        self._rung_at[ring.event] = now
        return play
