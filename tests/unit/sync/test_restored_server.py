"""A server that came back from a backup, as the machine meets it: first what it lacks."""

from __future__ import annotations

from kds.sync.attempts import Pace
from kds.sync.machine import Machine
from kds.sync.signals import (
    Ask,
    Event,
    Failed,
    Flush,
    Install,
    Pull,
    Pulled,
    Queued,
    Requeued,
    Rewound,
    Snapped,
    Started,
    Submitted,
    Write,
)
from kds.sync.wire import Cursor, StreamAnswer, StreamChanges, StreamSnapshot

OLD, NEW = Cursor("old", 9), Cursor("new", 4)
SNAPSHOT = StreamSnapshot("s", NEW, {})
FRESH = Queued(3, "o3", 100)
LACKING = (Queued(1, "o1", 100), Queued(2, "o2", 100), FRESH)


class Till:
    """A terminal that stands at `OLD`, and its machine's word on each event."""

    def __init__(self) -> None:
        self.machine = Machine({"s": OLD}, (), Pace())
        self.now = 100.0
        self.on(Started())
        self.on(Submitted((FRESH,)))
        self.on(Failed("flush", "restored", "", 0.5))

    def on(self, event: Event, after: float = 1.0) -> list[Write | Ask]:
        self.now += after
        writes = self.machine.on(event, self.now)
        return [*writes, *self.machine.next(self.now)]

    def learns(self) -> list[Write | Ask]:
        """The snapshot of the other database arrives."""
        reset = StreamAnswer(4, True, StreamChanges("s", NEW, ()))
        self.on(Pulled({"s": reset}))
        self.on(Failed("flush", "restored", "", 0.5))  # it has asked once more meanwhile
        return self.on(Snapped((SNAPSHOT,)), after=60.0)


def test_ops_of_another_epoch_are_refused_and_a_pull_asks_why() -> None:
    machine = Machine({"s": OLD}, (FRESH,), Pace())
    machine.on(Started(), 100.0)
    assert Flush((3,)) in machine.next(100.0)
    machine.on(Pulled({"s": StreamAnswer(9, False, StreamChanges("s", OLD, ()))}), 101.0)
    machine.on(Failed("flush", "restored", "", 0.5), 102.0)
    assert Pull({"s": OLD}) in machine.next(102.0)
    assert machine.problem is None


def test_nothing_is_sent_before_what_the_server_lacks_is_queued_again() -> None:
    till = Till()
    effects = [*till.learns(), *till.on(Submitted((Queued(4, "o4", 100),)))]
    assert Install((SNAPSHOT,), reopen=True) in effects
    assert not any(isinstance(effect, Flush) for effect in effects)
    assert Flush((1, 2, 3)) in till.on(Requeued(LACKING))


def test_a_snapshot_that_the_disk_refused_is_news_again() -> None:
    till = Till()
    till.learns()
    till.on(Rewound({"s": OLD}))
    assert Install((SNAPSHOT,), reopen=True) in till.learns()


def test_after_a_snapshot_that_the_disk_refused_sending_goes_on() -> None:
    till = Till()
    till.learns()
    assert Flush((3,)) in till.on(Rewound({"s": OLD}))
