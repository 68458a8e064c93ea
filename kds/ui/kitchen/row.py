"""What a row of a ticket is to those who lay tickets out and paint them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime

from PySide6.QtCore import QRectF

from kds.ui.kitchen.canvas import Canvas


class Row(ABC):
    """One row. `line_id` is the line a tap on it means, "" for none; with `whole` a tap means the
    ticket. `glued` as in `layout`.

    `begins`: until then it is not to be made; the row counts down, and looks the part.
    """

    line_id = ""
    whole = False
    glued = False
    height = 0
    begins: datetime | None = None

    @abstractmethod
    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        """Paint it into `box` (its own height, the ticket's width). `waiting`: for `begins`."""

    def draw_wait(self, canvas: Canvas, box: QRectF, text: str) -> None:
        """Paint the time until it begins, over `draw`; only for a row that has a beginning."""
        raise NotImplementedError
