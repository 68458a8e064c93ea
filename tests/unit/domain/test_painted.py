"""What a screen announces, and what is taken for an announcement."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.domain.painted import MOST_SHOWN, Painted, read_painted

OVEN = Painted("k1", "Oven", frozenset({"oven", "grill"}), "e1", 57, frozenset({"o1", "o2"}))


def test_what_is_announced_is_what_is_read() -> None:
    assert read_painted(OVEN.to_payload()) == OVEN


def test_a_later_versions_fields_are_ignored() -> None:
    assert read_painted({**OVEN.to_payload(), "page": 2}) == OVEN


def test_a_screen_without_stations_shows_them_all() -> None:
    everything = Painted("k1", "Pass", frozenset(), "e1", 1, frozenset())
    assert everything.shows_station("bar")
    assert not OVEN.shows_station("bar")


def test_an_announcement_is_never_longer_than_it_may_be() -> None:
    many = Painted("k1", "Oven", frozenset(), "e1", 1, frozenset(map(str, range(999))))
    assert len(read_painted(many.to_payload()).shown) == MOST_SHOWN


@pytest.mark.parametrize(
    "changes",
    [
        {"rev": None},
        {"rev": True},
        {"rev": -1},
        {"rev": "57"},
        {"device_id": 7},
        {"name": "x" * 81},
        {"epoch": None},
        {"stations": "oven"},
        {"shown": [1]},
        {"shown": [f"o{n}" for n in range(MOST_SHOWN + 1)]},
    ],
)
def test_what_is_no_announcement_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no "):
        read_painted({**OVEN.to_payload(), **changes})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(sorted(OVEN.to_payload())), JSON))
def test_any_payload_is_read_or_refused(payload: dict[str, Any]) -> None:
    try:
        assert isinstance(read_painted(payload), Painted)
    except ValueError:
        return
