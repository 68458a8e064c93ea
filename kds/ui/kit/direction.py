"""Words that keep their own direction on a screen that is read from the other side. Pure."""

from __future__ import annotations

_FIRST_STRONG, _POP = "\u2068", "\u2069"  # Unicode's isolates


def isolated(text: str) -> str:
    """`text` to be painted in the direction of its own first letter, line by line: "1 Caesar, 3
    Fries" begins with its count on a right-to-left screen too. Nobody sees the marks, and they
    take no room.
    """
    return "\n".join(f"{_FIRST_STRONG}{line}{_POP}" for line in text.split("\n"))
