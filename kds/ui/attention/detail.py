"""One op in full: what was wanted, why it did not happen, and both sides of a conflict."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kds.session.attention import Stuck
from kds.ui.attention.words import (
    KEEPING_MEANS,
    Fact,
    anyway_means,
    asked,
    behind,
    facts,
    number,
    pill,
    what_happened,
)
from kds.ui.kit import Card, Label, Panel, Pill


def wrapped(label: Label) -> Label:
    label.setWordWrap(True)
    return label


class Side(Card):
    """Yours or theirs: what comes of it when this side stands, and four facts; those that differ
    from the other side are marked."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.box.addWidget(Label(title, "title"))
        self._title = title
        self._means = wrapped(Label("", "body", soft="true"))
        self.box.addWidget(self._means)
        self._rows: list[tuple[Label, Pill, Label]] = []
        for _ in range(4):
            self._rows.append(self._row())
        self.box.addStretch(1)

    def _row(self) -> tuple[Label, Pill, Label]:
        name, mark = Label("", "caption", soft="faint"), Pill()
        value = wrapped(Label("", "label"))
        row = Panel("", padding=0, gap=0)
        head = QHBoxLayout()
        head.addWidget(name, 1)
        head.addWidget(mark)
        row.box.addLayout(head)
        row.box.addWidget(value)
        self.box.addWidget(row)
        return name, mark, value

    def show_facts(self, found: tuple[Fact, ...], mine: bool, means: str) -> None:
        """Tell one side of `found`; `means`: what comes of it."""
        for (name, mark, value), fact in zip(self._rows, found, strict=True):
            name.setText(fact.name)
            mark.set("different", "warn", "diamond") if fact.differs else mark.set("same")
            value.setText(fact.yours if mine else fact.theirs)
        self._means.setText(means)
        said = ", ".join(f"{f.name}: {f.yours if mine else f.theirs}" for f in found)
        self.setAccessibleName(f"{self._title}. {said}. {means}")

    @property
    def means(self) -> str:
        """What comes of it."""
        return self._means.text()

    @property
    def said(self) -> tuple[str, ...]:
        """The values, from top to bottom."""
        return tuple(value.text() for _, _, value in self._rows)

    @property
    def marked(self) -> tuple[str, ...]:
        """The names of what differs."""
        return tuple(name.text() for name, mark, _ in self._rows if mark.text == "different")


class Detail(Panel):
    """Shows one op."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", padding=0, parent=parent)
        self._pill = Pill()
        self._asked = Label("", "body", soft="true")
        self._title = wrapped(Label("", "heading"))
        self._reason = wrapped(Label("", "title", tone="danger"))
        self._behind = wrapped(Label("", "body"))
        self._number = Label("", "title")
        head = QHBoxLayout()
        for part in (self._pill, self._number, self._asked):
            head.addWidget(part)
        head.addStretch(1)
        self.box.addLayout(head)
        self.box.addWidget(self._title)
        self.box.addWidget(self._reason)
        self.yours, self.theirs = Side("Yours"), Side("Theirs")
        self._sides = Panel("", horizontal=True, padding=0)
        self._sides.box.addWidget(self.yours, 1)
        self._sides.box.addWidget(self.theirs, 1)
        self.box.addWidget(self._sides)
        self.box.addWidget(self._behind)
        self.box.addStretch(1)
        self._asked.setAlignment(Qt.AlignmentFlag.AlignVCenter)

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def reason(self) -> str:
        return self._reason.text()

    @property
    def behind(self) -> str:
        return self._behind.text()

    def show_item(self, item: Stuck, zone: tzinfo, in_cart: bool) -> None:
        """Tell of this one, with times of `zone`; `in_cart`: its lines are being changed."""
        conflict = item.result == "conflict"
        self._pill.set(*pill(item, in_cart))
        self._number.setText(number(item))
        self._number.setVisible(bool(number(item)))
        self._asked.setText(asked(item, zone))
        self._title.setText(item.title)
        self._reason.setText(what_happened(item, zone) if conflict else item.reason)
        self._reason.set_tone(None if conflict else "danger")
        self._behind.setText(behind(item))
        self._behind.setVisible(bool(item.behind))
        self._sides.setVisible(conflict)
        if conflict:
            found = facts(item, zone)
            self.yours.show_facts(found, True, anyway_means(item))
            self.theirs.show_facts(found, False, KEEPING_MEANS)
