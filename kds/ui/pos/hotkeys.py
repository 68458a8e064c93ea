"""The till's keys, as data: what each does and how it is called in the help. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Deed = Literal[
    "send",
    "find",
    "guest",
    "timing",
    "dine_in",
    "takeaway",
    "delivery",
    "next_course",
    "last_course",
    "more",
    "less",
    "undo",
    "clear",
]


@dataclass(frozen=True, slots=True)
class HotKey:
    """`keys` in Qt's portable text; the first is the one that the help shows."""

    deed: Deed
    keys: tuple[str, ...]
    says: str


HOT_KEYS = (
    HotKey("send", ("F12", "Ctrl+Return", "Ctrl+Enter"), "Send the order"),
    HotKey("find", ("Ctrl+F",), "Find an item: 2 haw l is two Hawaiian, large"),
    HotKey("guest", ("Ctrl+G",), "Table or name"),
    HotKey("timing", ("Ctrl+O",), "Courses, promised time, VIP"),
    HotKey("next_course", ("Ctrl+.",), "What follows is of the next course"),
    HotKey("last_course", ("Ctrl+,",), "Back to the course before"),
    HotKey("dine_in", ("Ctrl+D",), "Dine in"),
    HotKey("takeaway", ("Ctrl+T",), "Takeaway"),
    HotKey("delivery", ("Ctrl+L",), "Delivery"),
    HotKey("more", ("Ctrl++", "Ctrl+="), "One more of the last line"),
    HotKey("less", ("Ctrl+-",), "One less of the last line"),
    HotKey("undo", ("Ctrl+Z",), "Take the last change back"),
    HotKey("clear", ("Ctrl+Backspace",), "Empty the order"),
)


def key_of(deed: Deed) -> str:
    """The key that the screen shows beside a deed."""
    return next(hot.keys[0] for hot in HOT_KEYS if hot.deed == deed)


def category_key(index: int) -> str:
    """The key of the n-th category, from 0 to 8."""
    return f"Ctrl+{index + 1}"
