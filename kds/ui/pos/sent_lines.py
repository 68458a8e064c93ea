"""The lines of an order that was sent, course by course, and what can still be changed."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kds.domain.rows import Row
from kds.ui.kit import Button, Label, Panel, Pill
from kds.ui.pos.order_words import CourseView, change_words, line_state
from kds.ui.pos.stepper import Stepper
from kds.ui.theme import look


class CourseHead(Panel):
    """`Course 2`, how far it is, and the button that holds or fires it."""

    fire = Signal(int)
    hold = Signal(int)

    def __init__(
        self,
        view: CourseView,
        now: datetime,
        zone: tzinfo,
        may_act: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", horizontal=True, padding=0, gap=10, parent=parent)
        self.pill = Pill(*view.pill(now, zone))
        self.act = Button("Fire" if view.held else "Hold", "primary" if view.held else "quiet")
        self.act.setAccessibleName(f"{self.act.text()} course {view.course}")
        deed = self.fire if view.held else self.hold
        self.act.clicked.connect(partial(deed.emit, view.course))
        self.act.setVisible(may_act and (view.held or view.to_hold))
        self.box.addWidget(Label(f"Course {view.course}", "title"))
        self.box.addWidget(self.pill)
        self.box.addStretch(1)
        self.box.addWidget(self.act)


class SentLine(Panel):
    """One line: how many, what, how far, and whether the kitchen knows of its change.

    Minus on the last piece means: take the line back.
    """

    stepped = Signal(str, int)  # line id, wanted quantity

    def __init__(self, line: Row, may_change: bool, parent: QWidget | None = None) -> None:
        super().__init__("", horizontal=True, padding=0, gap=12, parent=parent)
        self.line_id = str(line["id"])
        gone = line["state"] == "void"
        self.stepper: Stepper | None = None
        if may_change and line["state"] in ("sent", "started"):
            self.stepper = Stepper(line["name"], line["qty"])
            self.stepper.stepped.connect(lambda qty: self._step(line, qty))
            self.box.addWidget(self.stepper, 0, Qt.AlignmentFlag.AlignVCenter)
        else:
            count = Label(f"{line['qty']} ×", "label", soft="true")
            self.box.addWidget(count, 0, Qt.AlignmentFlag.AlignVCenter)
        words = " ".join(filter(None, (line["name"], line["variant"])))
        name = Label(words, "label", soft="faint" if gone else "")
        self.details = Label(_details(line), "caption", soft="true")
        self.change = Label(change_words(line), "caption", tone="warn")
        column = QVBoxLayout()
        column.setSpacing(0)
        for label in (name, self.details, self.change):
            label.setWordWrap(True)
            label.setVisible(bool(label.text()))
            column.addWidget(label)
        self.box.addLayout(column, 1)
        self.box.addWidget(Pill(*line_state(line)), 0, Qt.AlignmentFlag.AlignVCenter)

    def _step(self, line: Row, qty: int) -> None:
        assert self.stepper is not None
        if qty < 1:
            self.stepper.set_qty(line["qty"])  # it goes when the reason is given
        self.stepped.emit(self.line_id, qty)


class SentLines(QWidget):
    """All lines; the headings of the courses only where there are several, or one is held."""

    stepped = Signal(str, int)
    fire = Signal(int)
    hold = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heads: dict[int, CourseHead] = {}
        self.lines: dict[str, SentLine] = {}
        self._shown: object = None
        self._list = QVBoxLayout(self)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.addStretch(1)

    def show_courses(
        self,
        courses: tuple[CourseView, ...],
        now: datetime,
        zone: tzinfo,
        *,
        may_change: bool,
        may_pace: bool,
    ) -> None:
        """Show these as they are `now`. Where nothing differs the buttons stay: a finger may be
        on one."""
        pills = tuple(course.pill(now, zone) for course in courses)
        wanted = (courses, pills, may_change, may_pace)
        if wanted == self._shown:
            return
        self._shown = wanted
        self._clear()
        self._list.setSpacing(look().px(8))
        headed = len(courses) > 1 or any(course.held for course in courses)
        for course in courses:
            if headed:
                head = CourseHead(course, now, zone, may_pace)
                head.fire.connect(self.fire)
                head.hold.connect(self.hold)
                self.heads[course.course] = head
                self._append(head)
            for line in course.lines:
                row = SentLine(line, may_change)
                row.stepped.connect(self.stepped)
                self.lines[row.line_id] = row
                self._append(row)

    def _append(self, part: QWidget) -> None:
        self._list.insertWidget(self._list.count() - 1, part)

    def _clear(self) -> None:
        for part in (*self.heads.values(), *self.lines.values()):
            self._list.removeWidget(part)
            part.hide()
            part.deleteLater()
        self.heads, self.lines = {}, {}


def _details(line: Row) -> str:
    """The wishes of a line, or why it was taken back."""
    wishes = [
        f"no {m['name']}" if m["kind"] == "remove" else f"+ {m['name']}" for m in line["modifiers"]
    ]
    return ", ".join(filter(None, [*wishes, line["note"], line["void_reason"]]))
