"""Icons take the theme's colour; what a screen starts is kept and its errors are told."""

from __future__ import annotations

import asyncio
import logging

import pytest
from PySide6.QtGui import QFontMetricsF

from kds.base.resources import resource_path
from kds.ui.kit import icon, pixmap, spawn
from kds.ui.kit.tasks import running
from kds.ui.theme.fonts import make_font, register_fonts
from kds.ui.theme.tokens import FAMILIES

ICONS = sorted(path.stem for path in resource_path("icons").glob("*.svg"))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_drawn_in_its_colour_alone(name: str) -> None:
    image = pixmap(name, "#ff8a73", 48).toImage()
    colors = [image.pixelColor(x, y) for x in range(48) for y in range(48)]
    inked = [color for color in colors if color.alpha() > 250]
    assert inked
    for color in inked:
        assert (color.red(), color.green(), color.blue()) == pytest.approx((255, 138, 115), abs=2)


@pytest.mark.usefixtures("qapp")
def test_an_icon_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon", "#000000")


@pytest.mark.usefixtures("qapp")
def test_the_shipped_typeface_is_used_and_its_digits_are_equally_wide() -> None:
    assert set(FAMILIES) <= set(register_fonts())
    metrics = QFontMetricsF(make_font(40, 700))
    widths = [metrics.horizontalAdvance(digit) for digit in "0123456789"]
    assert max(widths) - min(widths) < 0.1


async def test_what_was_started_is_kept_until_it_is_done() -> None:
    gate = asyncio.Event()
    task = spawn(gate.wait(), "a tap")
    assert task in running()
    gate.set()
    await task
    assert task not in running()


async def test_what_fails_is_logged_with_its_name(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("no")

    task = spawn(fail(), "bump A-017")
    await asyncio.wait([task])
    await asyncio.sleep(0)
    assert [(r.levelno, r.getMessage()) for r in caplog.records] == [
        (logging.ERROR, "bump A-017 failed")
    ]
