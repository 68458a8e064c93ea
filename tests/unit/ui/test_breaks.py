"""What does not fit on one line of a button is broken where it is read best."""

from __future__ import annotations

import pytest

from kds.ui.kit.breaks import two_lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Bump", ("Bump",)),
        ("Ask front of house", ("Ask front", "of house")),
        ("a b c d e f g h i j k", ("a b c d e", "f g h i j k")),
        ("Feuerwehrhaus", ("Feuerwehr-", "haus")),
        ("1 × Feuerwehrhaus", ("1 × Feuer-", "wehrhaus")),
        ("Ask ab Feuerwehrhaus", ("Ask ab Fe-", "uerwehrhaus")),
        ("", ("",)),
    ],
)
def test_a_long_text_is_broken_once(text: str, lines: tuple[str, ...]) -> None:
    assert two_lines(text, lambda part: len(part) <= 10) == lines


def test_where_nothing_fits_nothing_is_broken() -> None:
    assert two_lines("Feuerwehrhaus", lambda _: False) == ("Feuerwehrhaus",)
