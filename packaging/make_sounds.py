#!/usr/bin/env python3
"""Make the sounds in `resources/sounds`: standard library only, the same bytes every time.

    python3 packaging/make_sounds.py

A sound is a few struck notes. A struck note is a sum of partials that die away, the high ones
first; what the partials are makes it a bell, a wooden bar or a buzzer. Everything lies between
400 Hz and 4 kHz, where ears are keen and extractor fans are not loud.
"""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RATE = 22_050
PEAK = 0.9
ATTACK_S = 0.004
FOLDER = Path(__file__).resolve().parent.parent / "resources" / "sounds"


@dataclass(frozen=True)
class Voice:
    """`partials`: (times the note's frequency, loudness, seconds until it is down to 1/e)."""

    partials: tuple[tuple[float, float, float], ...]


BELL = Voice(((1, 1.0, 0.30), (2.0, 0.6, 0.22), (3.01, 0.35, 0.12), (4.2, 0.2, 0.07)))
BAR = Voice(((1, 1.0, 0.11), (3.9, 0.45, 0.05), (9.2, 0.12, 0.02)))
REED = Voice(((1, 1.0, 0.5), (2, 0.5, 0.5), (3, 0.6, 0.5), (5, 0.3, 0.5)))
GLASS = Voice(((1, 1.0, 0.25), (2.76, 0.5, 0.15), (5.4, 0.25, 0.06)))
DROP = Voice(((1, 1.0, 0.07), (2, 0.3, 0.04)))

Note = tuple[float, float, float, Voice]
"""When it is struck (s), its frequency (Hz), how long it may ring (s), and how it sounds."""

C5, E5, G5, A5, C6, D6, E6, G6, A6 = 523, 659, 784, 880, 1047, 1175, 1319, 1568, 1760

SOUNDS: dict[str, Sequence[Note]] = {
    "chime": [(0.0, E5, 0.7, BELL), (0.16, C6, 0.7, BELL)],
    "marimba": [(0.0, G5, 0.2, BAR), (0.11, G5, 0.2, BAR), (0.22, C6, 0.3, BAR)],
    "falling": [(0.0, A5, 0.22, REED), (0.24, 587, 0.34, REED)],
    "alarm": [(n * 0.18, (C6, G5)[n % 2], 0.15, REED) for n in range(4)],
    "desk-bell": [(0.0, 2093, 0.9, BELL), (0.17, 2093, 0.9, BELL)],
    "drops": [(0.0, E6, 0.15, DROP), (0.09, A6, 0.15, DROP), (0.26, E6, 0.2, DROP)],
    "low-horn": [(0.0, 415, 0.3, REED), (0.36, 415, 0.45, REED)],
    "steps-down": [(0.0, E6, 0.3, GLASS), (0.13, C6, 0.3, GLASS), (0.26, A5, 0.4, GLASS)],
    "steps-up": [(0.0, A5, 0.3, GLASS), (0.13, C6, 0.3, GLASS), (0.26, E6, 0.4, GLASS)],
    "glass": [(0.0, G6, 0.5, GLASS), (0.1, D6, 0.5, GLASS)],
    "wood": [(0.0, 988, 0.15, BAR), (0.09, 740, 0.2, BAR)],
    "buzzer": [(0.0, 466, 0.18, REED), (0.22, 466, 0.18, REED), (0.44, 466, 0.3, REED)],
}


def render(notes: Sequence[Note]) -> bytes:
    """16-bit mono samples of the notes together, as loud as `PEAK` of what is possible."""
    length = max(at + lasts for at, _, lasts, _ in notes)
    samples = [0.0] * int(length * RATE)
    for note in notes:
        _strike(samples, note)
    loudest = max(map(abs, samples))
    return b"".join(struct.pack("<h", round(s / loudest * PEAK * 32767)) for s in samples)


def _strike(samples: list[float], note: Note) -> None:
    at, frequency, lasts, voice = note
    first, count = int(at * RATE), int(lasts * RATE)
    for n in range(min(count, len(samples) - first)):
        t = n / RATE
        tone = sum(
            loud * math.exp(-t / decay) * math.sin(2 * math.pi * frequency * times * t)
            for times, loud, decay in voice.partials
        )
        # Neither the strike nor the end may click.
        samples[first + n] += tone * min(1.0, t / ATTACK_S, (count - n) / (0.03 * RATE))


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, notes in SOUNDS.items():
        with wave.open(str(FOLDER / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(render(notes))


if __name__ == "__main__":
    main()
