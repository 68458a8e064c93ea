"""Sizes, fonts and colours of a ticket, worked out once for a look and a column width."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtGui import QColor, QFont

from kds.domain.tickets import AgeLevel
from kds.ui.kit.shapes import Shape
from kds.ui.theme import Look, Tone

MIN_COLUMN = 340  # token pixels
AGE_SHAPES: dict[AgeLevel, Shape] = {"calm": "ring", "warn": "half", "late": "triangle"}


class TicketStyle:
    """What `rows` and `paint` draw with. Distances in real pixels."""

    def __init__(self, look: Look, width: int) -> None:
        self.look, self.width = look, width
        px = look.px
        self.pad = px(14)
        self.gap = px(12)  # between tickets
        self.radius = px(look.theme.radius.m)
        self.gutter = px(46)  # where the quantities stand
        self.mark = px(26)  # state marks at the right edge
        self.row_pad = px(9)
        self.row_least = look.touch
        self.head_one, self.head_two, self.head_pad = px(44), px(30), px(7)
        self.head_again = px(52)
        self.strip = px(30)  # the rush strip
        self.more = px(32)  # "continues" under a part
        self.foot = px(4)
        self.ring = px(4)

    @property
    def header(self) -> int:
        return self.head_one + self.head_two + 2 * self.head_pad

    @property
    def text_left(self) -> int:
        return self.pad + self.gutter

    @property
    def text_width(self) -> int:
        """For names and what stands under them; the right edge is kept for state marks."""
        return self.width - self.text_left - self.mark - self.pad

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
    def allergen(self) -> QColor:
        return QColor(self.look.theme.tones["warn"].ink)

    @cached_property
    def note(self) -> QColor:
        return QColor(self.look.theme.tones["info"].ink)

    @cached_property
    def done(self) -> QColor:
        return QColor(self.look.theme.tones["ok"].ink)

    @cached_property
    def voided(self) -> QColor:
        return QColor(self.look.theme.tones["danger"].ink)

    def band(self, level: AgeLevel) -> Tone:
        """The header's tone at an age."""
        tones = self.look.theme.tones
        return {"calm": tones["neutral"], "warn": tones["warn"], "late": tones["danger"]}[level]
