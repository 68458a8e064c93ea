"""Both themes can be read: 7:1 for what stands on tickets, 4.5:1 everywhere else."""

from __future__ import annotations

import re

import pytest

from kds.ui.theme.palettes import DARK, LIGHT
from kds.ui.theme.scale import ui_scale
from kds.ui.theme.stylesheet import stylesheet
from kds.ui.theme.tokens import Theme

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)


def luminance(color: str) -> float:
    """Relative luminance as in WCAG 2.1."""
    parts = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@THEMES
@pytest.mark.parametrize("ink", ["text", "text_soft", "text_faint"])
def test_ticket_text_stands_out_from_the_ticket(theme: Theme, ink: str) -> None:
    assert contrast(getattr(theme, ink), theme.surface) >= 7


@THEMES
@pytest.mark.parametrize("tone", ["accent", "ok", "warn", "danger", "info"])
def test_marks_on_a_ticket_stand_out_from_it(theme: Theme, tone: str) -> None:
    assert contrast(theme.tones[tone].ink, theme.surface) >= 7


@THEMES
def test_text_on_every_band_stands_out(theme: Theme) -> None:
    for tone in theme.tones.values():
        assert contrast(tone.on_solid, tone.solid) >= 7


@THEMES
def test_a_note_and_a_selected_line_can_be_read(theme: Theme) -> None:
    accent, info = theme.tones["accent"], theme.tones["info"]
    assert contrast(info.ink, info.soft) >= 7
    assert contrast(theme.text, accent.soft) >= 7


@THEMES
def test_a_changed_line_and_one_that_waits_can_be_read(theme: Theme) -> None:
    for tone in ("accent", "warn", "danger"):
        assert contrast(theme.text, theme.tones[tone].soft) >= 7
        assert contrast(theme.tones["info"].ink, theme.tones[tone].soft) >= 7  # its note
    assert contrast(theme.text_soft, theme.sunken) >= 7


@THEMES
@pytest.mark.parametrize("ground", ["ground", "surface", "raised", "raised_hover", "sunken"])
def test_every_ink_reads_on_every_surface(theme: Theme, ground: str) -> None:
    under = getattr(theme, ground)
    inks = [theme.text, theme.text_soft, theme.text_faint]
    assert min(contrast(ink, under) for ink in inks) >= 4.5
    if ground != "sunken":
        assert min(contrast(tone.ink, under) for tone in theme.tones.values()) >= 4.5


@THEMES
def test_pills_can_be_read(theme: Theme) -> None:
    for tone in theme.tones.values():
        assert contrast(tone.ink, tone.soft) >= 4.5


@THEMES
def test_the_focus_ring_stands_out_from_what_it_surrounds(theme: Theme) -> None:
    for ground in (theme.ground, theme.surface, theme.raised):
        assert contrast(theme.focus, ground) >= 3


def test_the_scale_is_one_on_a_full_hd_screen_and_two_on_the_same_panel_in_4k() -> None:
    assert ui_scale(1920, 1080) == 1.0
    assert ui_scale(3840, 2160) == 2.0


def test_a_small_screen_gets_smaller_text_but_less_so_than_the_screen() -> None:
    assert 0.667 < ui_scale(1280, 720) < 1
    assert ui_scale(320, 200) == 0.7


def test_a_pixel_more_changes_nothing() -> None:
    assert ui_scale(1920, 1080) == ui_scale(1921, 1081)


@THEMES
def test_the_stylesheet_scales_every_size_and_uses_no_colour_of_its_own(theme: Theme) -> None:
    sheet = stylesheet(theme, lambda size: round(size * 2), 112)
    known = set(_colours(theme))
    assert set(re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)) <= known
    assert "font-size: 34px" in sheet


def _colours(theme: Theme) -> list[str]:
    own = [getattr(theme, name) for name in theme.__slots__]
    tones = [getattr(tone, n) for tone in theme.tones.values() for n in tone.__slots__]
    return [colour for colour in (*own, *tones) if isinstance(colour, str)]
