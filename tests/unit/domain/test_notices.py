"""What a change means to the person at a device."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from kds.domain.changes import ChangeSet, Initiator, RowChange
from kds.domain.commands import Command
from kds.domain.notices import (
    Notice,
    Reader,
    derive,
    order_number,
    quantity,
    question_id,
    refused,
    refused_op,
)
from kds.domain.rows import Role, floor_stream
from tests.support.restaurant import BRANCH, KITCHEN, OFFICE, TILL, new_order, tables

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
AT = "2026-11-21T08:00:00+00:00"
READERS: dict[Role, Reader] = {
    "pos": Reader("pos", TILL),
    "kitchen": Reader("kitchen", KITCHEN),
    "manager": Reader("manager", OFFICE),
}


def order(**fields: Any) -> dict[str, Any]:
    row = {**new_order("o1", "A-017"), "branch_id": BRANCH, "device_id": TILL, "state": "open"}
    return {**row, "ready_at": None, **fields}


def notices(
    table: str,
    before: Any,
    after: Any,
    role: Role = "manager",
    initiator: Initiator = "remote",
    rev: int = 5,
) -> tuple[Notice, ...]:
    pk = (after or before)["id"]
    revs = {floor_stream(BRANCH): rev} if initiator == "remote" else {}
    change_set = ChangeSet((RowChange(table, pk, before, after),), initiator, revs)
    return derive(change_set, READERS[role], NOW)


def titles(*args: Any, **more: Any) -> list[str]:
    return [notice.title for notice in notices(*args, **more)]


def stock(level: int) -> dict[str, Any]:
    return {**tables()["stock_items"]["mozzarella"], "level": level}


class TestNewOrder:
    @pytest.mark.parametrize(
        ("role", "told"), [("pos", False), ("kitchen", True), ("manager", True)]
    )
    def test_kitchen_and_manager_are_told(self, role: Role, told: bool) -> None:
        found = notices("orders", None, order(), role)
        assert bool(found) == told
        for notice in found:
            assert notice == Notice("new_order:o1", "new_order", "Order A-017", "7", NOW, "o1")

    def test_a_load_is_no_news(self) -> None:
        assert titles("orders", None, order(), initiator="load") == []

    def test_the_own_order_is_no_news(self) -> None:
        assert titles("orders", None, order(device_id=OFFICE), initiator="local") == []

    @pytest.mark.parametrize(
        ("who", "body"),
        [
            ({"table_name": "", "customer": "Ann"}, "Ann"),
            ({"table_name": "", "type": "takeaway"}, "Takeaway"),
        ],
    )
    def test_it_says_for_whom(self, who: dict[str, Any], body: str) -> None:
        assert [notice.body for notice in notices("orders", None, order(**who))] == [body]

    def test_an_order_that_is_over_already_is_no_news(self) -> None:
        assert titles("orders", None, order(state="closed")) == []
        assert titles("orders", order(), None) == []


class TestOrderReady:
    def test_the_till_that_took_it_and_the_manager_are_told(self) -> None:
        assert titles("orders", order(), order(ready_at=AT), "pos") == ["Ready: A-017"]
        assert titles("orders", order(), order(ready_at=AT), "manager") == ["Ready: A-017"]

    def test_others_are_not(self) -> None:
        elsewhere = order(device_id="other")
        assert titles("orders", elsewhere, {**elsewhere, "ready_at": AT}, "pos") == []
        assert titles("orders", order(), order(ready_at=AT), "kitchen") == []

    def test_an_order_met_when_ready_is_told_once_as_ready(self) -> None:
        assert titles("orders", None, order(ready_at=AT)) == ["Ready: A-017"]

    def test_the_servers_correction_of_the_moment_is_no_second_notice(self) -> None:
        earlier = order(ready_at="2026-11-21T07:59:59+00:00")
        assert titles("orders", earlier, order(ready_at=AT)) == []


class TestTwoStagePass:
    def test_an_order_is_ready_when_it_stands_complete_on_the_pass(self) -> None:
        till = replace(READERS["pos"], expo_stages=2)

        def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
            change = RowChange("orders", "o1", before, after)
            return [one.title for one in derive(ChangeSet((change,), "remote"), till, NOW)]

        cooked = order(ready_at=AT)
        assert told(order(), cooked) == []
        assert told(cooked, {**cooked, "assembled_at": AT}) == ["Ready: A-017"]


class TestQuestions:
    ASKED: ClassVar[dict[str, Any]] = {
        "id": "q1",
        "text": "How done is the steak?",
        "options": ["Rare", "Medium"],
        "answer": "",
    }
    ANSWERED: ClassVar[dict[str, Any]] = {**ASKED, "answer": "Rare"}

    @pytest.mark.parametrize("role", ["pos", "manager"])
    def test_the_till_that_took_the_order_and_the_manager_are_asked(self, role: Role) -> None:
        (notice,) = notices("orders", order(), order(questions=[self.ASKED]), role)
        assert notice == Notice(
            "question:q1",
            "question",
            "Kitchen asks: A-017",
            "How done is the steak?",
            NOW,
            "o1",
            options=("Rare", "Medium"),
        )
        assert question_id(notice) == "q1"

    def test_others_are_not_asked(self) -> None:
        elsewhere = order(device_id="other")
        assert titles("orders", elsewhere, {**elsewhere, "questions": [self.ASKED]}, "pos") == []
        assert titles("orders", order(), order(questions=[self.ASKED]), "kitchen") == []

    def test_the_kitchen_gets_the_answer(self) -> None:
        (notice,) = notices(
            "orders", order(questions=[self.ASKED]), order(questions=[self.ANSWERED]), "kitchen"
        )
        assert (notice.id, notice.kind) == ("answered:q1", "answered")
        assert (notice.title, notice.body) == ("Answer: A-017", "How done is the steak? Rare")
        assert question_id(notice) == "q1"

    def test_what_was_answered_before_it_was_heard_is_no_question(self) -> None:
        assert titles("orders", order(), order(questions=[self.ANSWERED]), "pos") == []

    def test_what_is_known_is_no_news(self) -> None:
        asked, rush = order(questions=[self.ASKED]), order(questions=[self.ASKED], rush=True)
        assert titles("orders", asked, rush, "pos") == []
        answered = order(questions=[self.ANSWERED])
        assert titles("orders", answered, {**answered, "rush": True}, "kitchen") == []

    def test_who_asks_or_answers_need_not_be_told(self) -> None:
        asked = order(questions=[self.ASKED])
        assert titles("orders", order(), asked, "manager", initiator="local") == []

    def test_an_order_that_is_over_has_no_questions(self) -> None:
        over = order(state="closed")
        assert titles("orders", over, {**over, "questions": [self.ASKED]}, "pos") == []

    def test_other_notices_are_about_no_question(self) -> None:
        (notice,) = notices("orders", order(), order(ready_at=AT))
        assert question_id(notice) == ""


class TestLowStock:
    @pytest.mark.parametrize(
        ("before", "after", "title"),
        [
            (2500, 2100, "Low: Mozzarella 2.1 kg left"),
            (2201, 2200, "Low: Mozzarella 2.2 kg left"),
            (2100, 0, "Out: Mozzarella"),
            (2500, -120, "Out: Mozzarella"),
        ],
    )
    def test_crossing_a_mark_downwards_is_told(self, before: int, after: int, title: str) -> None:
        for role in ("kitchen", "manager"):
            assert titles("stock_items", stock(before), stock(after), role) == [title]

    @pytest.mark.parametrize(
        ("before", "after"), [(2500, 2400), (2100, 2000), (-5, -9), (0, 2500), (0, 100)]
    )
    def test_staying_on_a_side_or_rising_is_not(self, before: int, after: int) -> None:
        assert titles("stock_items", stock(before), stock(after)) == []

    def test_another_mark_is_not_a_fall(self) -> None:
        assert titles("stock_items", stock(2500), {**stock(2500), "low_level": 3000}) == []
        assert titles("stock_items", None, stock(1)) == []

    def test_a_till_is_told_of_nothing_left_only(self) -> None:
        assert titles("stock_items", stock(2500), stock(2100), "pos") == []
        assert titles("stock_items", stock(2500), stock(0), "pos") == ["Out: Mozzarella"]

    def test_one_fall_is_one_notice_and_the_next_is_another(self) -> None:
        first, again, later = (
            notices("stock_items", stock(2500), stock(2100), rev=rev)[0].id for rev in (5, 5, 9)
        )
        assert first == again != later

    def test_a_local_fall_is_told_too(self) -> None:
        found = notices("stock_items", stock(2500), stock(2100), initiator="local")
        assert found[0].id == f"low_stock:mozzarella:low:{AT}"


class TestEightySix:
    def test_tills_and_kitchen_are_told_when_an_item_goes_and_comes_back(self) -> None:
        item = tables()["menu_items"]["caesar"]
        out = {**item, "out_since": AT}
        for role in ("pos", "kitchen"):
            assert titles("menu_items", item, out, role) == ["86: Caesar Salad"]
            assert titles("menu_items", out, item, role) == ["Back on: Caesar Salad"]
        assert titles("menu_items", item, out, "manager") == []

    def test_the_own_tap_and_other_changes_are_no_news(self) -> None:
        item = tables()["menu_items"]["caesar"]
        assert titles("menu_items", item, {**item, "out_since": AT}, "pos", "local") == []
        assert titles("menu_items", item, {**item, "name": "Caesar"}, "pos") == []
        assert titles("menu_items", None, {**item, "out_since": AT}, "pos") == []


class TestRefused:
    def test_it_names_what_was_asked_for_and_why_not(self) -> None:
        args = {"order_id": "o1", "payment": {}}
        command = Command("op7", 7, "pay", "o1", "Mia", AT, args)
        notice = refused(command, "a kitchen device may not pay", "A-017", NOW)
        assert notice.title == "Not accepted: Payment of A-017"
        assert (notice.id, notice.body) == ("refused:op7", "a kitchen device may not pay")
        assert notice.order_id == "o1"

    def test_a_refused_order_is_named_though_it_is_nowhere_else(self) -> None:
        args = {"order": new_order("o2", "A-018"), "lines": []}
        command = Command("op8", 8, "place_order", "o2", "Mia", AT, args)
        assert order_number(command, None) == "A-018"
        assert order_number(command, order()) == "A-017"
        assert refused(command, "duplicate order", "A-018", NOW).order_id == "o2"

    def test_a_notice_of_a_refusal_leads_back_to_the_op(self) -> None:
        command = Command("op8", 8, "close_order", "o2", "Mia", AT, {"order_id": "o2"})
        notice = refused(command, "unknown order", "", NOW)
        assert refused_op(notice) == "op8"
        assert refused_op(replace(notice, kind="order_ready")) == ""

    def test_what_is_about_no_order_is_named_by_its_verb(self) -> None:
        args = {"stock_item_id": "dough", "delta": 1, "reason": ""}
        command = Command("op9", 9, "adjust_stock", "stock:dough", "Mia", AT, args)
        notice = refused(command, "unknown stock item", order_number(command, None), NOW)
        assert (notice.title, notice.order_id) == ("Not accepted: Adjust stock", None)


@pytest.mark.parametrize(
    ("level", "unit", "text"),
    [(2100, "g", "2.1 kg"), (900, "g", "900 g"), (-1500, "ml", "-1.5 l"), (12, "pcs", "12 pcs")],
)
def test_quantities_are_short(level: int, unit: str, text: str) -> None:
    assert quantity(level, unit) == text


def test_other_tables_are_no_news() -> None:
    assert titles("stations", None, {"id": "grill"}) == []


def test_a_terminal_that_was_copied_is_told_to_managers_once() -> None:
    device = {"id": TILL, "name": "Till 2", "locked_since": None}
    locked = {**device, "locked_since": AT}
    (notice,) = notices("devices", device, locked)
    assert (notice.kind, notice.title) == ("locked", "Till 2 was copied")
    assert notices("devices", device, locked, role="pos") == ()
    assert notices("devices", locked, {**locked, "name": "Bar"}) == ()
    assert notices("devices", locked, device) == ()
    assert notices("devices", {"id": TILL, "name": "Of an older server"}, device) == ()
