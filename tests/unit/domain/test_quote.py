"""How long a new order will take."""

from __future__ import annotations

import pytest

from kds.domain.quote import (
    NO_HISTORY,
    Busy,
    Dish,
    History,
    Pace,
    Quote,
    bucket_of,
    promise_s,
    quote,
)

HISTORY = History(
    {
        "grill": {0: Pace(200, 300, 500), 5: Pace(80, 420, 700), 20: Pace(12, 900, 1500)},
        "cold": {0: Pace(50, 100, 150), 5: Pace(9, 9999, 9999)},
        "new": {0: Pace(3, 10, 20)},
    }
)
GRILL, COLD = Dish((("grill", 1),)), Dish((("cold", 1),))


@pytest.mark.parametrize(
    ("waiting", "bucket"), [(0, 0), (4, 0), (5, 1), (9, 1), (10, 2), (19, 2), (20, 3), (99, 3)]
)
def test_loads_are_counted_in_buckets(waiting: int, bucket: int) -> None:
    assert bucket_of(waiting) == bucket


@pytest.mark.parametrize(
    ("waiting", "found"),
    [
        (3, Quote(300, 500)),
        (7, Quote(420, 700)),
        (40, Quote(900, 1500)),
        (12, Quote(900, 1500)),  # as near as 5 to 9: the busier one
    ],
)
def test_a_quote_is_the_history_s_own_figure_at_that_load(waiting: int, found: Quote) -> None:
    assert quote([GRILL], {"grill": Busy(waiting)}, HISTORY) == found


def test_a_load_with_too_little_history_is_taken_for_the_nearest() -> None:
    assert quote([COLD], {"cold": Busy(6)}, HISTORY) == Quote(100, 150)


def test_the_slowest_dish_counts() -> None:
    assert quote([COLD, GRILL, COLD], {}, HISTORY) == Quote(300, 500)


def test_stages_follow_each_other_and_stations_of_one_stage_do_not() -> None:
    route = Dish((("grill", 1), ("cold", 1), ("cold", 2)))
    assert quote([route], {}, HISTORY) == Quote(400, 650)


def test_without_history_the_menu_tells_and_what_waits_is_added() -> None:
    dish = Dish((("new", 1),), prep_s=240)
    assert quote([dish], {}, HISTORY) == Quote(240, 360, "menu")
    assert quote([dish], {"new": Busy(4, 400)}, HISTORY) == Quote(340, 510, "menu")


def test_one_guessed_stage_makes_it_a_guess() -> None:
    dish = Dish((("grill", 1), ("new", 2)), prep_s=100)
    assert quote([dish], {}, HISTORY) == Quote(400, 650, "menu")
    assert quote([GRILL, Dish((("new", 1),), 60)], {}, HISTORY) == Quote(300, 500, "menu")


def test_what_nobody_can_tell_is_left_out() -> None:
    unknown = Dish((("new", 1),))
    assert quote([unknown], {}, HISTORY) is None
    assert quote([], {}, HISTORY) is None
    assert quote([unknown, COLD], {}, HISTORY) == Quote(100, 150)
    assert quote([GRILL], {}, NO_HISTORY) is None


@pytest.mark.parametrize(("most_s", "promise"), [(1, 300), (300, 300), (301, 600), (1320, 1500)])
def test_a_promise_is_kept_to_the_next_five_minutes(most_s: int, promise: int) -> None:
    assert promise_s(Quote(1, most_s)) == promise
