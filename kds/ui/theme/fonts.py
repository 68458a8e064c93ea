"""The program's own typefaces, so that a bare machine shows what every other machine shows.

Inter for Latin, Greek and Cyrillic; Noto for Hebrew, Arabic and emoji, which Inter does not have.
Emoji are drawn in the ink of the text around them, so they stand out from every ground.
"""

from __future__ import annotations

import logging
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from kds.base.resources import resource_path
from kds.ui.theme.tokens import EMOJI_FAMILY, FAMILIES

_FILES = (
    *(f"Inter-{weight}.otf" for weight in ("Regular", "Medium", "SemiBold", "Bold", "ExtraBold")),
    *(f"NotoSansHebrew-{weight}.ttf" for weight in ("Regular", "Bold")),
    *(f"NotoSansArabic-{weight}.ttf" for weight in ("Regular", "Bold")),
    "NotoEmoji-Bold.ttf",
)
log = logging.getLogger(__name__)


@cache
def register_fonts() -> tuple[str, ...]:
    """Make the shipped fonts known to Qt (once); the family names it answers with.

    A file that cannot be read is logged and Qt falls back to a font of the system.
    """
    families: dict[str, None] = {}
    for name in _FILES:
        path = resource_path("fonts", name)
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            log.error("the font %s cannot be read", path)
            continue
        families.update(dict.fromkeys(QFontDatabase.applicationFontFamilies(number)))
    QFontDatabase.addApplicationEmojiFontFamily(EMOJI_FAMILY)  # also where the system has its own
    return tuple(families)


@cache
def _shared(pixels: int, weight: int) -> QFont:
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    tag = QFont.Tag.fromString("tnum")  # digits of equal width: a clock that counts stands still
    if tag is not None:
        font.setFeature(tag, 1)
    return font


def make_font(pixels: int, weight: int = 400) -> QFont:
    """The typeface with tabular digits. `pixels` is the real size, `weight` in CSS units."""
    return QFont(_shared(max(1, pixels), weight))
