"""How the program looks: tokens, two themes, the typeface and the stylesheet."""

from kds.ui.theme.look import Look, apply_theme, look, look_changed
from kds.ui.theme.palettes import DARK, LIGHT, THEMES
from kds.ui.theme.scale import ui_scale
from kds.ui.theme.tokens import TextRole, TextStyle, Theme, Tone, ToneName

__all__ = [
    "DARK",
    "LIGHT",
    "THEMES",
    "Look",
    "TextRole",
    "TextStyle",
    "Theme",
    "Tone",
    "ToneName",
    "apply_theme",
    "look",
    "look_changed",
    "ui_scale",
]
