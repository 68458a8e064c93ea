"""What is going to happen, pure: people's taps and the world's faults, drawn from a seed.

A scenario is plain data, so a failing one can be made smaller and run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random
from typing import Final, TypeVar

from kds.domain.rows import Role

KINDS: Final = (
    "drop",  # messages get lost, for a while
    "double",  # messages come twice
    "delay",  # messages are late, and so overtake each other
    "truncate",  # answers come in part, or are somebody else's
    "one_way_out",  # a terminal is not heard
    "one_way_in",  # a terminal hears nothing
    "offline",  # both
    "half_open",  # a socket goes dumb and says nothing of it
    "hang_up",  # a socket is closed
    "refuse_join",  # the next joins of a terminal are refused
    "kill",  # a process dies at a moment
    "kill_step",  # a process dies after so many steps
    "restart",  # the server is down for a while, its sockets closed
    "restore",  # the server comes back from an older backup
    "prune",  # the server forgets old changes
    "expiry",  # tokens live shortly, for the whole run
    "revoke",  # a refresh token is no good any more
    "skew",  # a terminal's clock is wrong, for the whole run
    "jump",  # a terminal's clock is set
    "clone",  # somebody copies a terminal's disk, and both are used
    "disk",  # a disk refuses to commit, for a while
)

ACTIVE_S: Final = 120.0
"""People tap and things go wrong for this long; then everything is repaired."""


@dataclass(frozen=True, slots=True)
class Tap:
    """Somebody at terminal `who` does something; the numbers say what, of what there is then."""

    at: float
    who: int
    what: int
    which: int
    amount: int


@dataclass(frozen=True, slots=True)
class Fault:
    """`how_long` in seconds; `how_much` from 0 to 1, read by its kind."""

    at: float
    kind: str
    who: int
    how_long: float
    how_much: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """`roles`: one for each terminal."""

    seed: int
    roles: tuple[Role, ...]
    taps: tuple[Tap, ...]
    faults: tuple[Fault, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fault.kind for fault in self.faults))

    def without(self, kind: str) -> Scenario:
        return replace(self, faults=tuple(one for one in self.faults if one.kind != kind))


def scenario(seed: int) -> Scenario:
    """The one scenario of a seed."""
    rng = Random(f"scenario/{seed}")
    roles: tuple[Role, ...] = ("pos", "pos", "kitchen", "kitchen")
    if rng.random() < 0.3:
        roles += ("manager",)
    taps = sorted(
        (_tap(rng, len(roles)) for _ in range(rng.randint(20, 60))), key=lambda one: one.at
    )
    kinds = [kind for kind in KINDS if rng.random() < 0.25]
    faults = sorted(
        (_fault(rng, kind, len(roles)) for kind in kinds for _ in range(rng.choice((1, 1, 2, 3)))),
        key=lambda one: one.at,
    )
    return Scenario(seed, roles, tuple(taps), tuple(faults))


def _tap(rng: Random, terminals: int) -> Tap:
    return Tap(
        at=round(5.0 + rng.random() * (ACTIVE_S - 5.0), 3),
        who=rng.randrange(terminals),
        what=rng.randrange(1000),
        which=rng.randrange(1000),
        amount=rng.randrange(1000),
    )


def _fault(rng: Random, kind: str, terminals: int) -> Fault:
    return Fault(
        at=round(rng.random() * ACTIVE_S, 3),
        kind=kind,
        who=rng.randrange(terminals),
        how_long=round(rng.random() ** 2 * 60.0, 3),
        how_much=round(rng.random(), 3),
    )


T = TypeVar("T")
Fails = Callable[[Scenario], bool]


def shrink(failing: Scenario, fails: Fails, patience: int = 150) -> Scenario:
    """A smaller scenario that still fails; asks at most `patience` times."""
    left = patience

    def still(candidate: Scenario) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and fails(candidate)

    best = failing
    for kind in failing.kinds:
        if still(candidate := best.without(kind)):
            best = candidate
    before = None
    while before != best:
        before = best
        for part in _smaller(len(best.faults)):
            if still(candidate := replace(best, faults=_leave_out(best.faults, part))):
                best = candidate
                break
        for part in _smaller(len(best.taps)):
            if still(candidate := replace(best, taps=_leave_out(best.taps, part))):
                best = candidate
                break
    return best


def _smaller(count: int) -> Iterable[range]:
    """Ranges to leave out: halves first, then quarters, down to single ones."""
    size = count // 2 or count
    while size:
        yield from (range(start, min(count, start + size)) for start in range(0, count, size))
        size //= 2


def _leave_out(items: tuple[T, ...], part: range) -> tuple[T, ...]:
    return items[: part.start] + items[part.stop :]
