"""Design tokens: what every colour, distance and text size is called. Pure values, no Qt.

The look is a kitchen's own materials: warm charcoal by night, paper by day, and one accent, the
verdigris of old copper. Amber and vermilion are kept for time running out, so that they still
mean something when they appear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ToneName = Literal["neutral", "accent", "ok", "warn", "danger", "info"]


@dataclass(frozen=True, slots=True)
class Tone:
    """One meaning in four colours (`#rrggbb`).

    `solid` is a filled band with `on_solid` written on it (at least 7:1); `soft` is a quiet
    background with `ink` written on it; `ink` also reads on every surface (at least 4.5:1).
    """

    solid: str
    on_solid: str
    soft: str
    ink: str


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances in pixels at scale 1."""

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741
    xl: int = 24
    touch: int = 56  # the least height of anything a finger must hit


@dataclass(frozen=True, slots=True)
class Radii:
    """Corner radii in pixels at scale 1."""

    s: int = 6
    m: int = 10
    l: int = 16  # noqa: E741


EMOJI_FAMILY = "Noto Emoji"
FAMILIES = ("Inter", "Noto Sans Hebrew", "Noto Sans Arabic", EMOJI_FAMILY)
"""The typeface, then those that write what it cannot: the next one is asked glyph by glyph."""

TextRole = Literal["caption", "body", "label", "title", "heading", "display", "figure"]


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Size in pixels at scale 1, and weight in CSS units (400 regular, 700 bold)."""

    size: int
    weight: int


TEXT: Mapping[TextRole, TextStyle] = {
    "caption": TextStyle(15, 500),
    "body": TextStyle(17, 400),
    "label": TextStyle(17, 600),
    "title": TextStyle(21, 700),
    "heading": TextStyle(28, 700),
    "figure": TextStyle(28, 700),  # money and counts that stand alone
    "display": TextStyle(44, 800),
}


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything a screen may draw with. Colours are `#rrggbb`.

    From back to front: `ground` (the window), `surface` (cards, tickets, bars), `raised` (what
    lies on a card: buttons, fields), `sunken` (wells and tracks). `line` divides, `focus` rings.
    """

    name: Literal["dark", "light"]
    ground: str
    surface: str
    raised: str
    raised_hover: str
    sunken: str
    line: str
    text: str
    text_soft: str
    text_faint: str
    focus: str
    scrim: str
    tones: Mapping[ToneName, Tone]
    space: Spacing = Spacing()
    radius: Radii = Radii()
    text_styles: Mapping[TextRole, TextStyle] = field(default_factory=lambda: TEXT)

    @property
    def accent(self) -> str:
        """The accent as ink: readable on every surface."""
        return self.tones["accent"].ink
