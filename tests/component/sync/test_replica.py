"""The file: what is on it survives, and what is wrong with it is said."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kds.base.errors import AlreadyRunning, StorageError
from kds.domain.commands import Command
from kds.sync.canonical import table_checksum
from kds.sync.ops import DeadOp, Decision, Entry, Settlement
from kds.sync.outbox import sent_again_as, to_json
from kds.sync.replica import Former, Replica
from kds.sync.schema import FIRST_VERSION
from kds.sync.wire import Change, Cursor, StreamChanges, StreamSnapshot

AT = "2026-11-21T08:00:00+00:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


@pytest.fixture
async def replica(path: Path) -> AsyncIterator[Replica]:
    replica = Replica(path)
    await replica.open()
    yield replica
    await replica.close()


async def reopened(path: Path) -> Replica:
    replica = Replica(path)
    await replica.open()
    return replica


def spoil(path: Path, statement: str, *values: bytes) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        assert raw.execute(statement, values).rowcount == 1


def command(seq: int, lane: str = "o1") -> Command:
    return Command(f"op{seq}", seq, "bump", lane, "Mia", AT, {"note": "ohne Käse ☂"})


def row(pk: str, **fields: Any) -> dict[str, Any]:
    return {"id": pk, **fields}


def changed(*changes: tuple[str, dict[str, Any] | None], rev: int = 1) -> StreamChanges:
    found = tuple(Change(rev, "orders", pk, after, None) for pk, after in changes)
    return StreamChanges("s", Cursor("e", rev), found)


async def test_a_new_file_has_an_identity_that_stays(replica: Replica, path: Path) -> None:
    device_id = (await replica.load()).device_id
    await replica.close()
    again = await reopened(path)
    assert (await again.load()).device_id == device_id
    await again.close()


async def test_rows_cursor_and_settled_ops_change_together(replica: Replica) -> None:
    await replica.outbox.append([command(1), command(2)])
    await replica.commit([changed(("a", row("a")))], Settlement(gone=((1, "applied"),)))
    loaded = await replica.load(["s"])
    assert loaded.rows == [("orders", row("a"))]
    assert loaded.cursors == {"s": Cursor("e", 1)}
    assert loaded.entries == [Entry(command(2))]
    assert loaded.last_seq == 2


async def test_a_failing_transaction_leaves_nothing_behind(replica: Replica) -> None:
    await replica.outbox.append([command(1)])
    with pytest.raises(StorageError, match="cannot save"):
        await replica.outbox.append([command(2), command(1)])
    assert [entry.command.seq for entry in (await replica.load()).entries] == [1]


async def test_the_last_word_on_a_row_is_kept_and_a_deleted_row_goes(replica: Replica) -> None:
    news = changed(("a", row("a", n=1)), ("b", row("b")), ("a", row("a", n=2)), ("b", None))
    await replica.commit([news], Settlement())
    assert (await replica.load(["s"])).rows == [("orders", row("a", n=2))]


async def test_rows_of_other_streams_are_not_loaded(replica: Replica) -> None:
    await replica.commit([changed(("a", row("a")))], Settlement())
    assert (await replica.load(["t"])).rows == []


async def test_a_snapshot_replaces_its_stream(replica: Replica) -> None:
    await replica.commit([changed(("a", row("a")))], Settlement())
    taken = StreamSnapshot("s", Cursor("f", 9), {"orders": [row("b")]})
    await replica.install([taken], Settlement(), reopen=False)
    loaded = await replica.load(["s"])
    assert (loaded.rows, loaded.cursors) == ([("orders", row("b"))], {"s": Cursor("f", 9)})


async def test_the_checksum_is_that_of_the_rows(replica: Replica) -> None:
    rows = [row("a", note="☂"), row("bb", lines=[1, None])]
    await replica.commit([changed(*((one["id"], one) for one in rows))], Settlement())
    passing = await replica.watch("s")
    sums = {"orders": table_checksum(rows)}
    assert await replica.sums_at(passing, Cursor("e", 1)) == (sums, False)
    assert await replica.sums_at(passing, Cursor("e", 2)) == (None, True)
    assert await replica.sums_at(passing, Cursor("f", 2)) == (None, False)


async def test_the_checksum_of_every_rev_that_is_passed_is_known(replica: Replica) -> None:
    await replica.commit([changed(("a", row("a", n=1)), ("b", row("b")))], Settlement())
    passing = await replica.watch("s")
    news = (
        Change(2, "orders", "a", row("a", n=2), None),
        Change(2, "orders", "b", None, None),
        Change(3, "lines", "c", row("c"), None),
    )
    await replica.commit([StreamChanges("s", Cursor("e", 3), news)], Settlement())
    second = {"orders": table_checksum([row("a", n=2)])}
    assert await replica.sums_at(passing, Cursor("e", 2)) == (second, False)
    again = await replica.watch("s")
    third = {**second, "lines": table_checksum([row("c")])}
    assert await replica.sums_at(again, Cursor("e", 3)) == (third, False)


async def test_a_snapshot_ends_the_passing_of_revs(replica: Replica) -> None:
    passing = await replica.watch("s")
    taken = StreamSnapshot("s", Cursor("e", 5), {"orders": [row("b")]})
    await replica.install([taken], Settlement(), reopen=False)
    assert await replica.sums_at(passing, Cursor("e", 6)) == (None, False)


async def test_an_answered_op_remembers_its_revs(replica: Replica) -> None:
    await replica.outbox.append([command(1)])
    await replica.outbox.settle(Settlement(answered=((1, {"s": 4}),)))
    assert (await replica.load()).entries == [Entry(command(1), {"s": 4})]


async def test_a_dead_op_is_kept_until_a_person_decides(replica: Replica) -> None:
    await replica.outbox.append([command(1), command(2)])
    dead = [
        DeadOp(command(1), "rejected", "no", None, AT),
        DeadOp(command(2), "blocked", "", "op1", AT),
    ]
    await replica.outbox.settle(Settlement(dead=dead))
    loaded = await replica.load()
    assert (loaded.dead, loaded.entries, loaded.last_seq) == (dead, [], 2)
    again = {"op1": sent_again_as(3)}
    await replica.outbox.revive([command(1), command(2)], [command(3), command(2)], again)
    loaded = await replica.load()
    assert loaded.dead == []
    assert [entry.command for entry in loaded.entries] == [command(3), command(2)]


async def test_a_file_of_the_first_version_is_brought_up_to_this_one(path: Path) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.executescript(f"{FIRST_VERSION} PRAGMA user_version = 1;")
    raw.execute(
        "INSERT INTO dead_ops VALUES ('op1', 1, 'o1', ?, 'rejected', 'no', NULL, ?)",
        (to_json(command(1)), AT),
    )
    raw.execute("INSERT INTO settings VALUES ('device_id', '\"me\"')")
    raw.execute(
        "INSERT INTO outbox VALUES (1, 7, 'op7', 'o1', 'bump', ?, NULL, ?)",
        (to_json(command(7)), AT),
    )
    raw.close()
    replica = await reopened(path)
    loaded = await replica.load()
    assert (loaded.device_id, loaded.last_seq, loaded.decisions) == ("me", 7, [])
    assert [entry.command for entry in loaded.entries] == [command(7)]
    assert loaded.dead == [DeadOp(command(1), "rejected", "no", None, AT)]
    dead = DeadOp(command(2), "conflict", "ready", None, AT, {"row": {"note": "☂"}})
    await replica.outbox.settle(Settlement(dead=[dead]))
    assert (await replica.load()).dead[1] == dead
    await replica.close()


async def test_decisions_are_kept_until_the_server_has_been_told(replica: Replica) -> None:
    await replica.outbox.append([command(1)])
    await replica.outbox.settle(Settlement(dead=[DeadOp(command(1), "blocked", "", "x", AT)]))
    decision = Decision("op1", "discarded: no", "Leo", command(1).to_wire())
    await replica.outbox.revive([command(1)], [], {"op1": "discarded: no"}, [decision])
    loaded = await replica.load()
    assert (loaded.dead, loaded.decisions, loaded.last_seq) == ([], [decision], 1)
    await replica.outbox.told("op1")
    assert (await replica.load()).decisions == []


async def test_reopening_puts_settled_ops_before_those_that_wait(replica: Replica) -> None:
    await replica.outbox.append([command(seq) for seq in range(1, 5)])
    settled = ((1, "applied"), (2, "conflict"), (3, "applied"))
    await replica.outbox.settle(Settlement(gone=settled))
    entries, _ = await replica.install([], Settlement(), reopen=True)
    assert [entry.command.seq for entry in entries] == [1, 3, 4]
    assert (await replica.install([], Settlement(), reopen=True))[0] == entries


async def test_settings_become_durable_with_the_ops_they_belong_to_or_not_at_all(
    replica: Replica,
) -> None:
    await replica.outbox.append([command(1)], {"counter": 1})
    assert await replica.settings.get("counter") == 1
    with pytest.raises(StorageError):  # the seq is taken
        await replica.outbox.append([command(1)], {"counter": 2})
    assert await replica.settings.get("counter") == 1


async def test_settings_are_plain_json(replica: Replica) -> None:
    assert await replica.settings.get("who") is None
    await replica.settings.put("who", {"name": "Jürgen"})
    assert await replica.settings.get("who") == {"name": "Jürgen"}


def notice(second: int, *, read: bool = False) -> dict[str, Any]:
    return {"id": f"n{second}", "at": f"2026-11-21T08:00:0{second}+00:00", "read": read}


async def test_notices_are_listed_newest_first_and_the_oldest_forgotten(replica: Replica) -> None:
    await replica.notices.put([notice(second) for second in range(5)])
    await replica.notices.put([notice(4, read=True)])
    kept = await replica.notices.list(2)
    assert [(one["id"], one["read"]) for one in kept] == [("n4", True), ("n3", False)]
    assert await replica.notices.list() == kept


async def test_notices_are_forgotten_by_id_in_the_transaction_that_keeps_others(
    replica: Replica,
) -> None:
    await replica.notices.put([notice(1), notice(2)])
    await replica.notices.put([notice(3)], forget=["n1", "never there"])
    assert [one["id"] for one in await replica.notices.list()] == ["n3", "n2"]


async def test_a_notice_that_cannot_be_read_stays_where_it_is(path: Path) -> None:
    replica = await reopened(path)
    await replica.notices.put([notice(1), notice(2), notice(3)])
    await replica.close()
    spoil(path, "UPDATE notices SET json = CAST(x'7bff' AS TEXT) WHERE id = 'n2'")
    replica = await reopened(path)
    for _ in range(2):
        found = await replica.notices.list()
        assert [one and one["id"] for one in found] == ["n3", None, "n1"]
    assert await replica.notices.list(read=lambda one: one["surprise"]) == [None] * 3
    await replica.close()


@pytest.mark.parametrize("value", [b"", b"{", b"\xff", b"[" * 5000, b"5", b'{"b": 1}'])
async def test_a_setting_that_cannot_be_read_counts_as_none_and_is_kept(
    path: Path, value: bytes
) -> None:
    replica = await reopened(path)
    await replica.settings.put("a", {"a": 1})
    await replica.close()
    spoil(path, "UPDATE settings SET value = CAST(? AS TEXT) WHERE key = 'a'", value)
    replica = await reopened(path)
    told: list[str] = []
    replica.settings.set_aside.connect(told.append)
    for _ in range(2):
        assert await replica.settings.get("a", lambda kept: kept["a"]) is None
    assert told == ["a"]
    await replica.settings.put("a", {"a": 2})
    assert await replica.settings.get("a", lambda kept: kept["a"]) == 2
    await replica.close()
    with closing(sqlite3.connect(path)) as raw:
        kept = raw.execute("SELECT CAST(value AS BLOB) FROM settings WHERE key LIKE '%: a'")
        assert kept.fetchall() == [(value,)]


@pytest.mark.parametrize("known", [{"id": "the-till"}, None])
async def test_an_id_that_cannot_be_read_is_the_one_that_the_server_knew_last(
    path: Path, known: dict[str, str] | None
) -> None:
    replica = await reopened(path)
    first = (await replica.load()).device_id
    await replica.settings.put("device", known)
    await replica.settings.put("was", {"surprise": 1})
    await replica.close()
    spoil(path, "UPDATE settings SET value = '{' WHERE key = 'device_id'")
    replica = await reopened(path)
    device_id, was = await replica.identity()
    assert was is None
    assert device_id != first
    assert known is None or device_id == known["id"]
    assert (await replica.load()).device_id == device_id
    await replica.close()


async def test_a_terminal_starts_over_once_however_often_it_is_told(replica: Replica) -> None:
    old = (await replica.load()).device_id
    await replica.outbox.append([command(1)])
    await replica.start_over(old)
    new, was = await replica.identity()
    assert new != old
    assert was == Former(old, 1)
    await replica.start_over(old)
    assert await replica.identity() == (new, was)


async def test_a_second_start_is_refused(replica: Replica, path: Path) -> None:
    second = Replica(path)
    with pytest.raises(AlreadyRunning, match="already open"):
        await second.open()
    await second.close()


async def test_a_file_of_a_newer_program_is_left_alone(replica: Replica, path: Path) -> None:
    await replica.close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    before = path.read_bytes()
    newer = Replica(path)
    with pytest.raises(StorageError, match="newer version of kds"):
        await newer.open()
    assert path.read_bytes() == before


async def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    replica = Replica(tmp_path / "folder.db")
    with pytest.raises(StorageError, match="cannot be opened"):
        await replica.open()


async def test_a_damaged_file_is_moved_aside_and_its_outbox_saved(path: Path) -> None:
    replica = await reopened(path)
    await replica.outbox.append([command(1)])
    device_id = (await replica.load()).device_id
    many = [row(f"o{n}", note="x" * 500) for n in range(2000)]
    await replica.commit([changed(*((one["id"], one) for one in many))], Settlement())
    await replica.close()
    data = bytearray(path.read_bytes())
    data[-400_000:-4096] = b"\xff" * (400_000 - 4096)
    path.write_bytes(data)

    replica = await reopened(path)
    assert replica.damage is not None
    assert replica.damage.ops_saved == 1
    assert replica.damage.moved_to.read_bytes() == data
    loaded = await replica.load(["s"])
    assert (loaded.device_id, loaded.rows, loaded.cursors) == (device_id, [], {})
    assert loaded.entries == [Entry(command(1))]
    await replica.close()


async def test_ops_are_saved_from_a_damaged_file_of_an_older_version(path: Path) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.executescript(f"{FIRST_VERSION} PRAGMA user_version = 1;")
    raw.execute(
        "INSERT INTO outbox VALUES (1, 7, 'op7', 'o1', 'bump', ?, NULL, ?)",
        (to_json(command(7)), AT),
    )
    raw.execute("INSERT INTO rows VALUES ('s', 'orders', 'o1', ?)", ("x" * 400_000,))
    raw.close()
    data = bytearray(path.read_bytes())
    data[-200_000:-4096] = b"\xff" * (200_000 - 4096)
    path.write_bytes(data)

    replica = await reopened(path)
    assert replica.damage is not None
    assert [entry.command for entry in (await replica.load()).entries] == [command(7)]
    await replica.close()


async def test_a_file_of_nonsense_is_moved_aside(path: Path) -> None:
    path.write_bytes(b"nonsense" * 1000)
    replica = await reopened(path)
    assert replica.damage is not None
    assert replica.damage.ops_saved == 0
    assert (await replica.load()).entries == []
    await replica.close()
