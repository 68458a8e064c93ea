"""Where tickets stand on the board. Pure: heights in, rectangles out.

Tickets flow top to bottom and left to right in columns of one width. A ticket that does not fit
continues in the next column (or page) under a repeated, smaller header. What a cook relies on:

- nothing is lost, nothing stands twice, the order is kept, nothing overlaps;
- no header without lines under it, and no course title without its first line (`Block.glued`),
  unless they do not fit an empty column together;
- a ticket is not torn for a single line: the first part has at least `FIRST_PART` lines, unless
  that would leave more than `DEAD_SPACE` of the column empty.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, takewhile
from typing import NamedTuple

FIRST_PART = 2
DEAD_SPACE = 0.25


@dataclass(frozen=True, slots=True)
class Block:
    """One row of a ticket. A `glued` one never stands without the block after it."""

    height: int
    glued: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that stay together: `first` to `last` (exclusive)."""

    first: int
    last: int
    height: int


@dataclass(frozen=True)
class Shape:
    """A ticket's heights in pixels. `again` is the header above a continuation."""

    key: str
    header: int
    again: int
    blocks: tuple[Block, ...]

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The blocks, glued ones with those they are glued to."""
        groups: list[Group] = []
        first, height = 0, 0
        for number, block in enumerate(self.blocks):
            height += block.height
            if not block.glued or number == len(self.blocks) - 1:
                groups.append(Group(first, number + 1, height))
                first, height = number + 1, 0
        return tuple(groups)

    @cached_property
    def height(self) -> int:
        """Of the ticket in one piece, without padding."""
        return self.header + sum(block.height for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Room:
    """The board: how many columns, how high, and the distances between and within tickets.

    `gap`: between tickets of a column. `mark`: height of the "continued" mark under a part that
    goes on elsewhere. `foot`: padding under the last block of a part.
    """

    columns: int
    height: int
    gap: int
    mark: int
    foot: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A ticket, or a part of one: blocks `first` to `last` (exclusive), at `top` in its column.

    `column` counts from 0 within its page. `part` counts from 0; `more` says that it goes on.
    """

    key: str
    page: int
    column: int
    top: int
    height: int
    first: int
    last: int
    part: int = 0
    more: bool = False


class Place(NamedTuple):
    """Where the next ticket is offered room. `column` counts through all pages."""

    column: int = 0
    top: int = 0

    def next_column(self) -> Place:
        return Place(self.column + 1)


@dataclass(frozen=True, slots=True)
class Flow:
    """Tickets and where they stand; what stands on a page is worked out when it is looked at.

    `starts`: the place offered to each ticket, and at the end the one for a ticket more.
    """

    room: Room
    shapes: tuple[Shape, ...] = ()
    starts: tuple[Place, ...] = (Place(),)

    @property
    def pages(self) -> int:
        """At least 1: an empty board is a page too."""
        return self.starts[-1].column // self.room.columns + 1

    def page(self, number: int) -> tuple[Segment, ...]:
        """The parts on a page, in reading order; empty when there is no such page."""
        first = number * self.room.columns
        begin = max(0, bisect_left(self.starts, (first,)) - 1)  # one before may reach over to it
        end = bisect_left(self.starts, (first + self.room.columns,))
        pairs = zip(self.shapes[begin:end], self.starts[begin:end], strict=False)
        parts = (part for shape, start in pairs for part in _place(shape, start, self.room))
        return tuple(part for part in parts if part.page == number)


def flow(shapes: Sequence[Shape], room: Room, before: Flow | None = None) -> Flow:
    """Where every ticket stands, one after the other.

    `before`: an earlier answer. What stands in front of the first ticket that differs stays where
    it was; behind the last one, tickets that come to the same height of a column again stand as
    they did there.
    """
    if before is None or before.room != room:
        before = Flow(room)
    front = _same(shapes, before.shapes)
    back = len(shapes) - _same(reversed(shapes), reversed(before.shapes))
    moved = len(before.shapes) - len(shapes)
    starts = list(before.starts[: front + 1])
    for number in range(front, len(shapes)):
        place = starts[number]
        if number >= back and place.top == before.starts[number + moved].top:
            columns = place.column - before.starts[number + moved].column
            rest = before.starts[number + moved + 1 :]
            starts += (Place(column + columns, top) for column, top in rest)
            break
        starts.append(_behind(shapes[number], place, room))
    return Flow(room, tuple(shapes), tuple(starts))


def _same(shapes: Iterable[Shape], before: Iterable[Shape]) -> int:
    """How many shapes at the beginning are the same objects."""
    pairs = zip(shapes, before, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], pairs))


def _behind(shape: Shape, place: Place, room: Room) -> Place:
    """The place for the next ticket."""
    height = shape.height + room.foot
    if place.top + height <= room.height:  # nearly always, and all that is asked then
        return Place(place.column, place.top + height + room.gap)
    *_, last = _place(shape, place, room)
    return Place(last.page * room.columns + last.column, last.top + last.height + room.gap)


def _place(shape: Shape, cursor: Place, room: Room) -> Iterator[Segment]:
    groups: Sequence[Group] = shape.groups
    if cursor.top + shape.height + room.foot <= room.height:  # nearly always
        yield _segment(shape, cursor, room, groups, 0, shape.height + room.foot, True)
        return
    part = done = 0
    while True:
        header = shape.again if part else shape.header
        count, height = _fit(groups[done:], header, room.height - cursor.top, room)
        whole = done + count == len(groups)
        spare = room.height - cursor.top
        wanted = 1 if spare > DEAD_SPACE * room.height else _wanted(groups)
        if cursor.top and not whole and count < wanted:
            cursor = cursor.next_column()
            continue
        if count == 0 and groups:  # taller than an empty column
            if groups[done].last - groups[done].first > 1:
                groups = (*groups[:done], *_apart(groups[done], shape), *groups[done + 1 :])
                continue
            count, height = 1, room.height  # cut rather than lose it
            whole = done + count == len(groups)
        yield _segment(shape, cursor, room, groups[done : done + count], part, height, whole)
        if whole:
            return
        done, part, cursor = done + count, part + 1, cursor.next_column()


def _apart(group: Group, shape: Shape) -> Iterator[Group]:
    """The blocks of a group, each on its own."""
    for number in range(group.first, group.last):
        yield Group(number, number + 1, shape.blocks[number].height)


def _wanted(groups: Sequence[Group]) -> int:
    """How many groups the first part needs before a ticket is worth tearing."""
    return min(FIRST_PART, max(1, len(groups) - 1))


def _fit(groups: Sequence[Group], header: int, space: int, room: Room) -> tuple[int, int]:
    """How many groups fit into `space` under the header, and the height that they take there."""
    heights = [header + room.foot, *(group.height for group in groups)]
    totals = list(accumulate(heights))
    if totals[-1] <= space:
        return len(groups), totals[-1]
    count = sum(total + room.mark <= space for total in totals) - 1
    return (count, totals[count] + room.mark) if count > 0 else (0, 0)


def _segment(
    shape: Shape,
    cursor: Place,
    room: Room,
    groups: Sequence[Group],
    part: int,
    height: int,
    whole: bool,
) -> Segment:
    page, column = divmod(cursor.column, room.columns)
    first, last = (groups[0].first, groups[-1].last) if groups else (0, 0)
    return Segment(shape.key, page, column, cursor.top, height, first, last, part, more=not whole)
