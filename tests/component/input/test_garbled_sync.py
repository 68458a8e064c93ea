"""Answers and pokes that arrive garbled, and a disk that does: nothing is lost, and it is said."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kds.base.clock import SystemClock
from kds.sync.ops import Settlement
from kds.sync.replica import Replica
from kds.sync.requests import UNREADABLE
from kds.sync.wire import Change, Cursor, StreamChanges
from tests.support.fake_connection import ModelServer
from tests.support.terminals import Terminal, terminal

Garble = Callable[[Any], Any]


@pytest.fixture
def server() -> ModelServer:
    return ModelServer(SystemClock())


@pytest.fixture
async def till(server: ModelServer, tmp_path: Path) -> AsyncIterator[Terminal]:
    async with terminal(server, tmp_path) as till:
        yield till


def garble(till: Terminal, name: str, change: Garble) -> Callable[[], None]:
    """From now on answers to `name` pass through `change`; returns the way back."""
    honest = till.connection.rpc

    async def rpc(called: str, params: dict[str, Any]) -> Any:
        answer = await honest(called, params)
        return change(answer) if called == name else answer

    till.connection.rpc = rpc  # type: ignore[method-assign]

    def stop() -> None:
        till.connection.rpc = honest  # type: ignore[method-assign]

    return stop


def each_outcome(answer: Any, **told: Any) -> Any:
    return {**answer, "outcomes": [{**one, **told} for one in answer["outcomes"]]}


def without_ids(answer: Any) -> Any:
    for part in answer["streams"].values():
        for rows in part["tables"].values():
            for row in rows[-1:]:
                del row["id"]
    return answer


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: {**answer, "outcomes": []},
        lambda answer: each_outcome(answer, seq=99),
        lambda answer: each_outcome(answer, op_id="x"),
        lambda answer: {**answer, "server_time": "0001-01-01T00:00:00+23:59"},
        lambda answer: {**answer, "server_time": "9999-12-31T23:59:59+00:00"},
        lambda _answer: None,
    ],
    ids=["none", "another seq", "another op", "year 0", "year 9999", "null"],
)
async def test_an_op_without_a_clear_outcome_stays_queued(
    change: Garble,
    till: Terminal,
    server: ModelServer,
) -> None:
    await till.online()
    till.connection.deaf = True
    stop = garble(till, "apply_ops", change)
    await till.place("o1")
    await till.until(lambda: bool(till.connection.called("apply_ops")))
    assert till.engine.progress.waiting == 1
    assert till.row("orders", "o1")
    stop()
    till.connection.cut()
    till.connection.connect()
    await till.sent()
    assert len(server.applied) == 1


async def test_a_snapshot_with_an_unreadable_row_leaves_the_old_ones(
    till: Terminal,
    server: ModelServer,
) -> None:
    await till.online()
    before = till.rows("menu_items")
    garble(till, "snapshot", without_ids)
    server.restore("another", forget_outcomes=False)
    till.connection.cut()
    till.connection.connect()
    await till.until(lambda: till.engine.progress.problem == UNREADABLE)
    assert till.rows("menu_items") == before


@pytest.mark.parametrize(
    "poke", [{}, {"stream": 5}, {"rev": "many"}, {"rows": [5]}, {"rev": float("inf")}]
)
async def test_a_poke_without_sense_is_passed_over_and_the_pull_finds_the_change(
    poke: dict[str, Any],
    till: Terminal,
    server: ModelServer,
) -> None:
    await till.online()
    good = {"stream": server.floor.name, "epoch": server.floor.epoch, "rev": server.floor.rev + 1}
    till.connection.deaf = True
    till.engine._ears.on_poke({**good, **poke} if poke else {})
    row = dict(next(iter(server.rows.tables["menu_items"].values())), name="New")
    server.write([("menu_items", row["id"], row)], None)
    till.connection.cut()
    till.connection.connect()
    await till.until(lambda: till.rows("menu_items")[row["id"]]["name"] == "New")


@pytest.mark.parametrize("text", ["", "{", "[]", "5", "{}", '{"id": 5}', "\0", "[" * 5000])
async def test_a_row_that_the_disk_garbled_is_fetched_again(text: str, tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    replica = Replica(path)
    await replica.open()
    changes = tuple(Change(1, "orders", pk, {"id": pk}, None) for pk in ("a", "b"))
    await replica.commit([StreamChanges("s", Cursor("e", 1), changes)], Settlement())
    await replica.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE rows SET json = ? WHERE pk = 'a'", (text,))
    await replica.open()
    loaded = await replica.load(["s"])
    await replica.close()
    assert loaded.rows == [("orders", {"id": "b"})]
    assert loaded.cursors == {}
