"""Whose orders the guests' board shows, and for how long."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kds.domain.rows import OrderType
from kds.ui.kit import Button, Label, SectionTitle, SegmentedControl, Sheet
from kds.ui.kitchen.big import Scroll
from kds.ui.pickup.settings import PickupSettings
from kds.ui.theme import look

TYPES: tuple[tuple[OrderType, str], ...] = (
    ("takeaway", "Takeaway"),
    ("delivery", "Delivery"),
    ("dine_in", "Dine in"),
)
MINUTES = (("10", "10 min"), ("30", "30 min"), ("120", "2 hours"))


class PickupSheet(Sheet):
    """Emits `changed` with the PickupSettings on every choice; the board is the preview."""

    changed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("This board", parent, width=680)
        self._settings = PickupSettings()
        self.types: dict[OrderType, Button] = {}
        page = QWidget()
        self._box = QVBoxLayout(page)
        self._box.setContentsMargins(0, 0, look().px(8), 0)
        self._box.setSpacing(look().px(12))
        self._box.addWidget(SectionTitle("Orders to show"))
        for kind, name in TYPES:
            button = Button(name)
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, kind=kind: self._toggle(kind))
            self.types[kind] = button
            self._box.addWidget(button)
        self._box.addWidget(SectionTitle("A ready number stays"))
        self.minutes = SegmentedControl(MINUTES)
        self.minutes.chosen.connect(self._keep_for)
        self._box.addWidget(self.minutes)
        hint = Label("It goes at once when the order is handed over or closed.", soft="true")
        hint.setWordWrap(True)
        self._box.addWidget(hint)
        self._box.addStretch(1)
        scroll = Scroll()
        scroll.show_page(page)
        self.body.box.addWidget(scroll)

    def add_section(self, title: str, widget: QWidget) -> None:
        """Put more settings below the others."""
        for part in (SectionTitle(title), widget):
            self._box.insertWidget(self._box.count() - 1, part)

    def show_settings(self, settings: PickupSettings) -> None:
        """Open it, with what is chosen now."""
        self._settings = settings
        self._mark()
        self.open()

    def _toggle(self, kind: OrderType) -> None:
        """The last one stays: a board without orders helps nobody."""
        types = self._settings.types ^ {kind}
        self._choose(replace(self._settings, types=types or self._settings.types))

    def _keep_for(self, minutes: str) -> None:
        self._choose(replace(self._settings, ready_min=int(minutes)))

    def _choose(self, settings: PickupSettings) -> None:
        same = settings == self._settings
        self._settings = settings
        self._mark()
        if not same:
            self.changed.emit(settings)

    def _mark(self) -> None:
        for kind, button in self.types.items():
            on = kind in self._settings.types
            button.setChecked(on)
            button.set_kind("primary" if on else "quiet")
            button.set_icon("check" if on else "")
        self.minutes.choose(str(self._settings.ready_min))
