"""Messages in parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.hub.realtime.parts import Parts

texts = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=5)


@given(st.lists(texts, min_size=1, max_size=4))
def test_messages_are_whole_again_with_their_last_part(messages: list[list[str]]) -> None:
    parts = Parts()
    for number, message in enumerate(messages):
        told = [
            parts.take(f"m{number} {n} {len(message)} {text}") for n, text in enumerate(message, 1)
        ]
        assert told == [None] * (len(message) - 1) + ["".join(message)]


@pytest.mark.parametrize("odd", ["", "end", "a b c d", "a 2 3 x", "m 1 x", "n 3 3 x"])
def test_what_comes_out_of_turn_is_refused_and_the_next_message_is_whole(odd: str) -> None:
    parts = Parts()
    assert parts.take("m 1 3 x") is None
    assert parts.take("m 2 3 y") is None
    with pytest.raises(ValueError, match=r"."):
        parts.take(odd)
    assert parts.take("k 1 1 z") == "z"


def test_a_message_that_lost_a_part_is_given_up() -> None:
    parts = Parts()
    parts.take("m 1 3 x")
    for late in ("m 3 3 z", "m 2 3 y"):
        with pytest.raises(ValueError, match="out of turn"):
            parts.take(late)
