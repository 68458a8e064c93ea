"""A window tells the session whether anybody can see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kds.app.config import Profile
from kds.app.windows import Place, Window
from tests.support.pos import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk("manager")


@pytest.fixture
def window(qapp: QApplication, desk: Desk, tmp_path: Path) -> Iterator[Window]:
    profile = Profile(url="http://127.0.0.1:1", key="k", role="manager", name="Office")
    made = Window(qapp, desk, profile, tmp_path, lambda: None)  # type: ignore[arg-type]
    made.open(Place())
    yield made
    made.close_for_good()


def test_a_window_that_is_put_away_is_out_of_sight_until_it_comes_back(
    window: Window, desk: Desk
) -> None:
    assert desk.uplink.visible
    window.widget.hide()
    assert not desk.uplink.visible
    window.come_to_front()
    assert desk.uplink.visible


def test_a_minimised_window_is_out_of_sight(window: Window, desk: Desk) -> None:
    window.widget.showMinimized()
    assert not desk.uplink.visible
    window.come_to_front()
    assert desk.uplink.visible
