"""Who is here, and the diffs that tell of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.hub.realtime.presence import Presence


def numbered() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"r{next(numbers)}"


@pytest.fixture
def room() -> Presence:
    return Presence(numbered())


def test_a_first_track_is_a_join(room: Presence) -> None:
    diff = room.track("a", "alice", {"at": 1})
    assert diff == {"joins": {"alice": {"metas": [{"phx_ref": "r1", "at": 1}]}}, "leaves": {}}


def test_an_update_is_a_join_and_a_leave_in_one_diff(room: Presence) -> None:
    room.track("a", "alice", {"at": 1})
    new = {"phx_ref": "r2", "phx_ref_prev": "r1", "at": 2}
    assert room.track("a", "alice", {"at": 2}) == {
        "joins": {"alice": {"metas": [new]}},
        "leaves": {"alice": {"metas": [{"phx_ref": "r1", "at": 1}]}},
    }
    assert room.state() == {"alice": {"metas": [new]}}


def test_saying_the_same_again_tells_nobody(room: Presence) -> None:
    room.track("a", "alice", {"at": 1})
    assert room.track("a", "alice", {"at": 1}) is None


def test_one_key_twice_is_two_metas(room: Presence) -> None:
    room.track("a", "alice", {})
    room.track("d", "alice", {})
    assert room.state() == {"alice": {"metas": [{"phx_ref": "r1"}, {"phx_ref": "r2"}]}}
    room.untrack("a")
    assert room.state() == {"alice": {"metas": [{"phx_ref": "r2"}]}}


def test_leaving_unseen_tells_nobody(room: Presence) -> None:
    assert room.untrack("a") is None


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y"]), st.none() | st.integers())
    )
)
def test_the_diffs_add_up_to_the_state(calls: list[tuple[str, str, int | None]]) -> None:
    room = Presence(numbered())
    known: dict[str, dict[str, object]] = {}
    for member, key, value in calls:
        diff = room.untrack(member) if value is None else room.track(member, key, {"v": value})
        for side in ("leaves", "joins") if diff else ():
            assert diff is not None
            for metas in diff[side].values():
                for meta in metas["metas"]:
                    known.pop(meta["phx_ref"], None) if side == "leaves" else known.update(
                        {meta["phx_ref"]: meta}
                    )
    state = [meta for entry in room.state().values() for meta in entry["metas"]]
    assert {meta["phx_ref"]: meta for meta in state} == known
