"""What the keys of a bump bar mean."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt

Key = Qt.Key

KEYS: Mapping[int, str] = {
    **{int(Key.Key_0) + number: f"bump {number}" for number in range(1, 10)},
    Key.Key_0: "recall last",
    Key.Key_R: "recall list",
    Key.Key_U: "undo",
    Key.Key_Backspace: "undo",
    Key.Key_Up: "up",
    Key.Key_Down: "down",
    Key.Key_Left: "left",
    Key.Key_Right: "right",
    Key.Key_Return: "act",
    Key.Key_Enter: "act",
    Key.Key_Space: "act",
    Key.Key_PageDown: "next page",
    Key.Key_PageUp: "previous page",
    Key.Key_Home: "first page",
    Key.Key_End: "last page",
    Key.Key_Escape: "let go",
}
"""Qt key -> what it does on the board. Key pads send the same codes."""
