"""When a token is renewed."""

from __future__ import annotations

from kds.connection.policy import Policy
from kds.connection.renewal import Renewal


def test_a_token_is_due_once_at_its_share_of_the_lifetime() -> None:
    renewal = Renewal(Policy(refresh_at=0.8))
    assert renewal.take(0) is False
    renewal.granted(100, now=10)
    assert renewal.at == 90
    assert [renewal.take(now) for now in (89.9, 90.0, 90.0)] == [False, True, False]
    assert renewal.at is None


def test_failures_wait_longer_until_a_grant_or_a_restart() -> None:
    renewal = Renewal(Policy(backoff=(1, 2, 4)))
    waits = []
    for _ in range(4):
        renewal.failed(0, 0.5)
        waits.append(renewal.at)
    assert waits == [0.5, 1.0, 2.0, 2.0]
    renewal.restart()
    renewal.failed(0, 0.5)
    assert renewal.at == 0.5
    renewal.granted(10, 0)
    renewal.failed(0, 0.5)
    assert renewal.at == 0.5


def test_a_stop_takes_the_date_away() -> None:
    renewal = Renewal(Policy())
    renewal.granted(10, 0)
    renewal.stop()
    assert renewal.take(100) is False
