"""What a ticket's rows say, what a tap on them means, and that they stay in their boxes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication

from kds.domain.tickets import Ticket, TicketLine
from kds.ui.kitchen.canvas import Canvas, mirrored
from kds.ui.kitchen.details import flag_words
from kds.ui.kitchen.display import TextSize
from kds.ui.kitchen.header import Header
from kds.ui.kitchen.lines import LineRow
from kds.ui.kitchen.rows import BandRow, CourseRow, QuietRow, TitleRow, build_rows
from kds.ui.kitchen.style import MIN_COLUMN, TicketStyle, enlarged
from kds.ui.kitchen.text import Text
from kds.ui.theme import DARK, Look
from kds.ui.theme.fonts import make_font, register_fonts
from tests.support.tickets import ARABIC, HEBREW, after, every_kind, line, ticket

pytestmark = pytest.mark.usefixtures("qapp")
STYLE = TicketStyle(Look(DARK), 400)


def kinds(found: Ticket) -> list[str]:
    return [type(row).__name__ for row in build_rows(found, STYLE)]


# -- which rows there are -----------------------------------------------------------------


def test_plain_lines_stand_alone() -> None:
    assert kinds(ticket("1", line("a"), line("b"))) == [LineRow.__name__] * 2


def test_what_was_added_later_stands_under_a_title_of_its_own() -> None:
    later = line("b", batch=1, sent_at=after(0))
    found = ticket("1", line("a"), later, line("c", batch=1, sent_at=after(0)))
    assert kinds(found) == ["LineRow", TitleRow.__name__, "LineRow", "LineRow"]


def test_courses_have_titles_when_there_are_several_or_one_is_held() -> None:
    two = ticket("1", line("a"), line("b", course=2))
    assert kinds(two) == [CourseRow.__name__, "LineRow"] * 2
    assert kinds(ticket("1", line("a", held=True))) == ["CourseRow", "LineRow"]
    assert kinds(ticket("1", line("a", held=True, state="void"))) == ["LineRow"]


def test_notes_questions_and_what_is_elsewhere_come_first() -> None:
    asked = every_kind()[-1]
    assert kinds(asked) == [BandRow.__name__, "BandRow", QuietRow.__name__, "LineRow"]


def test_a_course_counts_down_to_its_first_line_when_all_of_it_waits() -> None:
    waits = line("a", fire_at=after(300)), line("b", fire_at=after(240))
    assert CourseRow(1, waits, STYLE).begins == after(240)
    assert CourseRow(1, (*waits, line("c")), STYLE).begins is None
    assert CourseRow(1, [line("a", held=True, fire_at=after(9))], STYLE).begins is None


# -- changes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (line("a", flag="added"), "ADDED"),
        (line("a", flag="void", state="void"), "VOIDED"),
        (line("a", qty=3, flag="qty", was_qty=2), "CHANGED 2\u00a0\u2192\u00a03"),
        (line("a", qty=3, flag="qty"), "CHANGED"),
    ],
)
def test_a_change_is_said_in_words(changed: TicketLine, words: str) -> None:
    assert flag_words(changed) == words


def test_a_tap_means_a_line_until_it_is_done_and_its_change_is_seen() -> None:
    def tapped(found: TicketLine) -> str:
        return LineRow(found, STYLE, ruled=False).line_id

    assert tapped(line("a")) == tapped(line("a", held=True)) == "a"
    assert tapped(line("a", state="void", flag="void")) == "a"
    assert tapped(line("a", state="ready", flag="qty")) == "a"
    assert tapped(line("a", state="void")) == tapped(line("a", state="ready")) == ""


def test_a_void_that_was_seen_takes_less_room_than_one_that_was_not() -> None:
    seen = LineRow(line("a", state="void", note="hot"), STYLE, ruled=False)
    unseen = LineRow(line("a", state="void", note="hot", flag="void"), STYLE, ruled=False)
    assert seen.height < unseen.height


# -- in their boxes -----------------------------------------------------------------------


def overflow(box: QRectF, paint: Callable[[QPainter], None]) -> int:
    """How many pixels are painted outside a box."""
    around = 60
    size = box.size().toSize()
    image = QImage(
        size.width() + 2 * around, size.height() + 2 * around, QImage.Format.Format_RGB32
    )
    image.fill(QColor("#ff00ff"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(around - box.left(), around - box.top())
    paint(painter)
    painter.resetTransform()
    painter.fillRect(QRectF(around, around, box.width(), box.height()), QColor("#ff00ff"))
    painter.end()
    painted = QImage(image.size(), QImage.Format.Format_RGB32)
    painted.fill(QColor("#ff00ff"))
    if image == painted:
        return 0
    pixels = (image.pixel(x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(pixel != 0xFFFF00FF for pixel in pixels)


@pytest.mark.parametrize("rtl", [False, True], ids=["ltr", "rtl"])
@pytest.mark.parametrize("text", ["s", "m", "xl"])
@pytest.mark.parametrize("column", [230, MIN_COLUMN, 460])
def test_nothing_leaves_its_box(column: int, text: TextSize, rtl: bool) -> None:
    sized = enlarged(Look(DARK, 0.78), text)
    style = TicketStyle(sized, sized.px(column), rtl=rtl, dense=text == "s")
    for found in every_kind():
        header = Header(found, style)
        boxes = [(QRectF(0, 0, style.width, header.height(0)), header_painter(header, rtl))]
        for row in build_rows(found, style):
            box = QRectF(0, 0, style.width, row.height)
            boxes.append((box, lambda p, b=box, r=row: r.draw(Canvas(p, b, rtl=rtl), b)))
        assert [overflow(box, paint) for box, paint in boxes] == [0] * len(boxes), found.number


def header_painter(header: Header, rtl: bool) -> Callable[[QPainter], None]:
    def paint(painter: QPainter) -> None:
        box = QRectF(0, 0, header.width, header.height(0))
        canvas = Canvas(painter, box, rtl=rtl)
        header.draw(canvas, box, 0, "late", hinted=True)

    return paint


# -- directions and scripts ---------------------------------------------------------------


def test_a_box_that_is_mirrored_twice_is_where_it_was() -> None:
    frame, box = QRectF(10, 0, 100, 50), QRectF(15, 5, 20, 10)
    assert mirrored(box, frame) == QRectF(85, 5, 20, 10)
    assert mirrored(mirrored(box, frame), frame) == box


@pytest.mark.parametrize("rtl", [False, True], ids=["ltr", "rtl"])
def test_the_quantity_stands_where_reading_begins(rtl: bool) -> None:
    style = TicketStyle(Look(DARK), 400, rtl=rtl)
    row = LineRow(line("a", qty=2), style, ruled=False)
    image = QImage(400, row.height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    box = QRectF(0, 0, 400, row.height)
    row.draw(Canvas(painter, box, rtl=rtl), box)
    painter.end()
    filled = [x for x in range(400) if image.pixelColor(x, row.height // 2 - 14) == style.text]
    assert filled
    assert all((x > 300) == rtl for x in filled)


@pytest.mark.parametrize("word", [ARABIC, HEBREW])
def test_the_shipped_typefaces_write_arabic_and_hebrew(word: str) -> None:
    register_fonts()
    letters = [letter for letter in word if not letter.isspace()]
    families = [make_font(20, 600).families()[n] for n in (1, 2)]
    metrics = []
    for family in families:
        font = make_font(20, 600)
        font.setFamilies([family])
        metrics.append(QFontMetrics(font))
    assert any(all(m.inFontUcs4(ord(letter)) for letter in letters) for m in metrics)


def test_a_word_of_another_script_is_measured_as_it_is_drawn(qapp: QApplication) -> None:
    text = Text(ARABIC, STYLE.name, 1000)
    assert text.lines == 1
    assert text.height == text.line_height >= QFontMetrics(STYLE.name).height()
    assert 0 < text.wide < 1000
