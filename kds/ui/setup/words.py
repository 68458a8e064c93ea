"""What the set-up page says. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from kds.domain.setup import StationSetup, span
from kds.domain.words import category_name
from kds.ui.kit.rowlist import RowSpec
from kds.ui.models.setup import HOUSE, Dish, Part

STAGES = {1: "First", 2: "Second", 3: "Third"}


def part_row(part: Part) -> RowSpec:
    """A station, or one of the other pages, in the list."""
    if part.station is not None:
        return _station_row(part.station)
    if part.key == HOUSE:
        return RowSpec(part.name, "Order types and the pass", "settings", tone="accent")
    return RowSpec(part.name, "How long each one takes", "clock", tone="accent")


def _station_row(station: StationSetup) -> RowSpec:
    dishes = "1 dish" if station.dishes == 1 else f"{station.dishes} dishes"
    later = station.stage > 1
    return RowSpec(
        title=station.name,
        subtitle=f"due {clock(station.warn_after_s)}, late {clock(station.late_after_s)}",
        badge="kitchen",
        value=dishes,
        pill=(stage_name(station.stage), "info", "dot") if later else None,
    )


def clock(seconds: int) -> str:
    """`5:00` minutes."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def stage_name(stage: int) -> str:
    return STAGES.get(stage, f"{stage}th")


def dish_row(dish: Dish) -> RowSpec:
    """A dish in the list."""
    own = dish.late_after_s is not None or dish.warn_after_s is not None
    return RowSpec(
        title=dish.name,
        subtitle=category_name(dish.category),
        value=span(dish.prep_s) if dish.prep_s else "–",
        pill=("Own times", "info", "dot") if own else None,
    )


def unmade(categories: Sequence[str], first: str) -> str:
    """`Nobody makes salad. What is ordered comes to Grill.`; "" when all is made.

    `first`: the name of the station that gets what nobody claims.
    """
    if not categories:
        return ""
    *most, last = categories
    names = f"{', '.join(most)} and {last}" if most else last
    return f"Nobody makes {names}." + (f" What is ordered comes to {first}." if first else "")
