"""What screens show of rows: tickets for cooks, orders for tills, levels for managers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kds.domain.apply import apply
from kds.domain.changes import ChangeSet, RowChange
from kds.domain.commands import Command
from kds.domain.effect import TablesView
from kds.domain.orders import build_order
from kds.domain.stock import build_stock
from kds.domain.ticketing import build_ticket
from tests.support.restaurant import BRANCH, OFFICE, new_line, new_order, tables

PLACED = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
AT = "2026-11-21T08:00:00+00:00"


def placed(*lines: dict[str, Any], **order: Any) -> dict[str, dict[str, Any]]:
    """The tables after an order of these lines."""
    rows = tables()
    args = {"order": new_order("o1", **order), "lines": list(lines) or [new_line("l1")]}
    result = apply(
        TablesView(rows), Command("op", 1, "place_order", "o1", "Mia", AT, args), BRANCH, OFFICE
    )
    assert isinstance(result, tuple)
    for change in result:
        assert change.after is not None
        rows.setdefault(change.table, {})[change.pk] = dict(change.after)
    return rows


def ticket(rows: dict[str, dict[str, Any]], *only: str) -> Any:
    return build_ticket(
        rows["orders"]["o1"],
        rows["order_lines"].values(),
        rows["stations"],
        rows["menu_items"],
        frozenset(only),
    )


class TestTicket:
    def test_shows_lines_in_the_order_they_were_sent_with_allergens_and_modifiers(self) -> None:
        modifiers = [
            {"id": "a", "name": "Olives", "kind": "add", "price": 50},
            {"id": "b", "name": "Onion", "kind": "remove", "price": 0},
        ]
        rows = placed(new_line("z", modifiers=modifiers), new_line("a", "nothing", "", qty=2))
        first, second = ticket(rows).lines
        assert (first.id, first.added, first.removed) == ("z", ("Olives",), ("Onion",))
        assert first.allergens == ("gluten", "milk")
        assert (second.qty, second.allergens) == (2, ())

    def test_shows_the_lines_of_its_stations_only(self) -> None:
        rows = placed(new_line("l1"), new_line("l2", "caesar", "", station_id="cold"))
        assert [line.id for line in ticket(rows, "cold").lines] == ["l2"]
        assert [line.id for line in ticket(rows).lines] == ["l1", "l2"]

    def test_is_gone_when_nothing_is_left_to_cook_there(self) -> None:
        rows = placed(new_line("l1"), new_line("l2", "caesar", "", station_id="cold"))
        rows["order_lines"]["l2"]["state"] = "ready"
        assert ticket(rows, "cold") is None
        assert ticket(rows, "grill").open_line_ids == ("l1",)

    def test_is_gone_when_the_order_is_not_open(self) -> None:
        rows = placed()
        rows["orders"]["o1"]["state"] = "void"
        assert ticket(rows) is None

    def test_keeps_voided_lines_in_sight_but_not_open(self) -> None:
        rows = placed(new_line("l1"), new_line("l2"))
        rows["order_lines"]["l1"].update(state="void", voided_at="2026-11-21T08:01:00+00:00")
        assert [line.open for line in ticket(rows).lines] == [False, True]

    def test_is_as_impatient_as_its_most_impatient_station(self) -> None:
        rows = placed(
            new_line("l1"), new_line("l2", station_id="cold"), new_line("l3", station_id="?")
        )
        rows["stations"]["cold"].update(warn_after_s=60, late_after_s=120)
        shown = ticket(rows)
        assert (shown.warn_after_s, shown.late_after_s) == (60, 120)
        assert ticket(placed(new_line("l1", station_id="?"))).late_after_s == 480

    @pytest.mark.parametrize(
        ("seconds", "level"),
        [(-5, "calm"), (299.9, "calm"), (300, "warn"), (479, "warn"), (480, "late")],
    )
    def test_gets_late_with_time_and_is_never_younger_than_new(
        self, seconds: float, level: str
    ) -> None:
        shown = ticket(placed())
        now = PLACED + timedelta(seconds=seconds)
        assert shown.age_s(now) == max(0, int(seconds))
        assert shown.age_level(now) == level

    def test_says_where_it_goes(self) -> None:
        assert ticket(placed(table_name="7", customer="Ann")).where == "7"
        assert ticket(placed(table_name="", customer="Ann")).where == "Ann"

    def test_a_rush_goes_before_the_longest_waiting(self) -> None:
        rush = ticket(placed(rush=True, number="A-009"))
        calm = ticket(placed(number="A-001"))
        assert sorted([calm, rush], key=lambda one: one.sort_key) == [rush, calm]


class TestOrder:
    @pytest.mark.parametrize(
        ("states", "progress", "still_open", "total"),
        [
            (("sent", "sent"), "sent", 2, 2),
            (("started", "sent"), "started", 2, 2),
            (("ready", "sent"), "started", 1, 2),
            (("ready", "ready"), "ready", 0, 2),
            (("ready", "void"), "ready", 0, 1),
            (("sent", "void"), "sent", 1, 1),
            (("void", "void"), "sent", 0, 0),
        ],
    )
    def test_is_as_far_as_its_lines(
        self, states: tuple[str, str], progress: str, still_open: int, total: int
    ) -> None:
        rows = placed(new_line("l0"), new_line("l1"))
        for n, state in enumerate(states):
            rows["order_lines"][f"l{n}"]["state"] = state
        view = build_order(rows["orders"]["o1"], rows["order_lines"].values())
        assert (view.progress, view.lines_open, view.lines_total) == (progress, still_open, total)

    @pytest.mark.parametrize("state", ["closed", "void"])
    def test_ends_closed_or_void(self, state: str) -> None:
        rows = placed()
        rows["orders"]["o1"]["state"] = state
        assert build_order(rows["orders"]["o1"], ()).progress == state

    def test_owes_what_is_not_paid_and_never_less_than_nothing(self) -> None:
        order = placed(new_line("l1", price=1200, qty=2))["orders"]["o1"]
        assert build_order(order, ()).due == 2400
        assert build_order({**order, "paid": 2000}, ()).due == 400
        assert build_order({**order, "paid": 3000}, ()).due == 0

    def test_knows_since_when_it_is_ready(self) -> None:
        order = placed()["orders"]["o1"]
        assert build_order(order, ()).ready_at is None
        assert build_order({**order, "ready_at": AT}, ()).ready_at == PLACED


@pytest.mark.parametrize(
    ("level", "status", "fill"),
    [(-3, "out", 0.0), (0, "out", 0.0), (1, "low", 0.0), (2200, "low", 0.55), (9000, "ok", 1.0)],
)
def test_stock_is_ok_low_or_out(level: int, status: str, fill: float) -> None:
    view = build_stock({**tables()["stock_items"]["mozzarella"], "level": level})
    assert view.status == status
    assert view.fill == pytest.approx(fill, abs=0.001)


def test_stock_without_a_par_level_is_never_full() -> None:
    assert build_stock({**tables()["stock_items"]["dough"], "par_level": 0}).fill == 0.0


def test_a_change_set_can_be_asked_for_some_tables() -> None:
    one, two = RowChange("orders", "o1", None, {}), RowChange("recipes", "r1", None, {})
    assert ChangeSet((one, two), "local").of("orders", "devices") == (one,)
