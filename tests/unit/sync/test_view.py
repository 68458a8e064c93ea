"""Rows with their groups."""

from __future__ import annotations

from kds.sync.view import Rows


def line(order_id: str) -> dict[str, str]:
    return {"id": "l1", "order_id": order_id}


def test_a_line_is_read_under_its_order_and_leaves_it_for_another() -> None:
    rows = Rows()
    rows.put("order_lines", "l1", line("o1"))
    assert list(rows.lines_of("o1")) == [line("o1")]
    rows.put("order_lines", "l1", line("o2"))
    assert list(rows.lines_of("o1")) == []
    assert list(rows.lines_of("o2")) == [line("o2")]


def test_an_order_that_has_left_leaves_nothing_behind() -> None:
    rows = Rows()
    rows.put("order_lines", "l1", line("o1"))
    rows.put("order_lines", "l1", None)
    assert repr(vars(rows)) == repr(vars(_emptied()))


def _emptied() -> Rows:
    """Tables are made when they are first written, and stay."""
    rows = Rows()
    assert rows.tables["order_lines"] == {}
    return rows
