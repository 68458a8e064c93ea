"""The program's own typeface, so that a bare machine shows what every other machine shows."""

from __future__ import annotations

import logging
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from kds.base.resources import resource_path

FAMILY = "Inter"
_FILES = ("Regular", "Medium", "SemiBold", "Bold", "ExtraBold")
log = logging.getLogger(__name__)


@cache
def register_fonts() -> tuple[str, ...]:
    """Make the shipped fonts known to Qt (once); the family names it answers with.

    A file that cannot be read is logged and Qt falls back to a font of the system.
    """
    families: dict[str, None] = {}
    for weight in _FILES:
        path = resource_path("fonts", f"Inter-{weight}.otf")
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            log.error("the font %s cannot be read", path)
            continue
        families.update(dict.fromkeys(QFontDatabase.applicationFontFamilies(number)))
    return tuple(families)


@cache
def _shared(pixels: int, weight: int) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    tag = QFont.Tag.fromString("tnum")  # digits of equal width: a clock that counts stands still
    if tag is not None:
        font.setFeature(tag, 1)
    return font


def make_font(pixels: int, weight: int = 400) -> QFont:
    """Inter with tabular digits. `pixels` is the real size, `weight` in CSS units."""
    return QFont(_shared(max(1, pixels), weight))
