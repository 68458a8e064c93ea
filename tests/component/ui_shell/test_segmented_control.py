"""Choices side by side, in more and in less room than they like."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from kds.ui.kit import Button, SegmentedControl

KINDS = ("All", "Classic", "Supreme", "Chicken", "Veggie", "Salads", "Drinks")


@pytest.mark.parametrize("width", [480, 1200])
def test_every_word_is_whole_also_where_there_is_little_room(qtbot: QtBot, width: int) -> None:
    control = SegmentedControl([(kind, kind) for kind in KINDS])
    qtbot.addWidget(control)
    control.setFixedWidth(width)
    control.show()
    qtbot.waitExposed(control)
    for button in control.findChildren(Button):
        air = 2 if button.property("tight") else 16
        room = button.width() - 2 * (air + 2)
        assert button.fontMetrics().horizontalAdvance(button.text()) <= room
    assert control.findChildren(Button)[0].property("tight") is (width == 480)
