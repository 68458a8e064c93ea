"""How many wrong passwords somebody may try."""

from __future__ import annotations

import pytest

from kds.hub.limiter import FailureLimiter


def test_a_burst_is_allowed_and_then_it_waits() -> None:
    limiter = FailureLimiter(burst=3, per_s=0.1)
    for _ in range(3):
        assert limiter.allows("a", 0)
        limiter.failed("a", 0)
    assert not limiter.allows("a", 0)
    assert not limiter.allows("a", 9.9)
    assert limiter.allows("a", 10)


def test_one_persons_failures_do_not_stop_another() -> None:
    limiter = FailureLimiter(burst=1)
    limiter.failed("a", 0)
    assert not limiter.allows("a", 0)
    assert limiter.allows("b", 0)


def test_it_forgets_those_who_have_waited_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kds.hub.limiter._REMEMBERED", 10)
    limiter = FailureLimiter()
    for n in range(100):
        limiter.failed(n, n * 100)
    assert len(limiter._levels) <= 11
