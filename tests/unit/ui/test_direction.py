"""Words on a screen that is read from the other side."""

from __future__ import annotations

from kds.ui.kit.direction import isolated


def test_every_line_keeps_the_direction_of_its_first_letter() -> None:
    assert isolated("1 Caesar, 3 Fries") == "\u20681 Caesar, 3 Fries\u2069"
    assert isolated("1 Caesar\n3 Fries") == "\u20681 Caesar\u2069\n\u20683 Fries\u2069"
