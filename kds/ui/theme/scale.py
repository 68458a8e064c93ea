"""How large things are on a given screen. Pure."""

from __future__ import annotations

BASE_WIDTH, BASE_HEIGHT = 1920, 1080
_LEAST, _MOST = 0.7, 3.0
_SHRINK = 0.62  # a small screen is read from nearer: text shrinks less than the screen does


def ui_scale(width: int, height: int) -> float:
    """The factor on every size of the tokens for a screen of `width` x `height` logical pixels.

    1.0 at 1920x1080, 2.0 at 3840x2160 (same panel, more pixels, device pixel ratio 1), 0.78 at
    1280x720. Rounded to 0.01, so that a window dragged by a pixel does not restyle everything.
    """
    ratio = min(width / BASE_WIDTH, height / BASE_HEIGHT)
    factor = ratio if ratio >= 1 else ratio**_SHRINK
    return round(min(_MOST, max(_LEAST, factor)), 2)
