"""What the attention sheet says of an op."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kds.session.attention import Stuck, Theirs
from kds.session.status import Status
from kds.ui.attention import words

AT = datetime(2026, 3, 14, 12, 3, 40, tzinfo=UTC)
MORE = Stuck(
    "o1", "add_lines", "a", "A-017", "Add 1 x Water", "It is closed.", "Mia", AT, "rejected"
)
PAYMENT = replace(MORE, kind="pay", title="Take $24.00 in cash", money=2400, tender="in cash")
BUMP = Theirs("bumped Margherita", "Anna", "Pass", AT - timedelta(seconds=30))
VOID = replace(
    MORE,
    kind="void_line",
    title="Void 1 x Margherita",
    reason="It is ready already.",
    result="conflict",
    theirs=BUMP,
)
ONLINE, OFFLINE = Status(link="connected"), Status(link="reconnecting")


def test_money_is_spelled_out_before_it_is_dropped() -> None:
    assert words.question(PAYMENT, "USD") == "Discard $24.00 taken in cash?"
    assert words.discard_button(PAYMENT, "USD") == "Discard $24.00"
    assert "Say where it is" in words.discard_means(PAYMENT)


def test_other_things_are_named_before_they_are_dropped() -> None:
    assert words.question(MORE, "USD") == "Discard “Add 1 x Water”?"
    assert words.discard_button(MORE, "USD") == "Discard"
    behind = replace(MORE, behind=("Close the order",))
    assert words.discard_means(behind).startswith("What waits behind it is sent.")


def test_the_list_tells_what_is_the_matter_in_shape_and_text() -> None:
    assert words.row(MORE, "USD").pill == ("Refused", "danger", "triangle")
    assert words.row(VOID, "USD").pill == ("Conflict", "warn", "diamond")
    assert words.row(MORE, "USD", in_cart=True).pill == ("In the cart", "info", "dot")
    assert words.row(PAYMENT, "USD").value == "$24.00"
    assert words.row(MORE, "USD").title == "A-017"


def test_what_is_named_in_the_title_is_not_named_twice() -> None:
    out = replace(MORE, kind="eighty_six", number="Water", title="86 Water")
    assert words.name(out) == "86 Water"
    assert words.row(out, "USD").title == "86 Water"
    assert words.spoken(out) == "Refused: 86 Water. It is closed."


def test_what_waits_behind_is_listed_and_the_rest_counted() -> None:
    assert words.behind(MORE) == ""
    one = replace(MORE, behind=("Close the order",))
    assert words.behind(one) == "1 more waits behind it:\n•  Close the order"
    many = replace(MORE, behind=tuple("abcdef"))
    assert words.behind(many).splitlines()[0] == "6 more wait behind it:"
    assert words.behind(many).splitlines()[-1] == "•  and 2 more"


def test_a_conflict_says_what_the_other_one_did_and_when() -> None:
    said = words.what_happened(VOID, UTC)
    assert said == "Anna bumped Margherita on Pass at 12:03:10. It is ready already."


def test_a_screen_named_like_its_cook_is_not_named_twice() -> None:
    same = replace(VOID, theirs=replace(BUMP, where="Anna"))
    assert words.what_happened(same, UTC).startswith("Anna bumped Margherita at 12:03:10.")


def test_what_the_server_does_not_know_is_left_out() -> None:
    unknown = replace(VOID, theirs=Theirs("changed Margherita", "", "", None))
    assert words.what_happened(unknown, UTC) == "Somebody changed Margherita. It is ready already."
    assert words.what_happened(replace(VOID, theirs=None), UTC) == "It is ready already."
    who = words.facts(replace(VOID, theirs=None), UTC)[1]
    assert (who.yours, who.theirs) == ("Mia", "Not known")


def test_the_sides_of_a_conflict_mark_what_differs() -> None:
    same_person = replace(VOID, who="Anna")
    marked = [fact.name for fact in words.facts(same_person, UTC) if fact.differs]
    assert marked == ["What", "Where", "When"]


def test_voiding_what_is_ready_says_that_it_is_waste() -> None:
    assert "waste" in words.anyway_means(VOID)
    assert words.anyway_means(replace(VOID, kind="bump")) == "What they did is overruled."
    assert "makes no more" in words.anyway_means(replace(VOID, kind="change_qty"))


@pytest.mark.parametrize(
    ("status", "retried", "done"),
    [
        (ONLINE, "Sent again:", "Done anyway: A-017, Void 1 x Margherita."),
        (OFFLINE, "Will be sent", "It goes when you are online."),
        (replace(OFFLINE, polling=True), "Sent again:", "Done anyway:"),
    ],
)
def test_afterwards_it_says_what_happened(status: Status, retried: str, done: str) -> None:
    assert words.sent_again(MORE, status).startswith(retried)
    assert done in words.done_anyway(VOID, status)


def test_a_discard_says_that_what_was_behind_is_sent() -> None:
    assert words.discarded(MORE) == "Discarded: A-017, Add 1 x Water."
    assert words.discarded(replace(MORE, behind=("x",))).endswith("What waited behind it was sent.")
    assert words.kept(VOID) == "Kept theirs: bumped Margherita."
    assert words.asked_again(MORE) == "Asked for again: A-017, Add 1 x Water."


def test_the_heading_counts_what_needs_a_person_and_what_waits() -> None:
    assert words.heading([]) == "What needs you"
    assert words.heading([MORE]) == "1 needs you"
    assert words.heading([MORE, replace(VOID, behind=("x",))]) == "2 need you, 1 waits behind"
    assert words.heading([replace(MORE, behind=("x", "y"))]) == "1 needs you, 2 wait behind"


def test_who_asked_is_told_with_the_time_on_the_wall() -> None:
    assert words.asked(MORE, UTC) == "Mia, 12:03:40"
    assert words.asked(replace(MORE, who=""), UTC) == "12:03:40"
