"""Everything about one line, for guests with wishes: size, quantity, extras, removals, a note."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from kds.base.money import format_money
from kds.domain.cart import CartLine
from kds.domain.rows import LineModifier, Row
from kds.ui.kit import Button, Label, Panel, SectionTitle, SegmentedControl, Sheet, scrolling
from kds.ui.pos.entry import COURSES
from kds.ui.pos.quick import price_of, usual_variant
from kds.ui.pos.stepper import Stepper
from kds.ui.theme import look

COLUMNS = 2


class OptionsSheet(Sheet):
    """Asks for one line; `done` carries it. The same sheet adds a new line and changes an old one.

    A line whose quantity went down to zero means: take it out.
    """

    done = Signal(object)  # CartLine

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent, width=600)
        self._line: CartLine | None = None
        self._item: Row | None = None
        self._currency = "USD"
        self.sizes = SegmentedControl([])
        self.sizes.chosen.connect(self._refresh)
        self.stepper = Stepper("piece")
        self.stepper.stepped.connect(self._refresh)
        self.modifiers: dict[str, Button] = {}
        self._offered: dict[str, LineModifier] = {}
        self._grid = QGridLayout()
        self.course = SegmentedControl([(str(n), f"Course {n}") for n in COURSES], "1")
        self.note = QLineEdit()
        self.note.setPlaceholderText("Note to the kitchen")
        self.note.textChanged.connect(self._refresh)
        self.save = Button("", "primary", icon_name="check")
        self.save.clicked.connect(self._done)
        self._wishes = SectionTitle("Wishes")
        inner = Panel("", padding=0)
        body = inner.box
        body.addWidget(self.sizes)
        count = QHBoxLayout()
        count.addWidget(Label("How many", "label"), 1)
        count.addWidget(self.stepper)
        body.addLayout(count)
        body.addWidget(self._wishes)
        body.addLayout(self._grid)
        body.addWidget(self.note)
        body.addWidget(self.course)
        body.addStretch(1)
        self.body.box.addWidget(scrolling(inner), 1)
        self.body.box.addWidget(self.save)

    def ask(
        self,
        item: Row,
        modifiers: Iterable[Row],
        currency: str,
        line: CartLine | None = None,
        course: int = 1,
    ) -> None:
        """Open for `item`, as `line` has it; a new line of the usual size and of `course` when
        None."""
        self._item, self._currency, self._line = item, currency, line
        self.set_title(item["name"])
        chosen = line.variant if line else usual_variant(item)
        options = [
            (v["name"], f"{v['name']}  {format_money(v['price'], currency)}".strip())
            for v in item["variants"]
        ]
        self.sizes.set_options(options, chosen)
        self.sizes.setVisible(len(options) > 1)
        self.stepper.set_qty(line.qty if line else 1)
        self.note.setText(line.note if line else "")
        self.course.choose(str(line.course if line else course))
        self._offer(modifiers, item, {m["id"] for m in line.modifiers} if line else set())
        self._grid.setSpacing(look().px(10))
        self._refresh()
        self.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._done()
        else:
            super().keyPressEvent(event)

    def _offer(self, modifiers: Iterable[Row], item: Row, chosen: set[str]) -> None:
        for button in self.modifiers.values():
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        fitting = [
            m for m in modifiers if not m["categories"] or item["category"] in m["categories"]
        ]
        ordered = sorted(fitting, key=lambda m: (m["kind"] != "remove", m["name"]))
        self._offered = {
            m["id"]: LineModifier(id=m["id"], name=m["name"], kind=m["kind"], price=m["price"])
            for m in ordered
        }
        self.modifiers = {}
        for index, (modifier_id, modifier) in enumerate(self._offered.items()):
            button = Button(self._words(modifier))
            button.setCheckable(True)
            button.setChecked(modifier_id in chosen)
            button.toggled.connect(self._refresh)
            self.modifiers[modifier_id] = button
            self._grid.addWidget(button, *divmod(index, COLUMNS))
        self._wishes.setVisible(bool(ordered))

    def _words(self, modifier: LineModifier) -> str:
        if modifier["kind"] == "remove":
            return f"No {modifier['name']}"
        price = f"  +{format_money(modifier['price'], self._currency)}" if modifier["price"] else ""
        return f"{modifier['name']}{price}"

    def _wanted(self) -> CartLine:
        assert self._item is not None
        variant = self.sizes.value
        chosen = (
            self._offered[key] for key, button in self.modifiers.items() if button.isChecked()
        )
        line = self._line or CartLine(
            id="",
            item_id=self._item["id"],
            name=self._item["name"],
            variant=variant,
            category=self._item["category"],
            qty=1,
            unit_price=0,
        )
        return replace(
            line,
            variant=variant,
            unit_price=price_of(self._item, variant) or 0,
            qty=self.stepper.qty,
            modifiers=tuple(chosen),
            note=self.note.text().strip(),
            course=int(self.course.value),
        )

    def _refresh(self) -> None:
        if self._item is None:
            return
        line = self._wanted()
        for button in self.modifiers.values():
            button.set_kind("primary" if button.isChecked() else "quiet")
        total = format_money(line.total, self._currency)
        removing = line.qty == 0
        does = "Take out" if removing else "Save" if self._line else "Add"
        self.save.setText(does if removing else f"{does} · {total}")
        self.save.setEnabled(line.qty > 0 or self._line is not None)

    def _done(self) -> None:
        if self.save.isEnabled():
            self.close_sheet()
            self.done.emit(self._wanted())

    def event(self, event: QEvent) -> bool:
        """Keys of the sheet stay in the sheet: the till below must not hear them."""
        handled = super().event(event)
        if event.type() == QEvent.Type.KeyPress:
            event.accept()
            return True
        return handled
