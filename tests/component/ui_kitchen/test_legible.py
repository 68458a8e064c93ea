"""What a cook reads from two metres: nothing touches, and what things are called."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from kds.domain.rows import Flag
from kds.domain.words import table_words
from kds.ui.kitchen.board import Board, Hit, Surface
from kds.ui.kitchen.display import TextSize
from kds.ui.kitchen.style import LEAST_COLUMN, TicketStyle, enlarged
from kds.ui.kitchen.text import Text
from kds.ui.kitchen.ticket_sheet import line_text
from kds.ui.theme import DARK, Look, apply_theme, look
from kds.ui.theme.fonts import make_font
from kds.ui.theme.tokens import EMOJI_FAMILY
from tests.support.tickets import line, ticket

ARABIC = "صلصة على الجانب من فضلك"


def test_lines_of_a_borrowed_script_stand_nearly_as_close_as_our_own(qapp: QApplication) -> None:
    apply_theme(qapp, DARK)  # our own typeface, which has no Arabic
    font = look().font_of(22, 500)
    metrics = QFontMetrics(font)
    text = Text(ARABIC, font, metrics.horizontalAdvance(ARABIC) * 2 // 3)
    assert text.lines > 1
    assert text.height <= text.lines * metrics.height() * 1.2


def test_a_name_keeps_clear_of_the_mark_at_its_end(qapp: QApplication) -> None:
    for dense in (False, True):
        style = TicketStyle(look(), look().px(LEAST_COLUMN), dense=dense)
        mark = look().px(22)
        assert style.width - style.pad - mark - (style.text_left + style.text_width) >= look().px(6)


@pytest.mark.parametrize(("flag", "word"), [("", ""), ("added", " · added"), ("qty", " · changed")])
def test_a_sheet_says_what_has_happened_to_a_line(flag: Flag, word: str) -> None:
    assert line_text(replace(line("l1"), flag=flag)).endswith(word or line("l1").name)


@pytest.mark.parametrize(
    ("name", "words"), [("4", "Table 4"), ("Terrace 3", "Terrace 3"), ("", "")]
)
def test_a_table_with_a_name_is_called_by_it(name: str, words: str) -> None:
    assert table_words(name) == words


@pytest.mark.parametrize("scale", [0.7, 0.78, 1.0, 2.0])
@pytest.mark.parametrize("text", get_args(TextSize))
def test_a_finger_hits_every_head_and_every_line(
    scale: float, text: TextSize, qapp: QApplication
) -> None:
    board, sized = Board(), enlarged(Look(DARK, scale), text)
    board.fit(Surface(sized, sized.px(800), sized.px(1000), dense=text == "s"))
    board.arrange([ticket("o1", line("l1"), line("l2", "Fries"))])
    (part,) = board.page(0)
    top = board.box(part).topLeft() + QPointF(20, 1)
    assert {board.hit(top + QPointF(0, y), 0) for y in range(55)} == {Hit("o1")}
    heights = [box.height() for _, box in board.sheet("o1").row_boxes(part, board.box(part))]
    assert text == "s" or min(heights) >= 56  # small is for bump bars


EMOJI = "🔔🌶️👍🏽👨‍👩‍👧‍👦🇩🇪"


def test_emoji_are_written_as_one_picture_each_in_our_own_typeface(qapp: QApplication) -> None:
    apply_theme(qapp, DARK)
    font = look().font_of(22, 500)
    text = Text(EMOJI, font, 1000)
    one = Text("🔔", font, 1000)
    assert text.lines == 1
    assert text.line_height <= QFontMetrics(font).height() * 1.2
    assert text.wide <= 5 * one.wide  # five of them, of eighteen characters
    alone = make_font(22)
    alone.setFamilies([EMOJI_FAMILY])
    assert all(QFontMetrics(alone).inFontUcs4(ord(letter)) for letter in EMOJI)
