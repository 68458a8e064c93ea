"""Every command's effect on the rows, and every reason to refuse it."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from kds.domain.apply import Conflict, may
from kds.domain.commands import Kind
from tests.support.restaurant import (
    BRANCH,
    EVERY_ROW,
    KITCHEN,
    OFFICE,
    TILL,
    new_line,
    new_order,
)
from tests.support.service import House, reason


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def busy(house: House) -> House:
    """One open order of two lines, placed at minute 1."""
    house.place()
    return house


class TestPlaceOrder:
    def test_the_order_is_open_and_totalled(self, house: House) -> None:
        house.place(new_line("l1", price=1200), new_line("l2", price=950, qty=2), rush=True)
        assert house.order == {
            **EVERY_ROW["orders"],
            **new_order("o1", rush=True),
            "branch_id": BRANCH,
            "device_id": OFFICE,
            "total": 3100,
            "placed_at": house.at,
        }

    def test_the_lines_are_sent_in_order(self, house: House) -> None:
        house.place(new_line("z", seat=2, course=3, note="crisp"), new_line("a"))
        assert [house.line(pk)["position"] for pk in ("z", "a")] == [1, 2]
        assert house.line("z") == {
            **EVERY_ROW["order_lines"],
            **new_line("z", seat=2, course=3, note="crisp"),
            "branch_id": BRANCH,
            "order_id": "o1",
            "position": 1,
            "sent_at": house.at,
        }

    def test_the_stock_falls_by_the_recipes_of_item_and_variant(self, house: House) -> None:
        house.place(
            new_line("l1", variant="L", qty=2),
            new_line("l2", "caesar", ""),
            new_line("l3", "?", ""),
        )
        assert house.level("mozzarella") == 2500 - 2 * 180
        assert house.level("dough") == 20 - 2 * 1 - 2 * 1  # for every size, and more for a large
        assert house.level("lettuce") == 900 - 90

    def test_what_is_not_said_has_a_plain_default(self, house: House) -> None:
        line = {"id": "l1", "item_id": "water", "name": "Water", "qty": 1, "price": 0}
        order = {"id": "o1", "number": "A-001", "type": "takeaway"}
        house.do("place_order", order=order, lines=[line])
        assert (house.order["rush"], house.order["customer"]) == (False, "")
        assert house.line("l1")["course"] == 1
        assert house.line("l1")["modifiers"] == []

    def test_the_same_order_again_is_refused(self, busy: House) -> None:
        assert reason(busy.place(new_line("l9"))) == "duplicate order"

    def test_a_line_that_exists_is_refused(self, busy: House) -> None:
        assert reason(busy.place(new_line("l1"), order_id="o2")) == "duplicate line"
        twice = (new_line("x"), new_line("x"))
        assert reason(busy.place(*twice, order_id="o2")) == "duplicate line"

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"qty": 0}, "qty must be at least 1"),
            ({"qty": True}, "qty must be a whole number"),
            ({"qty": 1.5}, "qty must be a whole number"),
            ({"price": -1}, "price must be at least 0"),
            ({"id": ""}, "id is missing"),
            ({"id": 7}, "id is missing"),
            ({"item_id": None}, "item_id is missing"),
            ({"note": 7}, "note must be text"),
            ({"seat": "window"}, "seat must be a whole number"),
            ({"modifiers": "cheese"}, "modifiers must name at least 0"),
            ({"modifiers": ["cheese"]}, "modifiers must be objects"),
            ({"modifiers": [{"price": 1.5}]}, "modifiers must have whole prices"),
            ({"route": [{"stage": 1}]}, "station_id is missing"),
            ({"route": [{"station_id": "oven", "stage": 0}]}, "stage must be at least 1"),
            ({"route": ["oven"]}, "route must be objects"),
            ({"prep_s": -1}, "prep_s must be at least 0"),
        ],
    )
    def test_a_bad_line_is_refused(self, house: House, change: dict[str, Any], why: str) -> None:
        assert reason(house.place(new_line("l1", **change))) == why
        assert "o1" not in house.tables.get("orders", {})

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"number": " "}, "number is missing"),
            ({"type": "picnic"}, "type must be one of dine_in, takeaway, delivery"),
            ({"rush": "yes"}, "rush must be true or false"),
            ({"vip": 1}, "vip must be true or false"),
            ({"promised_at": "soon"}, "promised_at must be a time"),
            ({"promised_at": "2026-02-30T12:00:00Z"}, "promised_at must be a time"),
            ({"promised_at": "2026-02-28T12:00:00"}, "promised_at must be a time"),
            ({"promised_at": 1900}, "promised_at must be a time"),
            ({"pacing": "slow"}, "pacing must be one of at_once, auto, manual"),
        ],
    )
    def test_a_bad_order_is_refused(self, house: House, change: dict[str, Any], why: str) -> None:
        assert reason(house.place(**change)) == why

    def test_an_order_of_nothing_is_refused(self, house: House) -> None:
        order = new_order("o1")
        assert (
            reason(house.do("place_order", order=order, lines=[])) == "lines must name at least 1"
        )
        assert reason(house.do("place_order", lines=[new_line("l1")])) == "order is missing"


class TestAddLines:
    def test_positions_go_on_and_the_total_grows(self, busy: House) -> None:
        busy.do("add_lines", order_id="o1", lines=[new_line("l3", price=500)])
        assert busy.line("l3")["position"] == 3
        assert busy.order["total"] == 3600 + 500
        assert busy.level("mozzarella") == 2500 - 4 * 120

    def test_a_ready_order_is_to_be_waited_for_again(self, busy: House) -> None:
        busy.on("bump", "l1", "l2")
        busy.do("add_lines", order_id="o1", lines=[new_line("l3")])
        assert busy.order["ready_at"] is None

    def test_a_closed_order_takes_no_more(self, busy: House) -> None:
        busy.on("bump", "l1", "l2")
        busy.do("close_order", order_id="o1")
        result = busy.do("add_lines", order_id="o1", lines=[new_line("l3")])
        assert reason(result) == "order A-001 is closed"

    def test_an_unknown_order_takes_none(self, house: House) -> None:
        assert reason(house.do("add_lines", order_id="o9", lines=[])) == "unknown order"


class TestKitchen:
    def test_start_marks_sent_lines_only(self, busy: House) -> None:
        busy.on("bump", "l2")
        busy.on("start", "l1", "l2")
        assert busy.line("l1")["state"] == "started"
        assert busy.line("l1")["started_at"] == busy.at
        assert busy.line("l2")["state"] == "ready"

    def test_bump_makes_ready_and_keeps_when_it_was_started(self, busy: House) -> None:
        busy.on("start", "l1")
        started = busy.at
        busy.on("bump", "l1")
        line = busy.line("l1")
        assert (line["state"], line["started_at"], line["ready_at"]) == ("ready", started, busy.at)
        assert busy.order["ready_at"] is None

    def test_the_last_bump_makes_the_order_ready(self, busy: House) -> None:
        busy.on("bump", "l1")
        busy.on("bump", "l2")
        assert busy.order["ready_at"] == busy.at

    def test_bumping_what_is_ready_or_void_changes_nothing(self, busy: House) -> None:
        busy.do("void_line", order_id="o1", line_id="l2", reason="")
        busy.on("acknowledge", "l2")
        busy.on("bump", "l1")
        assert busy.on("bump", "l1", "l2") == ()
        assert busy.on("start", "l1") == ()

    def test_a_line_named_twice_counts_once(self, busy: House) -> None:
        result = busy.on("bump", "l1", "l1")
        assert isinstance(result, tuple)
        assert [change.pk for change in result] == ["l1"]

    def test_recall_brings_a_line_back_as_if_just_sent(self, busy: House) -> None:
        busy.on("start", "l1")
        busy.on("bump", "l1", "l2")
        busy.on("recall", "l1")
        line = busy.line("l1")
        assert (line["state"], line["started_at"], line["ready_at"]) == ("sent", None, None)
        assert busy.line("l2")["state"] == "ready"
        assert busy.order["ready_at"] is None

    def test_recall_takes_a_start_back(self, busy: House) -> None:
        busy.on("start", "l1")
        busy.on("recall", "l1")
        line = busy.line("l1")
        assert (line["state"], line["started_at"], line["made_by"]) == ("sent", None, "")

    def test_recalling_what_is_open_or_void_changes_nothing(self, busy: House) -> None:
        busy.do("void_line", order_id="o1", line_id="l2", reason="")
        busy.on("bump", "l1")
        assert busy.on("recall", "l2") == ()
        assert busy.order["ready_at"] is not None

    def test_a_closed_order_is_not_recalled(self, busy: House) -> None:
        busy.on("bump", "l1", "l2")
        busy.do("close_order", order_id="o1")
        assert reason(busy.on("recall", "l1")) == "order A-001 is closed"

    @pytest.mark.parametrize("kind", ["start", "bump", "recall"])
    def test_unknown_lines_and_orders_are_refused(self, busy: House, kind: str) -> None:
        busy.place(new_line("x1"), order_id="o2")
        assert reason(busy.on(kind, "l1", "x1")) == "unknown line"
        assert reason(busy.do(kind, order_id="o9", line_ids=["l1"])) == "unknown order"
        assert reason(busy.on(kind)) == "line_ids must name at least 1"
        assert reason(busy.do(kind, order_id="o1", line_ids=[7])) == "line_ids must be texts"
        assert busy.line("l1")["state"] == "sent"


class TestVoid:
    def test_a_line_goes_from_the_bill_but_not_back_to_the_stock(self, busy: House) -> None:
        before = busy.level("mozzarella")
        busy.do("void_line", order_id="o1", line_id="l2", reason="dropped")
        line = busy.line("l2")
        assert (line["state"], line["void_reason"], line["voided_at"]) == (
            "void",
            "dropped",
            busy.at,
        )
        assert busy.order["total"] == 1200
        assert busy.level("mozzarella") == before

    def test_voiding_the_last_open_line_makes_the_order_ready(self, busy: House) -> None:
        busy.on("bump", "l1")
        busy.do("void_line", order_id="o1", line_id="l2", reason="")
        assert busy.order["ready_at"] == busy.at

    def test_an_order_of_void_lines_alone_is_not_ready(self, busy: House) -> None:
        busy.do("void_line", order_id="o1", line_id="l1", reason="")
        busy.do("void_line", order_id="o1", line_id="l2", reason="")
        assert (busy.order["ready_at"], busy.order["total"]) == (None, 0)

    def test_a_line_that_is_ready_is_a_conflict_that_shows_it(self, busy: House) -> None:
        busy.on("bump", "l1")
        result = busy.do("void_line", order_id="o1", line_id="l1", reason="")
        assert result == Conflict(busy.line("l1"))

    def test_a_ready_line_is_voided_by_force_as_waste_and_the_order_stays_ready_since_then(
        self, busy: House
    ) -> None:
        busy.on("bump", "l1", "l2")
        ready_at, stock = busy.at, busy.level("dough")
        busy.do("void_line", order_id="o1", line_id="l1", reason="dropped", force=True)
        assert busy.line("l1")["state"] == "void"
        assert (busy.order["total"], busy.order["ready_at"]) == (2400, ready_at)
        assert busy.level("dough") == stock

    def test_a_kitchen_voids_nothing_by_force(self, busy: House) -> None:
        busy.on("bump", "l1")
        result = busy.do(
            "void_line", device=KITCHEN, order_id="o1", line_id="l1", reason="", force=True
        )
        assert reason(result) == "a kitchen device may not void line"

    def test_voiding_twice_changes_nothing(self, busy: House) -> None:
        busy.do("void_line", order_id="o1", line_id="l1", reason="one")
        assert busy.do("void_line", order_id="o1", line_id="l1", reason="two") == ()

    def test_a_line_of_another_order_is_refused(self, busy: House) -> None:
        busy.place(new_line("x1"), order_id="o2")
        assert reason(busy.do("void_line", order_id="o1", line_id="x1")) == "unknown line"
        assert reason(busy.do("void_line", order_id="o1", line_id="x9")) == "unknown line"

    def test_an_order_goes_with_all_its_lines(self, busy: House) -> None:
        busy.on("bump", "l1")
        busy.do("void_line", order_id="o1", line_id="l2", reason="first")
        busy.do("void_order", order_id="o1", reason="guest left")
        assert [busy.line(pk)["void_reason"] for pk in ("l1", "l2")] == ["guest left", "first"]
        order = busy.order
        assert (order["state"], order["closed_at"], order["total"]) == ("void", busy.at, 0)
        assert reason(busy.do("void_order", order_id="o1")) == "order A-001 is void"

    def test_a_paid_order_needs_a_refund_first(self, busy: House) -> None:
        busy.do("pay", order_id="o1", payment={"id": "p1", "tender": "cash", "amount": 1})
        assert reason(busy.do("void_order", order_id="o1", reason="")) == "refund first"


class TestClose:
    def test_a_finished_order_closes_once(self, busy: House) -> None:
        busy.on("bump", "l1", "l2")
        busy.do("close_order", order_id="o1")
        assert (busy.order["state"], busy.order["closed_at"]) == ("closed", busy.at)
        assert reason(busy.do("close_order", order_id="o1")) == "order A-001 is closed"

    def test_an_order_that_is_being_made_stays_open(self, busy: House) -> None:
        busy.on("bump", "l1")
        result = busy.do("close_order", order_id="o1")
        assert reason(result) == "order A-001 is still being made"


class TestMoneyMenuAndStock:
    def test_a_payment_is_written_and_counted(self, busy: House) -> None:
        busy.do("pay", order_id="o1", payment={"id": "p1", "tender": "card", "amount": 1000})
        busy.do("pay", order_id="o1", payment={"id": "p2", "tender": "cash", "amount": 500})
        assert busy.order["paid"] == 1500
        assert busy.tables["payments"]["p2"] == {
            "id": "p2",
            "branch_id": BRANCH,
            "order_id": "o1",
            "device_id": OFFICE,
            "tender": "cash",
            "amount": 500,
            "taken_at": busy.at,
            "archived_at": None,
        }

    @pytest.mark.parametrize(
        ("payment", "why"),
        [
            ({"id": "p1", "tender": "card", "amount": 0}, "amount must be at least 1"),
            ({"id": "p1", "tender": "shells", "amount": 5}, "tender must be one of cash, card"),
            ({"tender": "cash", "amount": 5}, "id is missing"),
            (None, "payment is missing"),
        ],
    )
    def test_a_bad_payment_is_refused(self, busy: House, payment: Any, why: str) -> None:
        assert reason(busy.do("pay", order_id="o1", payment=payment)) == why
        assert busy.order["paid"] == 0

    def test_a_payment_counts_once(self, busy: House) -> None:
        payment = {"id": "p1", "tender": "card", "amount": 1000}
        busy.do("pay", order_id="o1", payment=payment)
        assert reason(busy.do("pay", order_id="o1", payment=payment)) == "duplicate payment"

    def test_an_item_is_out_since_the_tap_and_comes_back(self, house: House) -> None:
        house.do("eighty_six", item_id="caesar", out=True)
        assert house.tables["menu_items"]["caesar"]["out_since"] == house.at
        house.do("eighty_six", item_id="caesar", out=False)
        assert house.tables["menu_items"]["caesar"]["out_since"] is None
        assert house.do("eighty_six", item_id="caesar", out=False) == ()
        assert reason(house.do("eighty_six", item_id="soap", out=True)) == "unknown item"
        assert reason(house.do("eighty_six", item_id="caesar")) == "out must be true or false"

    def test_stock_moves_by_a_difference_and_may_fall_below_zero(self, house: House) -> None:
        house.do("adjust_stock", stock_item_id="dough", delta=-25, reason="count")
        assert house.level("dough") == -5
        assert house.do("adjust_stock", stock_item_id="dough", delta=0, reason="") == ()
        result = house.do("adjust_stock", stock_item_id="ghost", delta=1, reason="")
        assert reason(result) == "unknown stock item"


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "refused"),
        [
            (
                "kitchen",
                "place_order add_lines change_qty void_line void_order close_order pay answer"
                " set_up",
            ),
            ("pos", "start acknowledge ask adjust_stock assemble cover set_up"),
            ("manager", ""),
        ],
    )
    def test_a_role_may_do_its_work_only(self, role: str, refused: str) -> None:
        kinds = get_args(Kind)
        assert [kind for kind in kinds if not may(role, kind)] == refused.split()

    def test_a_stranger_may_nothing(self) -> None:
        assert not may("guest", "bump")

    def test_a_refusal_names_the_role(self, busy: House) -> None:
        result = busy.do("pay", device=KITCHEN, order_id="o1", payment={})
        assert reason(result) == "a kitchen device may not pay"
        result = busy.do("adjust_stock", device=TILL, stock_item_id="dough", delta=1)
        assert reason(result) == "a pos device may not adjust stock"

    def test_a_device_that_the_hub_has_not_listed_yet_is_judged_there(self, busy: House) -> None:
        assert isinstance(busy.do("bump", device="new", order_id="o1", line_ids=["l1"]), tuple)

    def test_an_unknown_verb_is_refused(self, house: House) -> None:
        assert "does not know how to juggle" in reason(house.do("juggle"))
