"""A disk with an entry that cannot be read: the terminal starts, keeps it, and asks a person."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kds.base.clock import SystemClock
from kds.base.errors import KdsError
from tests.support.fake_connection import ModelServer
from tests.support.terminals import Terminal, terminal

GARBAGE = b'{"op_id": "\xff\xfe'


@pytest.fixture
def server() -> ModelServer:
    return ModelServer(SystemClock())


def disk(folder: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(folder / "till.db", isolation_level=None))


def spoil(folder: Path, table: str, column: str = "json", value: bytes = GARBAGE) -> None:
    """Write nonsense over a column of the first entry, as text."""
    with disk(folder) as file:
        file.execute(
            f"UPDATE {table} SET {column} = CAST(? AS TEXT)"
            f" WHERE seq = (SELECT min(seq) FROM {table})",
            (value,),
        )


def kept(folder: Path) -> list[bytes]:
    with disk(folder) as file:
        rows = file.execute("SELECT CAST(json AS BLOB) FROM unreadable ORDER BY place")
        return [text for (text,) in rows]


async def offline_orders(server: ModelServer, folder: Path) -> None:
    """Two taps on one order and one on another, all still here."""
    async with terminal(server, folder) as till:
        await till.online()
        till.connection.cut()
        await till.place("o1")
        await till.on_order("bump", "o1", line_ids=["o1"])
        await till.place("o2")


async def behind(till: Terminal) -> None:
    await till.until(lambda: till.engine.progress.blocked == 2)


async def test_the_terminal_starts_and_what_cannot_be_read_blocks_its_lane_alone(
    server: ModelServer, tmp_path: Path
) -> None:
    await offline_orders(server, tmp_path)
    spoil(tmp_path, "outbox")
    async with terminal(server, tmp_path) as till:
        (broken,) = till.engine.dead_ops
        assert (broken.unreadable, broken.command.lane, broken.command.seq) == (True, "o1", 1)
        await till.online()
        await behind(till)
        await till.until(lambda: "o2" in server.rows.tables["orders"])
        assert till.engine.dead_ops[1].blocked_by == broken.command.op_id
        assert "o1" not in server.rows.tables["orders"]
    assert kept(tmp_path) == [GARBAGE]


async def test_it_cannot_be_sent_and_is_put_aside_with_a_reason_alone(
    server: ModelServer, tmp_path: Path
) -> None:
    await offline_orders(server, tmp_path)
    spoil(tmp_path, "outbox")
    async with terminal(server, tmp_path) as till:
        op_id = till.engine.dead_ops[0].command.op_id
        await till.online()
        await behind(till)
        for send in (till.engine.decisions.retry, till.engine.decisions.take_back):
            with pytest.raises(KdsError, match="cannot be read"):
                await send(op_id)
        with pytest.raises(KdsError, match="Say why"):
            await till.engine.decisions.discard(op_id, " ")
        await till.engine.decisions.discard(op_id, "it was sent by hand")
        await till.sent()
        await till.until(lambda: [one.unreadable for one in till.engine.dead_ops] == [False])
        await till.place("o3")  # under a number of its own
        await till.sent()
    async with terminal(server, tmp_path) as till:
        assert not any(one.unreadable for one in till.engine.dead_ops)
    assert kept(tmp_path) == [GARBAGE]


async def test_a_refused_entry_that_cannot_be_read_still_needs_a_person(
    server: ModelServer, tmp_path: Path
) -> None:
    async with terminal(server, tmp_path) as till:
        await till.online()
        await till.on_order("close_order", "nobody")
        await till.until(lambda: till.engine.progress.blocked == 1)
    spoil(tmp_path, "dead_ops")
    for _ in range(2):
        async with terminal(server, tmp_path) as till:
            assert [one.unreadable for one in till.engine.dead_ops] == [True]
    async with terminal(server, tmp_path) as till:
        await till.online()
        await till.engine.decisions.discard(
            till.engine.dead_ops[0].command.op_id, "nothing to close"
        )
        await till.place("nobody")
        await till.sent()
        assert till.engine.dead_ops == ()
        assert "nobody" in server.rows.tables["orders"]


@pytest.mark.parametrize(
    "text",
    [b"", b"5", b"{}", b'{"seq": 1}', b"[" * 5000, b"\x00", b'{"op_id": 1, "surprise": 2}'],
)
async def test_whatever_stands_there_the_terminal_starts(
    server: ModelServer, tmp_path: Path, text: bytes
) -> None:
    await offline_orders(server, tmp_path)
    spoil(tmp_path, "outbox", value=text)
    async with terminal(server, tmp_path) as till:
        assert [one.unreadable for one in till.engine.dead_ops] == [True]
    assert kept(tmp_path) == [text]


@pytest.mark.parametrize("column", ["lane", "at", "op_id"])
async def test_what_stands_beside_it_may_be_spoilt_too(
    server: ModelServer, tmp_path: Path, column: str
) -> None:
    await offline_orders(server, tmp_path)
    spoil(tmp_path, "outbox")
    spoil(tmp_path, "outbox", column, b"\xff")
    async with terminal(server, tmp_path) as till:
        assert [one.unreadable for one in till.engine.dead_ops] == [True]
        await till.online()
        await till.engine.decisions.discard(till.engine.dead_ops[0].command.op_id, "gone")
        await till.until(lambda: till.engine.progress.waiting == 0)
    async with terminal(server, tmp_path) as till:
        assert not any(one.unreadable for one in till.engine.dead_ops)


async def test_an_answer_that_cannot_be_read_is_asked_for_again(
    server: ModelServer, tmp_path: Path
) -> None:
    await offline_orders(server, tmp_path)
    spoil(tmp_path, "outbox", "revs")
    async with terminal(server, tmp_path) as till:
        await till.online()
        await till.sent()
        assert till.engine.dead_ops == ()
        assert {"o1", "o2"} <= server.rows.tables["orders"].keys()
