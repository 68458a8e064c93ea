"""The keyed model tells the exact truth: a list driven by its signals alone stays equal to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from kds.ui.models.keyed import ITEM_ROLE, KEY_ROLE, KeyedListModel

pytestmark = pytest.mark.usefixtures("qapp")


@dataclass(frozen=True)
class Card:
    id: str
    rank: int
    text: str = ""


def card_model() -> KeyedListModel[Card]:
    return KeyedListModel(
        lambda card: card.id,
        lambda card: card.rank,
        {int(Qt.ItemDataRole.DisplayRole): lambda card: card.text},
    )


class Shadow:
    """Rebuilds the list from the signals, as a view does; it never asks for all rows."""

    def __init__(self, model: KeyedListModel[Card]) -> None:
        self.model = model
        self.items = list(model.items)
        self.resets = 0
        self.changes: list[tuple[int, int]] = []
        model.rowsInserted.connect(self._inserted)
        model.rowsRemoved.connect(self._removed)
        model.rowsMoved.connect(self._moved)
        model.dataChanged.connect(self._changed)
        model.modelReset.connect(self._reset)

    def _inserted(self, _: QModelIndex, first: int, last: int) -> None:
        self.items[first:first] = [self.model.at(row) for row in range(first, last + 1)]

    def _removed(self, _: QModelIndex, first: int, last: int) -> None:
        del self.items[first : last + 1]

    def _moved(self, _: QModelIndex, first: int, last: int, __: QModelIndex, to: int) -> None:
        block = self.items[first : last + 1]
        del self.items[first : last + 1]
        at = to if to < first else to - len(block)
        self.items[at:at] = block

    def _changed(self, first: QModelIndex, last: QModelIndex, _: list[int]) -> None:
        self.changes.append((first.row(), last.row()))
        for row in range(first.row(), last.row() + 1):
            self.items[row] = self.model.index(row, 0).data(ITEM_ROLE)

    def _reset(self) -> None:
        self.resets += 1
        self.items = list(self.model.items)


def watched(*cards: Card) -> tuple[KeyedListModel[Card], Shadow]:
    model = card_model()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.reset_items(cards)
    return model, Shadow(model)


def test_items_stand_in_the_order_of_their_sort_key() -> None:
    model, _ = watched(Card("b", 2), Card("a", 1), Card("c", 3))
    assert [card.id for card in model.items] == ["a", "b", "c"]


def test_equal_sort_keys_fall_back_to_the_key() -> None:
    model, _ = watched(Card("b", 1), Card("a", 1))
    assert list(model.keys) == ["a", "b"]


def test_roles_read_the_item() -> None:
    model, _ = watched(Card("a", 1, "hello"))
    index = model.index_of("a")
    assert index.data() == "hello"
    assert index.data(KEY_ROLE) == "a"
    assert index.data(ITEM_ROLE) == Card("a", 1, "hello")
    assert index.data(int(Qt.ItemDataRole.ToolTipRole)) is None


def test_an_unknown_key_has_no_item_no_row_and_no_index() -> None:
    model, _ = watched(Card("a", 1))
    assert model.item("x") is None
    assert model.row_of("x") == -1
    assert not model.index_of("x").isValid()


def test_an_item_whose_sort_key_changes_is_moved_not_swapped() -> None:
    model, shadow = watched(Card("a", 1), Card("b", 2), Card("c", 3))
    moves: list[tuple[int, int]] = []
    model.rowsMoved.connect(lambda _, first, __, ___, to: moves.append((first, to)))
    model.upsert([Card("a", 9)])
    assert moves == [(0, 3)]
    assert [card.id for card in shadow.items] == ["b", "c", "a"]
    assert shadow.changes == [(2, 2)]


def test_an_item_that_stays_in_its_row_only_changes() -> None:
    model, shadow = watched(Card("a", 10), Card("b", 20))
    model.rowsMoved.connect(lambda *_: pytest.fail("nothing had to move"))
    model.upsert([Card("a", 15)])
    assert shadow.changes == [(0, 0)]


def test_neighbours_that_change_together_are_told_together() -> None:
    model, shadow = watched(*(Card(f"k{n}", n) for n in range(6)))
    model.upsert(Card(f"k{n}", n, "new") for n in (4, 1, 0, 5))
    assert shadow.changes == [(0, 1), (4, 5)]


def test_neighbours_that_go_together_are_removed_together() -> None:
    model, shadow = watched(*(Card(f"k{n}", n) for n in range(6)))
    removed: list[tuple[int, int]] = []
    model.rowsRemoved.connect(lambda _, first, last: removed.append((first, last)))
    model.remove(["k1", "k2", "k5", "nobody"])
    assert removed == [(5, 5), (1, 2)]
    assert [card.id for card in shadow.items] == ["k0", "k3", "k4"]


def test_an_equal_item_is_no_change() -> None:
    model, shadow = watched(Card("a", 1, "same"))
    model.upsert([Card("a", 1, "same")])
    assert shadow.changes == []


def test_sync_tells_the_difference_without_a_reset() -> None:
    model, shadow = watched(Card("a", 1), Card("b", 2))
    model.sync([Card("b", 0), Card("c", 5)])
    assert [card.id for card in shadow.items] == ["b", "c"]
    assert shadow.resets == 0


def test_a_persistent_index_follows_its_item() -> None:
    model, _ = watched(*(Card(f"k{n}", n * 10) for n in range(4)))
    index = QPersistentModelIndex(model.index_of("k2"))
    model.upsert([Card("new", 1), Card("k2", -5)])
    assert (index.row(), index.data(KEY_ROLE)) == (0, "k2")
    model.remove(["k2"])
    assert not index.isValid()


def test_a_load_resets_once(qtbot: QtBot) -> None:
    model, shadow = watched()
    with qtbot.waitSignal(model.modelReset):
        model.reset_items([Card("a", 1), Card("a", 2, "the last one counts")])
    assert shadow.resets == 1
    assert model.items == (Card("a", 2, "the last one counts"),)


def test_another_order_moves_the_rows_that_stand_elsewhere_in_it() -> None:
    model, shadow = watched(*(Card(key, rank) for rank, key in enumerate("abc")))
    index = QPersistentModelIndex(model.index_of("a"))
    model.sort_by(lambda card: -card.rank)
    assert [card.id for card in shadow.items] == ["c", "b", "a"]
    assert (index.row(), shadow.resets, shadow.changes) == (2, 0, [])
    model.upsert([Card("b", 9)])
    assert [card.id for card in shadow.items] == ["b", "c", "a"]


def test_the_same_order_again_moves_nothing() -> None:
    model, _ = watched(Card("a", 1), Card("b", 2))
    model.rowsMoved.connect(lambda *_: pytest.fail("nothing had to move"))
    model.sort_by(lambda card: card.rank)


@given(st.permutations(range(8)))
@settings(max_examples=100, deadline=None)
def test_every_row_can_be_found_while_the_order_changes(ranks: list[int]) -> None:
    model, shadow = watched(*(Card(key, rank) for key, rank in zip("abcdefgh", ranks, strict=True)))
    model.rowsMoved.connect(
        lambda: (
            [model.index_of(key) for row, key in enumerate(model.keys) if model.row_of(key) != row]
            and pytest.fail("a row is not where it says")
        )
    )
    model.sort_by(lambda card: card.id)
    assert [card.id for card in shadow.items] == list(model.keys) == sorted(model.keys)


keys = st.sampled_from("abcdefghij")
cards = st.builds(Card, keys, st.integers(0, 5), st.sampled_from(["", "x", "y"]))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("upsert"), st.lists(cards, max_size=8)),
        st.tuples(st.just("remove"), st.lists(keys, max_size=6)),
        st.tuples(st.just("sync"), st.lists(cards, max_size=8)),
    ),
    max_size=12,
)


@given(st.lists(cards, max_size=8), steps)
@settings(max_examples=300, deadline=None)
def test_any_sequence_of_changes_is_told_exactly(
    start: list[Card], changes: list[tuple[str, Any]]
) -> None:
    model, shadow = watched(*start)
    truth = {card.id: card for card in start}
    for verb, what in changes:
        anchors = {key: QPersistentModelIndex(model.index_of(key)) for key in model.keys}
        if verb == "remove":
            model.remove(what)
            truth = {key: card for key, card in truth.items() if key not in what}
        else:
            getattr(model, verb)(what)
            new = {card.id: card for card in what}
            truth = new if verb == "sync" else truth | new
        expected = sorted(truth.values(), key=lambda card: (card.rank, card.id))
        assert list(model.items) == shadow.items == expected
        for key, index in anchors.items():
            assert index.isValid() == (key in truth)
            assert not index.isValid() or index.data(KEY_ROLE) == key
    assert shadow.resets == 0
