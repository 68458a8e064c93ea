"""When who dies. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal, get_args

TillPoint = Literal[
    "before the token is on the disk",
    "before the tap is on the disk",
    "after the tap is on the disk",
    "before the send",
    "after the answer",
    "before the answer is on the disk",
    "before the cursor is on the disk",
    "after the cursor is on the disk",
]
"""Instants in the life of the till. `before ... the disk`: inside the open transaction."""

ServerPoint = Literal["before the server commits", "after the server commits"]
"""`before`: the op runs and waits for a lock. `after`: its answer is on the way."""

Point = TillPoint | ServerPoint
POINTS: tuple[Point, ...] = (*get_args(TillPoint), *get_args(ServerPoint))

Victim = Literal["till", "hub", "power"]
"""`hub`: its process, not its PostgreSQL. `power`: till, hub and PostgreSQL at once."""

VICTIMS: tuple[Victim, ...] = get_args(Victim)


@dataclass(frozen=True)
class Plan:
    """`victim` dies when `point` is reached for the `nth` time."""

    point: Point
    victim: Victim = "till"
    nth: int = 1

    @property
    def till_dies(self) -> bool:
        return self.victim != "hub"

    @property
    def hub_dies(self) -> bool:
        return self.victim != "till"


def plans(rounds: int, rng: Random) -> Iterator[Plan]:
    """Every point in turn; the till is killed twice as often as hub and power together."""
    victims: tuple[Victim, ...] = ("till", "hub", "till", "till", "power", "till")
    for number in range(rounds):
        point = POINTS[number % len(POINTS)]
        victim = victims[number // len(POINTS) % len(victims)]
        once = point == "before the token is on the disk"
        yield Plan(point, victim, 1 if once else rng.randint(1, 5))
