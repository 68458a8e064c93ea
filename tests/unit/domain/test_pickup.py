"""What guests read: being made or ready, and whose number stands alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kds.base.clock import to_iso
from kds.domain.pickup import HURRIED_S, SHOWN_S, Pickup, Spotlight, build_pickup
from tests.support.qt import NOON, line_row, order_row

READY = to_iso(NOON - timedelta(seconds=30))
TWO_STAGES = {"id": "b", "expo_stages": 2}


def pickup(branch: dict[str, Any] | None = None, state: str = "sent", **order: Any) -> Any:
    row = order_row("o1", "A-017", NOON - timedelta(minutes=5), **order)
    return build_pickup(row, [line_row("l1", "o1", 1, state=state)], branch)


def test_an_order_is_in_the_making_until_its_last_line_is_ready() -> None:
    assert pickup() == Pickup("o1", "A-017", "dine_in", False, NOON - timedelta(minutes=5))
    assert pickup(ready_at=READY) == Pickup(
        "o1", "A-017", "dine_in", True, NOON - timedelta(seconds=30)
    )


def test_with_two_stages_it_is_ready_when_it_is_assembled() -> None:
    assert not pickup(TWO_STAGES, ready_at=READY).ready
    assert pickup(TWO_STAGES, ready_at=READY, assembled_at=to_iso(NOON)).since == NOON


def test_what_is_handed_over_closed_or_void_leaves_the_board() -> None:
    assert pickup(ready_at=READY, handed_at=READY) is None
    assert pickup(state="sent") is not None
    assert build_pickup(order_row("o1", "A-1", NOON, state="closed"), [], None) is None
    assert build_pickup(order_row("o1", "A-1", NOON), [], None) is None
    assert pickup(state="void") is None


def test_the_oldest_in_the_making_and_the_newest_ready_come_first() -> None:
    def one(number: str, ready: bool, age: int) -> Pickup:
        return Pickup(number, number, "takeaway", ready, NOON - timedelta(seconds=age))

    orders = [one("a", True, 90), one("b", False, 10), one("c", True, 5), one("d", False, 60)]
    assert [o.number for o in sorted(orders, key=lambda o: o.sort_key)] == ["d", "b", "c", "a"]


def test_a_called_number_stands_alone_for_a_while() -> None:
    light = Spotlight()
    light.call("A-1", NOON)
    assert (light.number, light.wake_at) == ("A-1", NOON + timedelta(seconds=SHOWN_S))
    light.look(NOON + timedelta(seconds=SHOWN_S))
    assert (light.number, light.wake_at) == ("", None)


def test_numbers_that_are_called_together_follow_each_other_faster() -> None:
    light = Spotlight()
    for number in ("A-1", "A-2", "A-3", "A-2"):
        light.call(number, NOON)
    assert light.called == ("A-1", "A-2", "A-3")
    second = NOON + timedelta(seconds=SHOWN_S)
    light.look(second)
    assert (light.number, light.wake_at) == ("A-2", second + timedelta(seconds=HURRIED_S))


def test_a_number_that_is_taken_back_makes_room_for_the_next() -> None:
    light = Spotlight()
    light.call("A-1", NOON)
    light.call("A-2", NOON)
    light.take_back("A-1", NOON)
    assert light.number == "A-2"
    light.call("A-3", NOON)
    light.take_back("A-3", NOON)
    assert light.called == ("A-2",)
