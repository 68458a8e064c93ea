"""Verbs about what is made when: courses wait until they are fired.

A line that is held is not made. Its course is fired by a person, or (pacing "auto") when the
courses before it are done. Of an order that is made `together`, lines that are fired at the same
time begin later the shorter they take, so that a course ends as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from kds.base.clock import from_iso, to_iso
from kds.domain.args import Args, optional_integer
from kds.domain.effect import Draft
from kds.domain.rows import Row
from kds.domain.verbs.finding import find_order
from kds.domain.verbs.lines import still_open, waits


def fire(draft: Draft, args: Args) -> None:
    order = find_order(draft, args)
    _fire(draft, order, [line for line in _of_course(draft, order, args) if waits(line)])


def hold(draft: Draft, args: Args) -> None:
    """What nobody has begun waits, until it is fired again."""
    order = find_order(draft, args)
    for line in _of_course(draft, order, args):
        if line["state"] == "sent" and not waits(line):
            draft.update("order_lines", line, held=True, fire_at=None)


def fire_next(draft: Draft, order: Row, done: Iterable[int]) -> None:
    """Lines of the courses `done` have just been finished: the next course may be due.

    Only by what is finished before it: a first course that somebody holds by hand stays held.
    """
    if order.get("pacing") != "auto":
        return
    lines = draft.lines_of(order["id"])
    held = [line for line in lines if waits(line)]
    course = min((line["course"] for line in held), default=None)
    if course is None or not any(one < course for one in done):
        return
    if not any(still_open(line) and line["course"] < course for line in lines):
        _fire(draft, order, [line for line in held if line["course"] == course])


def paced(order: Row, old: Sequence[Row], new: list[dict[str, Any]], at: str) -> None:
    """Decide which of the `new` lines of an order are held, and when the others are begun."""
    still = [line for line in (*old, *new) if still_open(line)]
    if order.get("pacing", "at_once") != "at_once":
        first = min(line["course"] for line in still)
        waiting = {line["course"] for line in old if waits(line)}
        for line in new:
            line["held"] = line["course"] > first or line["course"] in waiting
    if order.get("together"):
        for line, delay in _delays([line for line in new if not line["held"]]):
            line["fire_at"] = _later(at, delay) if delay else None


def _fire(draft: Draft, order: Row, lines: Sequence[Row]) -> None:
    for line, delay in _delays(lines):
        moment = _later(draft.at, delay) if order.get("together") else draft.at
        draft.update("order_lines", line, held=False, fire_at=moment)


def _delays(lines: Sequence[Row]) -> Iterator[tuple[Any, int]]:
    """How many seconds after the longest of its course each line is to be begun.

    What nobody knows the time of is begun at once: early is better than late.
    """
    longest: dict[int, int] = {}
    for line in lines:
        longest[line["course"]] = max(longest.get(line["course"], 0), _takes(line))
    return (
        (line, longest[line["course"]] - takes if (takes := _takes(line)) else 0) for line in lines
    )


def _takes(line: Row) -> int:
    return int(line.get("prep_s", 0))


def _later(at: str, seconds: int) -> str:
    return to_iso(from_iso(at) + timedelta(seconds=seconds))


def _of_course(draft: Draft, order: Row, args: Args) -> list[Row]:
    """The lines of the course that is named; of every course when none is."""
    course = optional_integer(args, "course")
    lines = draft.lines_of(order["id"])
    return [line for line in lines if course is None or line["course"] == course]
