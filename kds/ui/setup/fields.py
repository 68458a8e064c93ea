"""The lines of a set-up page: what is set, how, and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kds.domain.setup import span
from kds.domain.tickets import LATE_AFTER_S, WARN_AFTER_S
from kds.ui.kit import Label, Panel, PlusMinus, SegmentedControl
from kds.ui.setup.chips import FlowLayout
from kds.ui.theme import look

Ages = tuple[int, int]
"""Due after and late after, in seconds."""

TITLE_WIDTH, VALUE_WIDTH = 240, 112
ANY_WIDTH = (1 << 24) - 1  # the most that Qt knows
DUE, LATE = "Due after", "Late after"
STATION, OWN = "station", "own"


class Field(QWidget):
    """A title with a hint on the left, the control on the right, the problem below it."""

    def __init__(self, title: str, control: QWidget, hint: str = "") -> None:
        super().__init__()
        control.setAccessibleName(control.accessibleName() or title)
        self._problem = Label("", "label", tone="danger")
        self._names = QWidget()
        names = QVBoxLayout(self._names)
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(0)
        names.addWidget(_wrapping(Label(title, "label")))
        if hint:
            names.addWidget(_wrapping(Label(hint, "caption", soft="true")))
        names.addStretch(1)
        values = QVBoxLayout()
        fixed = control.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Fixed
        left = Qt.AlignmentFlag.AlignLeft
        values.addWidget(control, 0, left if fixed else Qt.AlignmentFlag(0))
        values.addWidget(_wrapping(self._problem))
        values.addStretch(1)
        self._stacked = False
        self._box = box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._names)
        box.addLayout(values, 1)
        self.complain("")
        self._fit()

    @property
    def problem(self) -> str:
        return self._problem.text()

    def complain(self, problem: str) -> None:
        """Say what is wrong; "" when nothing is."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_names"):
            self._fit()

    def stack(self, stacked: bool) -> None:
        """The title above the control, where there is no room for it beside."""
        if stacked != self._stacked:
            self._stacked = stacked
            self._fit()

    def _fit(self) -> None:
        direction = QBoxLayout.Direction
        self._box.setDirection(direction.TopToBottom if self._stacked else direction.LeftToRight)
        self._box.setSpacing(look().px(4 if self._stacked else 16))
        self._names.setContentsMargins(0, look().px(8), 0, 0)
        width = look().px(TITLE_WIDTH)
        self._names.setMinimumWidth(0 if self._stacked else width)
        self._names.setMaximumWidth(ANY_WIDTH if self._stacked else width)


class NameEdit(QLineEdit):
    """A name; `asked` carries it when it was changed and left. Escape takes it back."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._name = self._asked = ""
        self.editingFinished.connect(self._done)

    def show_name(self, name: str) -> None:
        """The name as it is; what is being typed stays."""
        untouched = self.text() == self._name
        if name != self._name:
            self._name = self._asked = name
        if untouched or not self.hasFocus():
            self.setText(name)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            self.setText(self._name)
        return super().event(event)

    def _done(self) -> None:
        wanted = self.text().strip()
        if wanted != self._asked:  # Enter, and then it is left: once is enough
            self._asked = wanted
            self.asked.emit(wanted)


class TimeStepper(PlusMinus):
    """A time in seconds. It shows what it is told."""

    def __init__(self, what: str, step_s: int, least_s: int) -> None:
        """`what` is stepped here, for the screen reader."""
        super().__init__(f"{what}: less", f"{what}: more", "label", VALUE_WIDTH)
        self._step_s, self._least_s, self._seconds = step_s, least_s, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        return self.value.text()

    def show_time(self, seconds: int, text: str = "") -> None:
        """`text`: instead of the time in words."""
        self._seconds = seconds
        self.value.setText(text or span(seconds))
        self.less.setEnabled(seconds > self._least_s)

    def step(self, by: int) -> None:
        """To the next whole step: 4 min 30 s and a minute more are 5 min."""
        steps = self._seconds // self._step_s + by
        if by < 0 and self._seconds % self._step_s:
            steps += 1
        self.stepped.emit(max(self._least_s, steps * self._step_s))


class AgesField(Panel):
    """When it is due and when it is late; `asked` carries Ages, or None for the station's.

    `optional`: there may be none of its own.
    """

    asked = Signal(object)

    def __init__(self, what: str, *, optional: bool) -> None:
        super().__init__("", padding=0, gap=8)
        self._ages: Ages = (WARN_AFTER_S, LATE_AFTER_S)
        self.whose = SegmentedControl(((STATION, "As the station says"), (OWN, "Own times")))
        self.whose.chosen.connect(self._choose)
        self.whose.setVisible(optional)
        self.due = TimeStepper(f"{what} due after", 60, 60)
        self.late = TimeStepper(f"{what} late after", 60, 60)
        self._times = QWidget()
        side_by_side = FlowLayout(self._times)
        side_by_side.addWidget(_labelled(DUE, self.due))
        side_by_side.addWidget(_labelled(LATE, self.late))
        self.box.addWidget(self.whose, 0, Qt.AlignmentFlag.AlignLeft)
        self.box.addWidget(self._times)
        self.due.stepped.connect(lambda seconds: self.asked.emit((seconds, self._ages[1])))
        self.late.stepped.connect(lambda seconds: self.asked.emit((self._ages[0], seconds)))

    def show_ages(self, ages: Ages | None) -> None:
        """None: as the station says."""
        show_choice(self.whose, OWN if ages else STATION)
        self._times.setVisible(ages is not None)
        self._ages = ages or (WARN_AFTER_S, LATE_AFTER_S)
        for stepper, seconds in zip((self.due, self.late), self._ages, strict=True):
            stepper.show_time(seconds)

    def _choose(self, whose: str) -> None:
        self.asked.emit(self._ages if whose == OWN else None)


def show_choice(control: SegmentedControl, value: str) -> None:
    """What is chosen, as it came from elsewhere: nobody has tapped."""
    control.blockSignals(True)
    control.choose(value)
    control.blockSignals(False)


class _AgeLabel(Label):
    """As wide as the wider of the two, so that the steppers stand under each other."""

    def sizeHint(self) -> QSize:
        words = map(self.fontMetrics().horizontalAdvance, (DUE, LATE))
        return QSize(max(words), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def _labelled(words: str, stepper: TimeStepper) -> Panel:
    panel = Panel("", horizontal=True, padding=0, gap=8)
    panel.box.addWidget(_AgeLabel(words))
    panel.box.addWidget(stepper)
    return panel


def _wrapping(label: Label) -> Label:
    label.setWordWrap(True)
    return label
