"""Where the points of a sparkline lie."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from kds.ui.kit.sparkline import points

BOX = QRectF(0, 0, 100, 50)


def placed(values: list[float], room: int = 5) -> list[tuple[float, float]]:
    return [(point.x(), point.y()) for point in points(values, BOX, room)]


def test_the_newest_value_is_at_the_right_and_the_largest_at_the_top() -> None:
    assert placed([10, 20, 0, 5, 20]) == [(0, 25), (25, 0), (50, 50), (75, 37.5), (100, 0)]


def test_few_values_begin_in_the_middle() -> None:
    assert placed([4, 2]) == [(75, 0), (100, 25)]


def test_values_of_nothing_lie_on_the_floor() -> None:
    assert placed([0.0, 0.0]) == [(75, 50), (100, 50)]
    assert placed([]) == []
    assert placed([7.0], room=1) == [(100, 0)]
