from __future__ import annotations

from kds.connection.policy import step


def test_the_last_step_repeats() -> None:
    assert [step((1, 2, 4), n) for n in (1, 2, 3, 4, 100)] == [1, 2, 4, 4, 4]
