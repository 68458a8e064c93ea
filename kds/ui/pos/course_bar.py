"""Which course the next items are of."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kds.ui.kit import SegmentedControl
from kds.ui.pos.entry import COURSES, OrderEntry


class CourseBar(SegmentedControl):
    """Shows and sets the course of `entry`; hidden while the order is of one course.

    It lies under the menu: what is tapped does not move when it comes and goes.
    """

    def __init__(self, entry: OrderEntry, parent: QWidget | None = None) -> None:
        super().__init__([(str(n), f"Course {n}") for n in COURSES], "1", parent)
        self._entry = entry
        self.chosen.connect(lambda course: entry.set_course(int(course)))
        entry.changed.connect(lambda _: self._show())
        self._show()

    def _show(self) -> None:
        self.choose(str(self._entry.course))
        self.setVisible(self._entry.coursed)
