"""The books notice what they are there to notice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.crash.books import Books, Found

TRUE = Found({"a": 2, "b": 2}, {"a": [1200]}, 1, ["A-001", "A-002"], 0)


def books() -> Books:
    return Books(orders={"a", "b"}, payments={"a"}, stock=1)


def test_what_was_accepted_and_is_there_once_is_right() -> None:
    assert books().settle(TRUE, died=False) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (replace(TRUE, orders={"a": 2}), "order b is lost"),
        (replace(TRUE, payments={}), "payment a is lost"),
        (replace(TRUE, orders={"a": 2, "b": 4}), "order b: 4 pieces"),
        (replace(TRUE, payments={"a": [1200, 1200]}), "order a: paid [1200, 1200]"),
        (replace(TRUE, numbers=["A-001", "A-001"]), "a number was given to two orders"),
        (replace(TRUE, dead=1), "1 ops were refused"),
        (replace(TRUE, stock=2), "1 taps more than were accepted"),
        (replace(TRUE, stock=0), "-1 taps more than were accepted"),
    ],
)
def test_what_is_lost_or_doubled_is_said(found: Found, words: str) -> None:
    assert words in books().settle(found, died=False)


def test_a_till_may_die_between_the_disk_and_its_word_but_once() -> None:
    mine = books()
    assert mine.settle(replace(TRUE, stock=2), died=True) == []
    assert mine.instants == 1
    assert mine.settle(replace(TRUE, stock=4), died=True) == ["2 taps more than were accepted"]
