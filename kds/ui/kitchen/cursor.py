"""Where the arrows take the selection. Pure.

Up and down go stop by stop: a ticket as a whole, then its open lines, then the next ticket. Left
and right go ticket by ticket.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

Direction = Literal["up", "down", "left", "right"]
MIRRORED: dict[Direction, Direction] = {"left": "right", "right": "left"}
"""What the arrows mean where reading begins at the right."""

Stop = tuple[str, str]
"""Order id, and line id or "" for the ticket as a whole."""


def step(stops: Sequence[Stop], here: Stop | None, direction: Direction) -> Stop | None:
    """The stop that an arrow leads to; the same one at either end, the first one from nowhere.

    `stops` in reading order: every ticket's own stop, followed by those of its open lines.
    """
    if not stops:
        return None
    if here is None or here not in stops:
        return stops[0]
    at = stops.index(here)
    if direction == "down":
        return stops[min(at + 1, len(stops) - 1)]
    if direction == "up":
        return stops[max(at - 1, 0)]
    heads = [stop for stop in stops if not stop[1]]
    head = heads.index((here[0], ""))
    if direction == "right":
        return heads[min(head + 1, len(heads) - 1)]
    return heads[max(head - 1, 0)]


def after_change(
    stops: Sequence[Stop], here: Stop, siblings: Sequence[Stop], row: int, order: Sequence[str]
) -> Stop | None:
    """Where the selection is after a change: `stops` and `order` (of the tickets) as they are now.

    On its stop while that is there; else on the next line of the ticket that is still open, or
    the one before it, or the ticket (`siblings`: the ticket's stops as they were); when the ticket
    is gone, on the one that took its place (`row`, where it stood).
    """
    if here in stops:
        return here
    if (here[0], "") in stops:
        at = siblings.index(here) if here in siblings else 0
        later, earlier = siblings[at + 1 :], siblings[1:at][::-1]
        left = [stop for stop in (*later, *earlier) if stop in stops]
        return left[0] if left else (here[0], "")
    return (order[min(max(row, 0), len(order) - 1)], "") if order else None
