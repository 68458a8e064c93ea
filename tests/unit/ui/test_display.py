"""What a cook has set up survives a restart, and whatever a file may say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kds.ui.kitchen.display import Display


def test_it_comes_back_as_it_was_kept() -> None:
    chosen = Display(4, "xl", "promised", "start", True, {"F5": "undo"})
    assert Display.from_json(json.loads(json.dumps(chosen.to_json()))) == chosen


@pytest.mark.parametrize("kept", [None, [], "text", 7, {}, {"columns": None}])
def test_without_anything_kept_it_is_the_default(kept: Any) -> None:
    assert Display.from_json(kept) == Display()


@pytest.mark.parametrize(
    "broken",
    [
        {"columns": -1},
        {"columns": 99},
        {"columns": "3"},
        {"columns": True},
        {"text": "gigantic"},
        {"text": ["m"]},
        {"sort": {}},
        {"tap": 1},
        {"all_day": 1},
        {"keys": ["F5"]},
    ],
)
def test_a_value_that_makes_no_sense_leaves_the_others_alone(broken: dict[str, Any]) -> None:
    kept = {**Display(columns=3, text="l").to_json(), **broken}
    read = Display.from_json(kept)
    name = next(iter(broken))
    assert getattr(read, name) == getattr(Display(), name)
    assert read == Display.from_json({**kept, name: getattr(Display(), name)})


def test_what_a_later_version_has_kept_is_passed_over() -> None:
    later = {**Display(columns=3).to_json(), "holograms": True}
    assert Display.from_json(later) == Display(columns=3)


def test_keys_that_are_no_texts_are_left_out() -> None:
    assert Display.from_json({"keys": {"F5": "undo", "F6": 3}}).keys == {"F5": "undo"}
