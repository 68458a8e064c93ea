"""How the kitchen calls orders and ages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kds.ui.kitchen.words import age_text, ago_text, whose

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (("dine_in", "4", ""), "Table 4"),
        (("dine_in", "Terrace 3", ""), "Terrace 3"),
        (("dine_in", "", "Kim"), "Dine in · Kim"),
        (("takeaway", "", "Kim"), "Takeaway · Kim"),
        (("delivery", "", ""), "Delivery"),
    ],
)
def test_an_order_is_called(order: tuple[str, str, str], text: str) -> None:
    assert whose(*order) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (9, "0:09"), (552, "9:12"), (4335, "72:15"), (5999, "99:59"), (6000, "1h40")],
)
def test_an_age_is_minutes_and_seconds_until_it_is_absurd(seconds: int, text: str) -> None:
    assert age_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (7300, "2 h ago"),
    ],
)
def test_a_bump_was(seconds: int, text: str) -> None:
    assert ago_text(NOW, NOW - timedelta(seconds=seconds)) == text
