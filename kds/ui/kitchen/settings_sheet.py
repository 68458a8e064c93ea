"""How the cook wants this screen. What is chosen applies at once: the board is the preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kds.ui.kit import Label, SectionTitle, SegmentedControl
from kds.ui.kitchen.big import BigButton, KeyedSheet, Scroll
from kds.ui.kitchen.display import MOST_COLUMNS, Display
from kds.ui.kitchen.keys import KeyMap
from kds.ui.theme import look

COLUMNS = (("0", "Auto"), *((str(n), str(n)) for n in range(1, MOST_COLUMNS + 1)))
TEXTS = (("s", "Small"), ("m", "Medium"), ("l", "Large"), ("xl", "Huge"))
SORTS = (("age", "Waiting longest"), ("promised", "Promised time"), ("course", "Course"))
SMALL = "Small is for bump bars: its lines are too low for a finger."
TAPS = (("bump", "Bumps at once"), ("start", "Starts, then bumps"))
ALL_DAY = (("off", "On a key"), ("on", "Always in sight"))


class SettingsSheet(KeyedSheet):
    """Emits `changed` with a Display on every choice, and `keys_wanted` for the key map.

    Up and down go from setting to setting, left and right choose.
    """

    changed = Signal(object)
    keys_wanted = Signal()

    def __init__(self, keys: Callable[[], KeyMap], parent: QWidget) -> None:
        super().__init__("This screen", parent, keys, width=680)
        self._display = Display()
        self._page = QWidget()
        self._box = QVBoxLayout(self._page)
        self._box.setContentsMargins(0, 0, look().px(8), 0)
        self._box.setSpacing(look().px(12))
        self._sections: list[QWidget] = []
        self.columns = self._choice("Columns", COLUMNS, lambda v: {"columns": int(v)})
        self.text = self._choice("Text", TEXTS, lambda v: {"text": v})
        self._box.addWidget(_hint(SMALL))
        self.sort = self._choice("Order of the tickets", SORTS, lambda v: {"sort": v})
        self.tap = self._choice("A tap", TAPS, lambda v: {"tap": v})
        self.all_day = self._choice("All-day counts", ALL_DAY, lambda v: {"all_day": v == "on"})
        self.keys_button = BigButton("Keys of the bump bar…", "keyboard")
        self.keys_button.clicked.connect(self.keys_wanted)
        self.add_section("Keys", self.keys_button)
        self._box.addStretch(1)
        self._scroll = Scroll()
        self._scroll.show_page(self._page)
        self.body.box.addWidget(self._scroll)

    def add_section(self, title: str, widget: QWidget) -> None:
        """Put more settings below the others."""
        end = max(0, self._box.count() - 1) if self._finished else self._box.count()
        self._box.insertWidget(end, SectionTitle(title))
        self._box.insertWidget(end + 1, widget)
        self._sections.append(widget)

    @property
    def _finished(self) -> bool:
        """Whether the stretch that ends the page is there."""
        last = self._box.itemAt(self._box.count() - 1)
        return last is not None and last.spacerItem() is not None

    def show_display(self, display: Display) -> None:
        """Open it, with what is chosen now."""
        self._display = display
        for control, value in (
            (self.columns, str(display.columns)),
            (self.text, display.text),
            (self.sort, display.sort),
            (self.tap, display.tap),
            (self.all_day, "on" if display.all_day else "off"),
        ):
            control.blockSignals(True)
            control.choose(value)
            control.blockSignals(False)
        self.open()
        _enter(self._sections[0])

    def note(self, display: Display) -> None:
        """What is chosen has changed elsewhere."""
        self._display = display

    def typed(self, event: QKeyEvent) -> None:
        if self._keys().act(event.key()) == "settings":
            self.close_sheet()

    def walk(self, arrow: str) -> None:
        if arrow in ("left", "right"):
            return  # a choice has taken it, or has no other on that side
        here = self.focusWidget()
        at = next((n for n, one in enumerate(self._sections) if one.isAncestorOf(here)), None)
        if at is None:
            at = self._sections.index(here) if here in self._sections else -1
        at = min(max(0, at + (1 if arrow == "down" else -1)), len(self._sections) - 1)
        _enter(self._sections[at])
        self._scroll.ensureWidgetVisible(self._sections[at])

    def _choice(
        self,
        title: str,
        options: Sequence[tuple[str, str]],
        read: Callable[[str], dict[str, Any]],
    ) -> SegmentedControl:
        control = SegmentedControl(options)

        def choose(value: str) -> None:
            self._display = replace(self._display, **read(value))
            self.changed.emit(self._display)

        control.chosen.connect(choose)
        self.add_section(title, control)
        return control


def _hint(text: str) -> Label:
    """A sentence under a choice."""
    label = Label(text, "body", soft="true")
    label.setWordWrap(True)
    return label


def _enter(section: QWidget) -> None:
    """Give the keyboard to a section: to what is chosen there, else to its first control."""
    if isinstance(section, QPushButton):
        section.setFocus()
        return
    parts = [p for p in section.findChildren(QWidget) if p.focusPolicy() & Qt.FocusPolicy.TabFocus]
    chosen = [p for p in parts if isinstance(p, QPushButton) and p.isChecked()]
    for part in (chosen or parts)[:1]:
        part.setFocus()
