"""The decoder of logical replication messages, the values in them, and the records made of them."""

from __future__ import annotations

import contextlib
import json
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.hub.realtime.pgoutput import UNCHANGED, Change, Decoder, Unchanged
from kds.hub.realtime.records import (
    ColumnInfo,
    TableInfo,
    record,
    refusal,
    refused_record,
)
from kds.hub.realtime.values import to_json_value

OID = 77
COLUMNS = (("id", 23), ("body", 25))


def begin(lsn: int = 5) -> bytes:
    return b"B" + struct.pack(">QqI", lsn, 86_400_000_000, 1)


def relation(identity: str = "d", keys: Sequence[int] = (1, 0)) -> bytes:
    head = b"R" + struct.pack(">I", OID) + b"public\0notes\0" + identity.encode()
    columns = b"".join(
        bytes([key]) + name.encode() + b"\0" + struct.pack(">Ii", oid, -1)
        for (name, oid), key in zip(COLUMNS, keys, strict=True)
    )
    return head + struct.pack(">h", len(COLUMNS)) + columns


def row(*values: str | Unchanged | None) -> bytes:
    def one(value: str | Unchanged | None) -> bytes:
        if value is None:
            return b"n"
        if isinstance(value, Unchanged):
            return b"u"
        return b"t" + struct.pack(">I", len(value.encode())) + value.encode()

    return struct.pack(">h", len(values)) + b"".join(map(one, values))


def decode(*messages: bytes) -> list[Change]:
    decoder = Decoder()
    changes = [decoder.decode(message) for message in messages]
    return [change for change in changes if change is not None]


def head(kind: bytes) -> bytes:
    return kind + struct.pack(">I", OID)


def test_an_insert_has_its_row_and_the_commit_of_its_transaction() -> None:
    [change] = decode(begin(9), relation(), head(b"I") + b"N" + row("1", "مرحبا"), b"C")
    assert (change.action, change.new, change.old) == ("INSERT", {"id": "1", "body": "مرحبا"}, None)
    assert (change.lsn, change.committed_at) == (9, datetime(2000, 1, 2, tzinfo=UTC))
    assert (change.relation.schema, change.relation.table) == ("public", "notes")


def test_an_update_that_keeps_its_key_has_the_key_as_old() -> None:
    [change] = decode(begin(), relation(), head(b"U") + b"N" + row("1", None))
    assert (change.new, change.old) == ({"id": "1", "body": None}, {"id": "1"})


def test_an_update_of_the_key_has_the_old_key() -> None:
    message = head(b"U") + b"K" + row("1", None) + b"N" + row("2", "x")
    [change] = decode(begin(), relation(), message)
    assert (change.new, change.old) == ({"id": "2", "body": "x"}, {"id": "1"})


def test_full_identity_fills_in_what_an_update_left_untouched() -> None:
    message = head(b"U") + b"O" + row("1", "long") + b"N" + row("1", UNCHANGED)
    [change] = decode(begin(), relation("f", (1, 1)), message)
    assert change.new == {"id": "1", "body": "long"}
    assert change.relation.full_identity


def test_without_it_the_untouched_value_is_not_known() -> None:
    [change] = decode(begin(), relation(), head(b"U") + b"N" + row("1", UNCHANGED))
    assert change.new == {"id": "1", "body": UNCHANGED}
    assert repr(UNCHANGED) == "UNCHANGED"


def test_a_delete_has_the_identity_alone() -> None:
    [change] = decode(begin(), relation(), head(b"D") + b"K" + row("1", None))
    assert (change.new, change.old) == (None, {"id": "1"})


def test_truncate_type_and_origin_are_passed_over() -> None:
    assert decode(begin(), b"T....", b"Y....", b"O....") == []


@pytest.mark.parametrize(
    "message",
    [b"", b"?", b"B123", head(b"I") + b"N" + row("1"), b"R" + struct.pack(">I", 1) + b"public"],
)
def test_what_is_no_message_is_a_value_error(message: bytes) -> None:
    decoder = Decoder()
    with pytest.raises(ValueError, match="pgoutput"):
        decoder.decode(message)


def test_a_change_of_an_undescribed_table_is_a_value_error() -> None:
    decoder = Decoder()
    with pytest.raises(ValueError, match="pgoutput"):
        decoder.decode(head(b"D") + b"K" + row("1"))


@given(st.binary(max_size=60))
def test_garbage_is_a_change_of_nothing_or_a_value_error(message: bytes) -> None:
    decoder = Decoder()
    decoder.decode(relation())
    with contextlib.suppress(ValueError):
        decoder.decode(message)


@pytest.mark.parametrize(
    ("text", "type_name", "value"),
    [
        (None, "int4", None),
        ("42", "int8", 42),
        ("1.50", "numeric", 1.5),
        ("-7", "numeric", -7),
        ("NaN", "float8", "NaN"),
        ("t", "bool", True),
        ("f", "bool", False),
        ('{"a": [1]}', "jsonb", {"a": [1]}),
        ("2026-11-21 07:04:35.65+00", "timestamptz", "2026-11-21T07:04:35.65+00:00"),
        ("2026-11-21 07:04:35+05:30", "timestamptz", "2026-11-21T07:04:35+05:30"),
        ("infinity", "timestamptz", "infinity"),
        ("2026-11-21 07:04:35", "timestamp", "2026-11-21T07:04:35"),
        ("{}", "_int4", []),
        ("{1,NULL,3}", "_int4", [1, None, 3]),
        ('{a,"b \\"c\\"","NULL"}', "_text", ["a", 'b "c"', "NULL"]),
        ("{{1,2},{3,4}}", "_int4", [[1, 2], [3, 4]]),
        ("[0:1]={5,6}", "_int4", [5, 6]),
        ("plain", "uuid", "plain"),
    ],
)
def test_values_become_what_to_jsonb_makes(text: str | None, type_name: str, value: Any) -> None:
    assert to_json_value(text, type_name) == value


def info(*, rls: bool = True, key: bool = True, readers: frozenset[str] | None = None) -> TableInfo:
    readers = frozenset({"user"}) if readers is None else readers
    return TableInfo(
        "public",
        "notes",
        rls,
        (
            ColumnInfo("id", "int4", "integer", key, readers),
            ColumnInfo("body", "text", "text", False, readers),
        ),
    )


def change(kind: bytes, *parts: bytes, identity: str = "d") -> Change:
    keys = (1, 1) if identity == "f" else (1, 0)
    [found] = decode(begin(), relation(identity, keys), head(kind) + b"".join(parts))
    return found


def test_a_record_has_the_selected_columns_and_the_key() -> None:
    data = json.loads(record(change(b"I", b"N", row("1", "x")), info(), "user", ("id",), 1000))
    assert data == {
        "table": "notes", "type": "INSERT", "record": {"id": 1}, "schema": "public",
        "columns": [{"name": "id", "type": "int4"}], "errors": None,
        "commit_timestamp": "2000-01-02T00:00:00.000Z",
    }  # fmt: skip


@pytest.mark.parametrize(("rls", "old"), [(True, {"id": 1}), (False, {"id": 1, "body": "x"})])
def test_a_delete_shows_only_the_key_under_row_level_security(rls: bool, old: Any) -> None:
    gone = change(b"D", b"O", row("1", "x"), identity="f")
    data = json.loads(record(gone, info(rls=rls), "user", None, 1000))
    assert data["old_record"] == old
    assert "record" not in data


def test_a_row_over_the_limit_keeps_its_small_values() -> None:
    big = change(b"I", b"N", row("1", "x" * 2000))
    data = json.loads(record(big, info(), "user", None, 1000))
    assert data["record"] == {"id": 1}
    assert data["errors"] == ["Error 413: Payload Too Large"]


def test_what_cannot_be_shown_is_refused_by_name() -> None:
    new, gone = change(b"I", b"N", row("1", "x")), change(b"D", b"K", row("1", None))
    assert refusal(new, info(), "user") is None
    assert refusal(new, info(), "other") == "Error 401: Unauthorized"
    assert refusal(new, info(key=False), "user") == "Error 400: Bad Request, no primary key"
    assert refusal(gone, info(), "other") is None


def test_a_refused_update_has_an_empty_old_record_too() -> None:
    update = change(b"U", b"N", row("1", "x"))
    data = json.loads(refused_record(update, "Error 401: Unauthorized"))
    assert (data["record"], data["old_record"], data["commit_timestamp"]) == ({}, {}, None)
