"""Sizes, fonts and colours of a ticket, worked out once for a look and a column width."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, tzinfo
from functools import cached_property

from PySide6.QtGui import QColor, QFont

from kds.domain.tickets import AgeLevel
from kds.ui.kit.shapes import Shape
from kds.ui.kitchen.display import TextSize
from kds.ui.kitchen.text import Text
from kds.ui.theme import Look, Tone, ToneName

TEXT_SCALES: dict[TextSize, float] = {"s": 0.85, "m": 1.0, "l": 1.2, "xl": 1.45}
MIN_COLUMN, DENSE_COLUMN = 340, 305  # token pixels
LEAST_COLUMN = 230  # the narrowest that can be asked for
STACKED = 300  # narrower heads have the age under the number
AGE_SHAPES: dict[AgeLevel, Shape] = {"calm": "ring", "warn": "half", "late": "triangle"}


def enlarged(look: Look, text: TextSize) -> Look:
    """The look with the text size that a cook has chosen; everything on a ticket follows."""
    return replace(look, scale=look.scale * TEXT_SCALES[text])


class TicketStyle:
    """What `rows` and `paint` draw with. Distances in real pixels.

    `zone`: of the times of day. `rtl`: reading begins at the right. `dense`: rows are as high as
    their text; for bump bars, where a finger hits heads, not lines.
    """

    def __init__(
        self,
        look: Look,
        width: int,
        *,
        zone: tzinfo = UTC,
        rtl: bool = False,
        dense: bool = False,
    ) -> None:
        self.look, self.width, self.zone, self.rtl = look, width, zone, rtl
        px = look.px
        self.pad = px(10 if dense else 14)
        self.radius = px(look.theme.radius.m)
        self.gutter = px(40 if dense else 46)  # where the quantities stand
        self.mark = px(30 if dense else 32)  # state marks at the end, and air before them
        self.row_pad = px(5 if dense else 9)
        self.row_least = px(42) if dense else look.touch
        self.head_one, self.head_two = px(38 if dense else 44), px(27 if dense else 30)
        self.head_pad = px(4 if dense else 7)
        self.head_again = px(52)
        self.strip = px(30)  # rush and VIP
        self.more = px(32)  # "continues" under a part
        self.foot = px(4)
        self.ring = px(4)
        self.edge = px(8)  # the bar along a changed line
        self.wait = px(34 if self.stacked else 58)  # the time until a line is to be begun

    @property
    def stacked(self) -> bool:
        return self.width < self.look.px(STACKED)

    @property
    def inner(self) -> int:
        """Between the paddings."""
        return self.width - 2 * self.pad

    @property
    def text_left(self) -> int:
        return self.pad + self.gutter

    @property
    def text_width(self) -> int:
        """For names and what stands under them; the end is kept for state marks."""
        return self.width - self.text_left - self.mark - self.pad

    def words(
        self, text: str, font: QFont, width: int, tail: str = "", tail_font: QFont | None = None
    ) -> Text:
        """A text that begins at the reading side. No line of it begins with a dot."""
        text = text.replace(" \u00b7 ", "\u00a0\u00b7 ")
        return Text(text, font, width, tail, tail_font, rtl=self.rtl)

    # -- fonts ----------------------------------------------------------------------------

    @cached_property
    def number(self) -> QFont:
        return self.look.font_of(34, 800)

    @cached_property
    def age(self) -> QFont:
        return self.look.font_of(27, 700)

    @cached_property
    def word(self) -> QFont:
        return self.look.font_of(17, 800)

    @cached_property
    def where(self) -> QFont:
        return self.look.font_of(21, 600)

    @cached_property
    def name(self) -> QFont:
        return self.look.font_of(27, 600)

    @cached_property
    def strong(self) -> QFont:
        return self.look.font_of(27, 800)

    @cached_property
    def added(self) -> QFont:
        return self.look.font_of(22, 500)

    @cached_property
    def removed(self) -> QFont:
        return self.look.font_of(22, 800)

    @cached_property
    def small(self) -> QFont:
        return self.look.font_of(18, 600)

    # -- colours --------------------------------------------------------------------------

    @cached_property
    def card(self) -> QColor:
        return QColor(self.look.theme.surface)

    @cached_property
    def line(self) -> QColor:
        return QColor(self.look.theme.line)

    @cached_property
    def text(self) -> QColor:
        return QColor(self.look.theme.text)

    @cached_property
    def soft(self) -> QColor:
        return QColor(self.look.theme.text_soft)

    @cached_property
    def faint(self) -> QColor:
        return QColor(self.look.theme.text_faint)

    @cached_property
    def pressed(self) -> QColor:
        return QColor(self.look.theme.raised_hover)

    @cached_property
    def chosen(self) -> QColor:
        return QColor(self.look.theme.tones["accent"].soft)

    @cached_property
    def focus(self) -> QColor:
        return QColor(self.look.theme.focus)

    @cached_property
    def added_ink(self) -> QColor:
        return QColor(self.look.theme.tones["accent"].ink)

    @cached_property
    def sunken(self) -> QColor:
        return QColor(self.look.theme.sunken)

    @cached_property
    def done(self) -> QColor:
        return QColor(self.look.theme.tones["ok"].ink)

    @cached_property
    def voided(self) -> QColor:
        return QColor(self.look.theme.tones["danger"].ink)

    def tone(self, name: ToneName) -> Tone:
        return self.look.theme.tones[name]

    def band(self, level: AgeLevel) -> Tone:
        """The header's tone at an age."""
        tones: dict[AgeLevel, ToneName] = {"calm": "neutral", "warn": "warn", "late": "danger"}
        return self.tone(tones[level])
