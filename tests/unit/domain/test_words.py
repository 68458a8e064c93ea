"""What a command asks for, in words for the person at a screen."""

from __future__ import annotations

from typing import Any

import pytest

from kds.domain.commands import Command
from kds.domain.rows import Row
from kds.domain.words import amount_of, deed, sentence, tender_of, title
from tests.support.restaurant import new_line, tables

LINES = {"l1": new_line("l1", name="Margherita", qty=2)}


def row_of(table: str, pk: str) -> Row | None:
    return {**tables(), "order_lines": LINES}.get(table, {}).get(pk)


def command(kind: Any, **args: Any) -> Command:
    return Command("op", 1, kind, "o1", "Mia", "2026-11-21T08:00:00+00:00", args)


PAYMENT = {"id": "p1", "tender": "card", "amount": 2400}
FIVE = [new_line(f"l{n}", name=f"Dish {n}", variant="") for n in range(5)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (command("place_order", lines=list(LINES.values())), "Add 2 x Margherita M"),
        (command("add_lines", lines=FIVE), "Add 1 x Dish 0, 1 x Dish 1, 1 x Dish 2 and 2 more"),
        (command("place_order"), "Add an order"),
        (command("add_lines", lines=[{"qty": "two"}, 7]), "Add an order"),
        (command("bump", line_ids=["l1"]), "Bump 2 x Margherita M"),
        (command("start", line_ids=["gone"]), "Start lines"),
        (command("recall", line_ids=["l1", 7]), "Recall 2 x Margherita M"),
        (command("void_line", line_id="l1"), "Void 2 x Margherita M"),
        (command("void_line"), "Void a line"),
        (command("void_order"), "Void the order"),
        (command("close_order"), "Close the order"),
        (command("pay", payment=PAYMENT), "Take €24.00 by card"),
        (command("pay", payment={**PAYMENT, "tender": "cash"}), "Take €24.00 in cash"),
        (command("pay"), "Take money"),
        (command("eighty_six", item_id="caesar", out=True), "86 Caesar Salad"),
        (command("eighty_six", item_id="ghost", out=False), "Bring back an item"),
        (command("adjust_stock", stock_item_id="dough", delta=5), "Add 5 pcs Dough"),
        (command("adjust_stock", stock_item_id="dough", delta=-5), "Take out 5 pcs Dough"),
        (command("adjust_stock"), "Count the stock"),
        (command("acknowledge", line_ids=["l1"]), "Acknowledge 2 x Margherita M"),
        (command("change_qty", line_id="l1", qty=3), "Make it 3: 2 x Margherita M"),
        (command("change_qty", qty=3), "Make it 3: a line"),
        (command("fire", course=2), "Fire course 2"),
        (command("hold"), "Hold all courses"),
        (command("mark", rush=True, vip=False), "Mark as rush and not VIP"),
        (command("mark"), "Mark the order"),
        (command("ask", question={"text": "No nuts?"}), "Ask: No nuts?"),
        (command("ask"), "Ask"),
        (command("answer", answer="Yes"), "Answer: Yes"),
        (command("assemble", done=True), "Assemble the order"),
        (command("assemble", done=False), "Not assembled after all"),
        (command("hand_over", done=True), "Hand over the order"),
        (command("hand_over", done=False), "Take the order back to the pass"),
        (command("cover", station_id="grill", by="cold"), "Let Cold stand in for Grill"),
        (command("cover", station_id="grill", by=""), "Give Grill its work back"),
        (
            command("set_up", table="stations", id="grill", values={"late_after_s": 570}),
            "Set up Grill: late after 9 min 30 s",
        ),
        (command("set_up", values=7), "Set up the kitchen"),
        (command("split_order"), "Split order"),
    ],
)
def test_a_title_says_what_was_asked_for(asked: Command, words: str) -> None:
    assert title(asked, row_of, "EUR") == words


def test_a_deed_says_what_was_done_to_which_row() -> None:
    assert deed("bump", LINES["l1"]) == "bumped Margherita"
    assert deed("void_order", {"number": "A-001"}) == "voided A-001"
    assert deed(None, {}) == "changed"


def test_a_reason_becomes_a_sentence() -> None:
    assert sentence("unknown order") == "Unknown order."
    assert sentence("Really?") == "Really?"
    assert sentence(" ") == ""


def test_only_a_payment_is_about_money() -> None:
    assert amount_of(command("pay", payment=PAYMENT)) == 2400
    assert amount_of(command("pay", payment=7)) == 0
    assert amount_of(command("bump", payment=PAYMENT)) == 0


def test_how_money_was_taken_is_told_as_far_as_it_is_known() -> None:
    assert tender_of(command("pay", payment=PAYMENT)) == "by card"
    assert tender_of(command("pay", payment={"tender": "shells"})) == ""
    assert tender_of(command("pay", payment=7)) == ""
