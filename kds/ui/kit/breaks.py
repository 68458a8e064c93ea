"""Where words are broken that do not fit on one line. Pure."""

from __future__ import annotations

from collections.abc import Callable

Fits = Callable[[str], bool]


def two_lines(text: str, fits: Fits) -> tuple[str, ...]:
    """`text` in one line, or in two: at the last space where the first line fits, else in a word
    that fits on no line. The second line may be too long still.
    """
    if fits(text):
        return (text,)
    ends = [at for at, letter in enumerate(text) if letter == " " and fits(text[:at])]
    end = ends[-1] if ends else 0
    word = text[end:].split()[0]
    if fits(word):
        return (text[:end], text[end + 1 :]) if end else (text,)
    cuts = [at for at in range(end + 2, len(text)) if fits(f"{text[:at]}-")]
    return (f"{text[: cuts[-1]]}-", text[cuts[-1] :]) if cuts else (text,)
