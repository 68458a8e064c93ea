"""The kit on a screen that is read from right to left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from kds.ui.kit import Button, ElidedLabel, Label, Pill, SearchField, Sheet
from kds.ui.theme import DARK, apply_theme, look

RTL = Qt.LayoutDirection.RightToLeft
WORDS = "1 Five Cheese M, 3 Fries"


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication) -> Iterator[None]:
    apply_theme(qapp, DARK)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def picture(part: QWidget) -> QImage:
    if isinstance(part, QLabel):
        part.setAlignment(Qt.AlignmentFlag.AlignCenter)
    part.resize(part.sizeHint())
    return part.grab().toImage()


@pytest.mark.parametrize("kind", [ElidedLabel, Button, Pill])
def test_a_count_stays_before_what_it_counts(kind: type[QWidget], qapp: QApplication) -> None:
    here = picture(kind(WORDS))  # type: ignore[arg-type]
    qapp.setLayoutDirection(RTL)  # a painter goes by the program's, not by the widget's
    assert picture(kind(WORDS)) == here  # type: ignore[arg-type]


def test_words_stand_where_reading_begins() -> None:
    label = Label("Columns")
    assert label.alignment() & Qt.AlignmentFlag.AlignLeft
    label.setLayoutDirection(RTL)
    assert label.alignment() & Qt.AlignmentFlag.AlignRight
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    assert label.alignment() & Qt.AlignmentFlag.AlignHCenter


def test_a_sheet_leaves_what_is_read_first_in_sight() -> None:
    room = QWidget()
    room.resize(1200, 700)
    sheet = Sheet("Recall", room)
    sheet.open()
    assert sheet.panel.geometry().center().x() > room.rect().center().x()
    sheet.close_sheet()
    room.setLayoutDirection(RTL)
    sheet.open()
    assert sheet.panel.geometry().center().x() < room.rect().center().x()


def test_a_finger_empties_a_search() -> None:
    field = SearchField()
    field.resize(400, look().touch)
    field.show()
    cross = field.findChild(Button)
    assert isinstance(cross, Button)
    assert cross.isHidden()
    field.setText("pizza")
    assert not cross.isHidden()
    assert min(cross.width(), cross.height()) >= look().touch
    cross.click()
    assert field.text() == ""
    assert cross.isHidden()
    field.close()
