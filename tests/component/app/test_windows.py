"""The window of a role: its screens lead to one another."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from kds.app.config import Profile
from kds.app.windows import Window
from kds.ui.dashboard.screen import DashboardScreen
from tests.support.pos import Desk


def test_a_list_on_the_dashboard_opens_its_screen(qapp: QApplication, tmp_path: Path) -> None:
    profile = Profile(url="http://127.0.0.1:1", key="k", role="manager", name="Office")
    window = Window(qapp, Desk(), profile, tmp_path, lambda: None)  # type: ignore[arg-type]
    dashboard = window.widget.screen_widget(0)
    assert isinstance(dashboard, DashboardScreen)
    dashboard.opened.emit("stock")
    assert window.widget.current.where == "stock"
    window.close_for_good()
