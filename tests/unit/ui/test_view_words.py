"""Orders, stock, notices and people as the lists say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kds.domain.notices import Notice
from kds.domain.orders import OrderView, Progress
from kds.domain.stock import StockView
from kds.session.status import Person
from kds.ui.dashboard.chart import shown_hours
from kds.ui.dashboard.screen import minutes
from kds.ui.notices.screen import notice_row, since
from kds.ui.pos.order_words import age_words, line_state, matches, order_row, progress_pill
from kds.ui.shell.people_strip import initials
from kds.ui.staff.screen import person_row
from kds.ui.stock.words import amount, stock_row

NOW = datetime(2026, 3, 14, 18, 30, tzinfo=UTC)


def order(progress: Progress = "sent", **fields: object) -> OrderView:
    facts: dict[str, object] = {
        "id": "o1",
        "number": "A-017",
        "type": "dine_in",
        "table_name": "12",
        "customer": "",
        "server": "Mia",
        "device_id": "d1",
        "progress": progress,
        "lines_open": 2,
        "lines_total": 4,
        "total": 3945,
        "paid": 0,
        "placed_at": NOW - timedelta(minutes=12),
        "ready_at": None,
        **fields,
    }
    return OrderView(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        ("sent", "Sent"),
        ("started", "Cooking 2 of 4"),
        ("ready", "Ready"),
        ("closed", "Closed"),
        ("void", "Void"),
    ],
)
def test_progress_counts_what_is_done(progress: Progress, text: str) -> None:
    assert progress_pill(order(progress))[0] == text


def test_an_order_says_where_it_goes_how_old_it_is_and_what_is_due() -> None:
    row = order_row(order(), NOW, "USD")
    assert row.title == "A-017  ·  Table 12"
    assert row.subtitle == "Dine in · Mia · 12 min · $39.45 due"
    assert row.value == "$39.45"


def test_a_paid_takeaway_without_a_name_says_so_once() -> None:
    row = order_row(order(type="takeaway", table_name="", paid=3945), NOW, "USD")
    assert row.title == "A-017  ·  Takeaway"
    assert row.subtitle == "Mia · 12 min · paid"


@pytest.mark.parametrize(("ago", "words"), [(0, "now"), (59, "59 min"), (125, "2 h 05 min")])
def test_ages_are_told_in_minutes_and_hours(ago: int, words: str) -> None:
    assert age_words(order(placed_at=NOW - timedelta(minutes=ago)), NOW) == words


@pytest.mark.parametrize(
    ("progress", "chosen", "typed", "shown"),
    [
        ("sent", "open", "", True),
        ("closed", "open", "", False),
        ("void", "all", "", True),
        ("sent", "ready", "", False),
        ("ready", "ready", "017", True),
        ("sent", "open", "table 12", True),
        ("sent", "open", "hoffmann", False),
    ],
)
def test_a_filter_and_a_search_leave_what_fits_both(
    progress: Progress, chosen: str, typed: str, shown: bool
) -> None:
    assert matches(order(progress), chosen, typed) is shown


@pytest.mark.parametrize("state", ["sent", "started", "ready", "void"])
def test_every_line_state_has_words_and_a_shape(state: str) -> None:
    text, _, shape = line_state({"state": state})
    assert text
    assert shape != "none"


@pytest.mark.parametrize(
    ("quantity", "unit", "text"),
    [
        (850, "g", "850 g"),
        (18400, "g", "18.4 kg"),
        (12250, "ml", "12.25 l"),
        (2000, "ml", "2 l"),
        (1240, "pcs", "1,240"),
        (-300, "g", "−300 g"),
    ],
)
def test_amounts_are_told_in_the_unit_a_cook_would_use(quantity: int, unit: str, text: str) -> None:
    assert amount(quantity, unit) == text


def test_a_stock_row_shows_how_full_it_is_and_where_low_begins() -> None:
    row = stock_row(StockView("p", "Pepperoni", "g", 1350, 1500, 8000))
    assert row.pill == ("Low", "warn", "triangle")
    assert row.bar == (1350 / 8000, 1500 / 8000, "warn")


def test_a_stock_row_without_a_par_level_has_no_mark() -> None:
    row = stock_row(StockView("p", "Pepperoni", "g", 1350, 1500, 0))
    assert row.bar == (0.0, -1.0, "warn")


@pytest.mark.parametrize(
    ("ago", "words"), [(0.2, "just now"), (5, "5 min ago"), (130, "2 h ago"), (-3, "just now")]
)
def test_notices_tell_how_long_ago_they_came(ago: float, words: str) -> None:
    assert since(NOW - timedelta(minutes=ago), NOW) == words


def test_an_old_notice_has_a_date_on_the_branchs_wall() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    assert since(NOW - timedelta(days=2), there) == "13 Mar 03:30"


def test_a_notice_is_fresh_until_it_is_read() -> None:
    notice = Notice("n", "low_stock", "Pepperoni runs low", "1.35 kg left", NOW)
    row = notice_row(notice, NOW)
    assert row.fresh
    assert row.subtitle == "1.35 kg left · just now"


def test_this_device_is_marked_among_the_people() -> None:
    row = person_row(Person("d", "Front till", "pos", "till", NOW, me=True), NOW)
    assert row.title == "Front till (this device)"
    assert row.subtitle == "Front of house · at till"
    assert row.pill == ("since 18:30", "ok", "dot")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Front till", "FT"), ("Mia", "M"), ("Anna Maria Berg", "AB"), ("", "?")],
)
def test_initials_are_of_the_first_and_the_last_name(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("busy", "now_hour", "hours"),
    [({18: 3}, 18, range(14, 23)), ({9: 1, 21: 1}, 21, range(9, 22)), ({}, 23, range(16, 24))],
)
def test_the_chart_shows_the_busy_hours_and_at_least_eight(
    busy: dict[int, int], now_hour: int, hours: range
) -> None:
    assert shown_hours([busy.get(hour, 0) for hour in range(24)], now_hour) == hours


@pytest.mark.parametrize(("seconds", "text"), [(None, "–"), (365.4, "6:05"), (7500, "2 h 05")])
def test_ticket_times_are_told_in_minutes(seconds: float | None, text: str) -> None:
    assert minutes(seconds) == text
