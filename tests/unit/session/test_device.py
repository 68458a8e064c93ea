"""Who a terminal is, and how it numbers its orders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kds.session.admission import NO_BRANCH, OTHER_BRANCH, NotAdmitted, branch_for
from kds.session.device import Device
from kds.session.numbers import business_day, order_number
from kds.session.status import Status


def test_a_device_survives_being_written_down() -> None:
    device = Device("d1", "Till", "pos", "A", "b1")
    assert Device.from_json({**device.to_json(), "server_time": "now"}) == device


@pytest.mark.parametrize(
    ("count", "number"), [(1, "A-001"), (17, "A-017"), (999, "A-999"), (1000, "A-1000")]
)
def test_a_number_is_short(count: int, number: str) -> None:
    assert order_number("A", count) == number


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", "2026-11-21"), ("Asia/Tokyo", "2026-11-22"), ("Moon/Base", "2026-11-21")],
)
def test_a_day_is_the_branchs_own(zone: str, day: str) -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert business_day(late, {"timezone": zone}) == day


def test_a_day_is_utc_while_the_branch_is_unknown() -> None:
    assert business_day(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), None) == "2026-11-21"


def claims(*branches: str) -> dict[str, Any]:
    return {"app_metadata": {"branches": list(branches), "role": "pos"}}


def test_the_profile_decides_the_branch_if_the_account_belongs_there() -> None:
    assert branch_for(claims("b1", "b2"), "b2") == "b2"
    assert branch_for(claims("b1", "b2"), None) == "b1"


@pytest.mark.parametrize(
    ("has", "wanted", "why"),
    [
        (claims("b1"), "b2", OTHER_BRANCH),
        (claims(), None, NO_BRANCH),
        ({"app_metadata": {"branches": None}}, "b1", NO_BRANCH),
        ({}, None, NO_BRANCH),
    ],
)
def test_an_account_that_does_not_belong_is_told(
    has: dict[str, Any], wanted: str | None, why: str
) -> None:
    with pytest.raises(NotAdmitted) as refused:
        branch_for(has, wanted)
    assert str(refused.value) == why


@pytest.mark.parametrize(
    ("complete_to", "head", "complete"),
    [(None, None, False), (None, 5, False), (5, None, True), (4, 5, False), (5, 5, True)],
)
def test_complete_means_nothing_heard_of_is_missing(
    complete_to: int | None, head: int | None, complete: bool
) -> None:
    assert Status(complete_to=complete_to, head=head).complete is complete
