"""The two halves of one rule book: `domain.apply` here, `apply_ops` in SQL there.

Random things happen on a floor; both are asked what becomes of the rows. They must agree on
every row to the letter, on every verdict, and on the words of every refusal.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kds.domain.apply import apply
from kds.domain.commands import Command
from kds.domain.effect import TablesView
from kds.domain.refusals import Conflict, Rejected
from kds.domain.rows import floor_stream, office_stream
from tests.support.restaurant import BRANCH, KINDS, KITCHEN, OFFICE, TILL, Draw, commands, menu

Tables = dict[str, dict[str, dict[str, Any]]]
Verdict = tuple[str, str, Any]

ROLES = {TILL: "pos", KITCHEN: "kitchen", OFFICE: "manager"}
draws: st.SearchStrategy[Draw] = st.tuples(
    st.integers(0, len(KINDS) - 1), st.integers(0, 2), st.integers(0, 7), st.integers(0, 5)
)
# Mostly the manager, who may do everything; the others run into their limits.
devices = st.sampled_from([OFFICE, OFFICE, OFFICE, TILL, KITCHEN])
AT = "2026-01-01T08:00:00.25+00:00"


class Server:
    """One branch in one transaction that is never committed."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._seqs = dict.fromkeys(ROLES, 0)
        connection.execute(
            "insert into public.branches (id, branch_id, name, currency, timezone)"
            " values (%s, %s, 'Nordbahnhof', 'EUR', 'Europe/Berlin')",
            (BRANCH, BRANCH),
        )
        for device_id, role in ROLES.items():
            self._call("register_device(%s, %s, %s, %s)", device_id, BRANCH, role, role)
        self._call("import_menu(%s, %s)", BRANCH, json.dumps(menu()))

    def _call(self, call: str, *values: Any) -> Any:
        row = self._connection.execute(f"select public.{call}".encode(), values).fetchone()
        assert row is not None
        return row[0]

    def tables(self) -> Tables:
        """The rows as a terminal would get them."""
        streams = [floor_stream(BRANCH), office_stream(BRANCH)]
        answer = self._call("snapshot(%s)", streams)
        return {
            table: {row["id"]: row for row in rows}
            for stream in streams
            for table, rows in answer["streams"][stream]["tables"].items()
        }

    def take(self, command: Command, device_id: str) -> Verdict:
        """The server's word on a command; a refused one does not stand in the way of the next."""
        self._seqs[device_id] += 1
        op = {**command.to_wire(), "seq": self._seqs[device_id]}
        answer = self._call("apply_ops(%s, %s)", device_id, json.dumps([op]))
        (outcome,) = answer["outcomes"]
        if outcome["result"] == "rejected":
            self._call("resolve_dead_letter(%s, %s)", device_id, command.op_id)
        conflict = outcome["result"] == "conflict"
        remote = outcome["remote"]["row"] if conflict else None
        return outcome["result"], "" if conflict else outcome["reason"], remote


class Model:
    """The client's idea of the same."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def take(self, command: Command, device_id: str) -> Verdict:
        result = apply(TablesView(self.tables), command, BRANCH, device_id)
        if isinstance(result, Rejected):
            return "rejected", result.reason, None
        if isinstance(result, Conflict):
            return "conflict", "", result.remote
        for change in result:
            assert change.after is not None
            self.tables.setdefault(change.table, {})[change.pk] = dict(change.after)
        return "applied", "", None


@pytest.fixture(scope="module")
def connection(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(dsn) as connection:
        yield connection


EXAMPLES = int(os.environ.get("KDS_TEST_EXAMPLES", "120"))
SHARED = settings(deadline=None, suppress_health_check=list(HealthCheck))
OPENED: list[Draw] = [(0, 0, 1, 1), (0, 1, 0, 2)]  # an order of two lines and one of one


@settings(SHARED, max_examples=EXAMPLES // 2)
@given(st.lists(st.tuples(draws, devices), min_size=1, max_size=25))
def test_model_and_server_agree_on_every_row_and_every_verdict(
    connection: psycopg.Connection[Any], script: list[tuple[Draw, str]]
) -> None:
    everything = [*((draw, OFFICE) for draw in OPENED), *script]
    said = [
        replace(command, at=f"2026-01-01T08:{minute * 7 % 60:02d}:00.25+00:00")  # some come late
        for minute, command in enumerate(commands([draw for draw, _ in everything]))
    ]
    try:
        server = Server(connection)
        model = Model(server.tables())
        for command, (_, device_id) in zip(said, everything, strict=True):
            agree(model, server, command, device_id)
        assert filled(model.tables) == filled(server.tables())
    finally:
        connection.rollback()


nonsense: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", " \n", "x", 0, 7, -1, 1.5, True, False, [], {}, [7], ["x"], [{}], {"id": "x"}]
)


@settings(SHARED, max_examples=EXAMPLES)
@given(draws, st.integers(0, 50), nonsense, st.booleans())
@example((0, 2, 1, 1), 37, 1.5, False)  # a modifier's price
def test_model_and_server_agree_on_nonsense(
    connection: psycopg.Connection[Any], draw: Draw, place: int, value: Any, leave_out: bool
) -> None:
    *opened, command = commands([*OPENED, draw], at=AT)
    try:
        server = Server(connection)
        model = Model(server.tables())
        for earlier in opened:
            agree(model, server, earlier, OFFICE)
        spoiled = spoil(command.args, place, value, leave_out)
        agree(model, server, replace(command, args=spoiled), OFFICE)
        assert filled(model.tables) == filled(server.tables())
    finally:
        connection.rollback()


def agree(model: Model, server: Server, command: Command, device_id: str) -> None:
    """Both have the same to say about a command (which a failure shows)."""
    asked = (command.kind, command.args, ROLES[device_id])
    assert (asked, *model.take(command, device_id)) == (asked, *server.take(command, device_id))


def spoil(args: dict[str, Any], place: int, value: Any, leave_out: bool) -> dict[str, Any]:
    """The args with one of their fields, however deep, replaced by `value` or left out."""
    spoiled = copy.deepcopy(args)
    owner, name = list(fields_of(spoiled))[place % len(list(fields_of(args)))]
    if leave_out:
        del owner[name]
    else:
        owner[name] = value
    return spoiled


def fields_of(node: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """Every (object, field name) in some JSON."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield node, name
            yield from fields_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from fields_of(value)


def filled(tables: Tables) -> Tables:
    return {table: rows for table, rows in tables.items() if rows}
