"""The two themes. Contrast is checked by `tests/unit/ui/test_theme_contrast.py`."""

from __future__ import annotations

from kds.ui.theme.tokens import Theme, Tone

DARK = Theme(
    name="dark",
    ground="#15120F",
    surface="#211C18",
    raised="#2E2823",
    raised_hover="#3A332D",
    sunken="#0F0C0A",
    line="#3D362F",
    text="#F8F2E8",
    text_soft="#D6CCBE",
    text_faint="#B4A899",
    focus="#7FD9C0",
    scrim="#0A0806",
    tones={
        "neutral": Tone("#3A332D", "#F8F2E8", "#332C26", "#CFC4B5"),
        "accent": Tone("#6FCFB4", "#0C1E19", "#1D3730", "#7FD9C0"),
        "ok": Tone("#8CCB6B", "#101D0A", "#263618", "#9BD67C"),
        "warn": Tone("#F4BC4E", "#231703", "#42310F", "#F7C767"),
        "danger": Tone("#FF7A5C", "#1C0500", "#4A1D15", "#FF9C88"),
        "info": Tone("#8FBBEF", "#081A2F", "#1D3048", "#A5C9F4"),
    },
)
"""Warm charcoal: the kitchen's default."""

LIGHT = Theme(
    name="light",
    ground="#F1EBDF",
    surface="#FFFCF5",
    raised="#F6F0E4",
    raised_hover="#EBE3D3",
    sunken="#E6DECF",
    line="#D6CCBA",
    text="#221C16",
    text_soft="#463D33",
    text_faint="#5A5046",
    focus="#0C5C4B",
    scrim="#3A332A",
    tones={
        "neutral": Tone("#DED5C5", "#221C16", "#E9E1D2", "#4F463C"),
        "accent": Tone("#0C5C4B", "#FFFFFF", "#D3E9E1", "#0A5545"),
        "ok": Tone("#2F5E16", "#FFFFFF", "#DFEBD3", "#2F5E16"),
        "warn": Tone("#F3B73F", "#241803", "#FBE6B8", "#704700"),
        "danger": Tone("#96190F", "#FFFFFF", "#FBDCD5", "#96190F"),
        "info": Tone("#1C4B85", "#FFFFFF", "#D9E5F3", "#194379"),
    },
)
"""Paper: the till's default."""

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}
