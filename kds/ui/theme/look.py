"""The look in force: a theme at a scale. One per application, like Qt's own palette.

Stylesheets reach most widgets by themselves. A widget that paints by hand reads `look()` in its
paint event and repaints on `look_changed`.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from kds.base.events import Event
from kds.ui.theme.fonts import make_font, register_fonts
from kds.ui.theme.palettes import DARK
from kds.ui.theme.stylesheet import stylesheet
from kds.ui.theme.tokens import TextRole, Theme


@dataclass(frozen=True, slots=True)
class Look:
    """A theme at a scale (1.0 at 1920x1080, see `ui_scale`)."""

    theme: Theme
    scale: float = 1.0

    def px(self, size: float) -> int:
        """A distance of the tokens in real pixels, at least 1 unless it is 0."""
        return max(1, round(size * self.scale)) if size else 0

    @property
    def touch(self) -> int:
        """The least height of what a finger must hit: a small screen has no smaller fingers."""
        return max(self.theme.space.touch, self.px(self.theme.space.touch))

    def font(self, role: TextRole) -> QFont:
        """The font of a text role, with tabular digits."""
        style = self.theme.text_styles[role]
        return make_font(self.px(style.size), style.weight)

    def font_of(self, size: float, weight: int = 400) -> QFont:
        """A font of `size` token pixels, for the few places outside the type scale."""
        return make_font(self.px(size), weight)


look_changed: Event[Look] = Event()
_current = Look(DARK)


def look() -> Look:
    """The look in force."""
    return _current


def apply_theme(app: QApplication, theme: Theme, scale: float = 1.0) -> None:
    """Dress the application: font, palette and the one stylesheet, then tell `look_changed`.

    Calling it again with the look already in force does nothing.
    """
    global _current
    wanted = Look(theme, scale)
    if wanted == _current and app.styleSheet():
        return
    _current = wanted
    register_fonts()
    app.setStyle("Fusion")
    app.setFont(wanted.font("body"))
    app.setPalette(_palette(theme))
    app.setStyleSheet(stylesheet(theme, wanted.px, wanted.touch))
    look_changed.emit(wanted)


def _palette(theme: Theme) -> QPalette:
    """For the few things Qt draws without asking the stylesheet."""
    role = QPalette.ColorRole
    accent = theme.tones["accent"]
    colours = {
        role.Window: theme.ground,
        role.Base: theme.raised,
        role.AlternateBase: theme.surface,
        role.Button: theme.raised,
        role.ToolTipBase: theme.raised,
        role.WindowText: theme.text,
        role.Text: theme.text,
        role.ButtonText: theme.text,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.text_faint,
        role.Highlight: accent.solid,
        role.HighlightedText: accent.on_solid,
        role.Link: accent.ink,
        role.Mid: theme.line,
    }
    palette = QPalette()
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, name, QColor(theme.text_faint))
    return palette
