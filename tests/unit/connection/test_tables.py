"""A change of a watched table, read from the server's frame."""

from __future__ import annotations

from typing import Any

import pytest

from kds.connection.tables import read_change

AT = "2026-11-21T12:00:00.000Z"
BASE: dict[str, Any] = {"schema": "public", "table": "orders", "commit_timestamp": AT}


def test_an_insert_has_a_new_row_only() -> None:
    data = {**BASE, "type": "INSERT", "record": {"id": 1}, "errors": None, "columns": []}
    assert read_change(data) == {
        "type": "INSERT",
        "table": "orders",
        "schema": "public",
        "new": {"id": 1},
        "old": {},
        "commit_timestamp": AT,
        "errors": [],
    }


def test_an_update_has_both_rows() -> None:
    data = {**BASE, "type": "UPDATE", "record": {"id": 1, "n": 2}, "old_record": {"id": 1}}
    change = read_change(data)
    assert (change["new"], change["old"]) == ({"id": 1, "n": 2}, {"id": 1})


def test_a_delete_has_an_old_row_only() -> None:
    change = read_change({**BASE, "type": "DELETE", "record": None, "old_record": {"id": 1}})
    assert (change["new"], change["old"]) == ({}, {"id": 1})


@pytest.mark.parametrize("errors", ["Error 401: Unauthorized", ["Error 401: Unauthorized"]])
def test_a_row_that_may_not_be_seen_says_why(errors: object) -> None:
    data = {**BASE, "type": "INSERT", "record": {}, "errors": errors, "commit_timestamp": None}
    change = read_change(data)
    assert change["errors"] == ["Error 401: Unauthorized"]
    assert change["new"] == {}
    assert change["commit_timestamp"] is None


def test_another_shape_is_an_error() -> None:
    with pytest.raises(KeyError):
        read_change({"type": "INSERT"})
