"""The sounds of a screen that has no other settings: a till."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kds.ui.kit import Sheet
from kds.ui.kitchen.big import Scroll
from kds.ui.sounds.panel import SoundPanel
from kds.ui.theme import look


class SoundSheet(Sheet):
    """Holds a SoundPanel, which is shown for the first time when it is opened."""

    def __init__(self, panel: SoundPanel, parent: QWidget) -> None:
        super().__init__("Sounds", parent, width=680)
        self.sounds = panel
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, look().px(8), 0)
        box.addWidget(panel)
        box.addStretch(1)
        scroll = Scroll()
        scroll.show_page(page)
        self.body.box.addWidget(scroll)
