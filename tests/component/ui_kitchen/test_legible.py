"""What a cook reads from two metres: nothing touches, and what things are called."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from kds.domain.rows import Flag
from kds.domain.words import table_words
from kds.ui.kitchen.style import LEAST_COLUMN, TicketStyle
from kds.ui.kitchen.text import Text
from kds.ui.kitchen.ticket_sheet import line_text
from kds.ui.theme import DARK, apply_theme, look
from tests.support.tickets import line

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
