"""Big changes in small pieces."""

from __future__ import annotations

from kds.domain.changes import RowChange
from kds.sync.slices import by_transaction, pieces, row_changes, to_snapshot
from kds.sync.wire import Change, Cursor, StreamChanges, StreamSnapshot


def change(rev: int, pk: str, level: int | None = 0) -> Change:
    return Change(
        rev, "stock_items", pk, None if level is None else {"id": pk, "level": level}, None
    )


def part(*changes: Change) -> StreamChanges:
    return StreamChanges("s", Cursor("e", changes[-1].rev), changes)


def test_no_transaction_is_cut() -> None:
    revs = [1, 1, 1, 2, 3, 3]
    found = by_transaction([part(*(change(rev, "a") for rev in revs))], rows=2)
    assert [[one.rev for one in piece] for piece in found] == [[1, 1, 1], [2, 3, 3]]


def test_nothing_gives_no_piece() -> None:
    assert list(by_transaction([StreamChanges("s", Cursor("e", 9), ())])) == []


def test_a_row_stands_once_with_its_last_word() -> None:
    base = {"stock_items": {"a": {"id": "a", "level": 9}}}
    found = row_changes([change(1, "a", 1), change(1, "b", 5), change(2, "a", 2)], base)
    assert found == (
        RowChange("stock_items", "a", {"id": "a", "level": 9}, {"id": "a", "level": 2}),
        RowChange("stock_items", "b", None, {"id": "b", "level": 5}),
    )


def test_a_snapshot_brings_only_what_differs_and_takes_what_is_gone() -> None:
    base = {"stock_items": {"same": {"id": "same"}, "gone": {"id": "gone"}}, "orders": {"o": {}}}
    taken = StreamSnapshot("s", Cursor("e", 1), {"stock_items": [{"id": "same"}, {"id": "new"}]})
    assert list(to_snapshot(base, taken)) == [
        RowChange("stock_items", "gone", {"id": "gone"}, None),
        RowChange("stock_items", "new", None, {"id": "new"}),
    ]


def test_pieces_are_of_the_given_size() -> None:
    rows = [RowChange("t", str(n), None, {}) for n in range(5)]
    assert [len(piece) for piece in pieces(rows, 2)] == [2, 2, 1]
