"""Every act has a key; a bump bar that sends others can be learnt."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kds.ui.kitchen.keys import ACTS, KeyMap, key_name

Key = Qt.Key


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_every_act_has_a_key_of_its_own(act) -> None:  # type: ignore[no-untyped-def]
    assert act.keys
    assert [KeyMap().act(key) for key in act.keys] == [act.name] * len(act.keys)


def test_a_key_that_means_nothing_means_nothing() -> None:
    assert KeyMap().act(Key.Key_F9) == ""


def test_a_learnt_key_goes_before_the_default() -> None:
    keys = KeyMap({"1": "undo"})
    assert keys.act(Key.Key_1) == "undo"
    assert keys.keys_of("bump 1") == ()
    assert keys.keys_of("undo")[0] == "1"


def test_learning_a_key_takes_it_from_what_it_did() -> None:
    keys = KeyMap(KeyMap({"F5": "undo"}).learn("F5", "fire"))
    assert keys.act(Key.Key_F5) == "fire"
    assert "F5" not in keys.keys_of("undo")


def test_a_key_that_gets_its_own_meaning_back_is_not_kept() -> None:
    assert KeyMap({"1": "undo"}).learn("1", "bump 1") == {}


def test_the_way_out_cannot_be_taken_away() -> None:
    assert KeyMap({"Esc": "undo"}).act(Key.Key_Escape) == "let go"


def test_an_act_of_a_later_version_leaves_the_key_as_it_was() -> None:
    keys = KeyMap({"U": "teleport"})
    assert keys.act(Key.Key_U) == "undo"
    assert keys.own == {}


def test_a_key_pad_sends_the_same_digits() -> None:
    assert key_name(Key.Key_7) == "7"
    assert KeyMap().act(Key.Key_Enter) == KeyMap().act(Key.Key_Return) == "act"
