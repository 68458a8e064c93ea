"""The flow of tickets over columns and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kds.ui.kitchen.layout import Block, Flow, Room, Segment, Shape
from kds.ui.kitchen.layout import flow as flow_of

ROOM = Room(columns=3, height=100, gap=10, mark=5, foot=0)


def flow(shapes: Sequence[Shape], room: Room) -> tuple[Segment, ...]:
    known = flow_of(shapes, room)
    return tuple(part for page in range(known.pages) for part in known.page(page))


def shape(key: str, *lines: int, header: int = 20) -> Shape:
    return Shape(key, header, 15, tuple(Block(height) for height in lines))


def where(segments: tuple[Segment, ...]) -> list[tuple[str, int, int, int, int]]:
    return [(s.key, s.page, s.column, s.top, s.height) for s in segments]


def test_an_empty_board_has_one_page() -> None:
    assert flow((), ROOM) == ()
    assert Flow(ROOM).pages == flow_of((), ROOM).pages == 1


def test_tickets_stack_with_a_gap_and_then_take_the_next_column() -> None:
    board = flow([shape(key, 20) for key in "abcd"], ROOM)
    assert where(board) == [
        ("a", 0, 0, 0, 40),
        ("b", 0, 0, 50, 40),
        ("c", 0, 1, 0, 40),
        ("d", 0, 1, 50, 40),
    ]


def test_after_the_last_column_comes_the_next_page() -> None:
    board = flow([shape(str(n), 70) for n in range(4)], ROOM)
    assert [(s.page, s.column) for s in board] == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert board[-1].page == 1
    assert flow_of([shape(str(n), 70) for n in range(4)], ROOM).pages == 2


def test_a_ticket_that_does_not_fit_continues_in_the_next_column() -> None:
    _, first, rest = flow([shape("a", 10), shape("b", 10, 10, 10, 10, 10)], ROOM)
    assert (first.first, first.last, first.more, first.part) == (0, 3, True, 0)
    assert (rest.first, rest.last, rest.more, rest.part) == (3, 5, False, 1)
    assert (rest.column, rest.top, rest.height) == (1, 0, 35)


def test_a_ticket_is_not_torn_for_a_single_line() -> None:
    low = replace(ROOM, height=400)
    _, second = flow([shape("a", 315), shape("b", 10, 30, 10)], low)
    assert (second.column, second.first, second.last) == (1, 0, 3)


def test_a_ticket_is_torn_for_a_single_line_rather_than_leave_a_quarter_of_a_column_empty() -> None:
    _, first, rest = flow([shape("a", 20), shape("b", 15, 60)], ROOM)
    assert (first.column, first.last, rest.column) == (0, 1, 1)


def test_a_ticket_of_two_lines_is_not_torn_while_its_header_would_stand_alone() -> None:
    _, second = flow([shape("a", 35), shape("b", 20, 20)], ROOM)
    assert (second.column, second.last) == (1, 2)


def test_a_course_title_stays_with_its_first_line() -> None:
    blocks = (Block(30), Block(30), Block(15, glued=True), Block(20))
    first, rest = flow([Shape("a", 20, 15, blocks)], ROOM)
    assert (first.last, rest.first) == (2, 2)


def test_a_row_taller_than_the_board_is_cut_to_it() -> None:
    first, rest = flow([shape("a", 300, 10)], ROOM)
    assert (first.height, first.last) == (100, 1)
    assert (rest.first, rest.last) == (1, 2)


def test_what_is_glued_together_comes_apart_rather_than_be_cut() -> None:
    notes = Shape("a", 20, 15, (Block(40, glued=True), Block(50, glued=True), Block(30)))
    board = flow([notes], ROOM)
    assert [(s.first, s.last) for s in board] == [(0, 1), (1, 3)]
    assert all(s.height <= ROOM.height for s in board)


def test_a_ticket_without_lines_is_its_header() -> None:
    (only,) = flow([shape("a")], ROOM)
    assert (only.first, only.last, only.height) == (0, 0, 20)


blocks = st.builds(Block, st.integers(1, 60), st.booleans())
shapes = st.lists(
    st.tuples(st.integers(5, 30), st.integers(5, 20), st.lists(blocks, min_size=1, max_size=12)),
    max_size=12,
).map(lambda found: [Shape(f"t{n}", h, a, tuple(b)) for n, (h, a, b) in enumerate(found)])
rooms = st.builds(
    Room, st.integers(1, 5), st.integers(60, 300), st.integers(0, 12), st.integers(0, 9),
    st.integers(0, 9),
)  # fmt: skip


@given(shapes, rooms)
def test_nothing_is_lost_or_doubled_and_the_order_is_kept(found: list[Shape], room: Room) -> None:
    told = [(s.key, n) for s in flow(found, room) for n in range(s.first, s.last)]
    assert told == [(shape.key, n) for shape in found for n in range(len(shape.blocks))]


@given(shapes, rooms)
def test_nothing_overlaps_or_leaves_its_column(found: list[Shape], room: Room) -> None:
    board = flow(found, room)
    assert all(s.top >= 0 and s.top + s.height <= room.height for s in board)
    assert all(0 <= s.column < room.columns for s in board)
    for above, below in pairwise(board):
        places = [(s.page, s.column, s.top) for s in (above, below)]
        assert places == sorted(places)
        if places[0][:2] == places[1][:2]:
            assert above.top + above.height + room.gap == below.top


@given(shapes, rooms)
def test_no_part_ends_on_a_glued_block_and_none_is_a_header_alone(
    found: list[Shape], room: Room
) -> None:
    by_key = {shape.key: shape for shape in found}
    for segment in flow(found, room):
        rows = by_key[segment.key].blocks
        assert segment.last > segment.first
        glued = segment.last < len(rows) and rows[segment.last - 1].glued
        assert not glued or too_tall(by_key[segment.key], segment.last - 1, room)


def too_tall(shape: Shape, block: int, room: Room) -> bool:
    """Whether what a block is glued to does not fit an empty column."""
    (group,) = (group for group in shape.groups if group.first <= block < group.last)
    head = max(shape.header, shape.again)
    return head + group.height + room.foot + room.mark > room.height


@given(shapes, rooms)
def test_parts_are_numbered_and_all_but_the_last_say_that_there_is_more(
    found: list[Shape], room: Room
) -> None:
    board = flow(found, room)
    for shape in found:
        parts = [s for s in board if s.key == shape.key]
        assert [s.part for s in parts] == list(range(len(parts)))
        assert [s.more for s in parts] == [True] * (len(parts) - 1) + [False]


@given(shapes, rooms)
def test_what_stands_first_does_not_depend_on_what_comes_later(
    found: list[Shape], room: Room
) -> None:
    """A new ticket at the end moves nothing that a cook is looking at."""
    whole, without = flow(found, room), flow(found[:-1], room)
    assert whole[: len(without)] == without


@given(shapes, st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=4), rooms)
def test_an_earlier_answer_saves_work_and_changes_nothing(
    found: list[Shape], changes: list[tuple[int, bool]], room: Room
) -> None:
    known, now = flow_of(found, room), list(found)
    for number, (place, grows) in enumerate(changes):
        if grows:
            now.insert(place, shape(f"new{number}", 20, 20))
        elif now:
            now.pop(place % len(now))
        known = flow_of(now, room, known)
        assert known == flow_of(now, room)
