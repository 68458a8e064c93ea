"""Who is here: what others track, read with care, and oneself first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kds.connection.tasks import Tasks
from kds.session.device import Device
from kds.session.live import Live, people_of
from kds.session.status import Person

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
AT = "2026-11-21T08:00:00+00:00"
ME = Person("me", "Till", "pos", "Orders", NOW, me=True)


def meta(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "role": "kitchen", "where": "Board", "since": AT, **fields}


def test_oneself_comes_first_and_the_others_by_name() -> None:
    presences = {"b": [meta("pass")], "a": [meta("Grill")], "me": [meta("Old me")]}
    assert people_of(presences, ME) == (
        ME,
        Person("a", "Grill", "kitchen", "Board", NOW),
        Person("b", "pass", "kitchen", "Board", NOW),
    )


def test_the_newest_of_two_connections_counts() -> None:
    later = meta("Grill", where="Settings", since="2026-11-21T08:00:01+00:00")
    (person,) = people_of({"a": [later, meta("Grill")]}, None)
    assert person.where == "Settings"


def test_what_cannot_be_read_is_left_out() -> None:
    presences = {
        "a": [{"user": "dashboard"}],
        "b": [meta("Grill", since="yesterday")],
        "c": [meta("Grill", since=None)],
        "d": [],
    }
    assert people_of(presences, None) == ()


def test_without_a_channel_only_oneself_is_here() -> None:
    live = Live(lambda: NOW, Tasks())
    changes: list[None] = []
    live.people_changed.connect(changes.append)
    assert live.people == ()
    live.be(Device("me", "Till", "pos", "A", "b1"))
    live.set_where("Orders")
    live.set_where("Orders")
    assert live.people == (ME,)
    assert len(changes) == 2
