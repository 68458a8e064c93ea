from __future__ import annotations

from kds.connection.pacing import Backlog, Pacer


def test_no_more_than_the_limit_goes_out_in_a_window() -> None:
    pacer: Pacer[int] = Pacer(2, 30)
    sent = []
    for now in range(61):
        pacer.offer(now)
        if pacer.take(now) is not None:
            sent.append(now)
    assert sent == [0, 1, 30, 31, 60]


def test_the_newest_value_overtakes_a_waiting_one() -> None:
    pacer: Pacer[str] = Pacer(1, 30)
    pacer.offer("a")
    assert pacer.take(0) == "a"
    pacer.offer("b")
    pacer.offer("c")
    assert pacer.take(29) is None
    assert pacer.wake_at == 30
    assert pacer.take(30) == "c"
    assert pacer.wake_at is None
    assert pacer.take(90) is None


def test_a_backlog_keeps_the_newest() -> None:
    backlog = Backlog(3)
    for n in range(5):
        backlog.put("seen", {"n": n})
    assert backlog.drain() == [("seen", {"n": n}) for n in (2, 3, 4)]
    assert backlog.drain() == []


def test_a_backlog_keeps_one_broadcast_per_event_and_key() -> None:
    backlog = Backlog(10)
    backlog.put("seen", {"n": 1}, key="order-1")
    backlog.put("typing", {"n": 2}, key="order-1")
    backlog.put("seen", {"n": 3}, key="order-1")
    assert backlog.drain() == [("typing", {"n": 2}), ("seen", {"n": 3})]
