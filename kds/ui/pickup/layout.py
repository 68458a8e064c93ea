"""How large numbers are on the guests' board. Pure: as large as they all fit, else pages."""

from __future__ import annotations

from dataclasses import dataclass

STEP = 0.92


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one size, row by row; `pages` of them when not all fit at a readable size."""

    columns: int
    rows: int
    cell: int  # height in pixels
    pages: int

    @property
    def on_page(self) -> int:
        return self.columns * self.rows


def fit(count: int, width: int, height: int, *, most: int, least: int, ratio: float) -> Grid:
    """Room for `count` cells in `width` x `height` pixels.

    Cells are `ratio` times as wide as high, at most `most` and at least `least` high (pixels).
    """
    cell = float(most)
    while cell > least and _cells(width, height, cell, ratio)[2] < count:
        cell *= STEP
    columns, rows, room = _cells(width, height, max(cell, least), ratio)
    return Grid(columns, rows, int(max(cell, least)), max(1, -(-count // room)))


def _cells(width: int, height: int, cell: float, ratio: float) -> tuple[int, int, int]:
    columns, rows = max(1, int(width // (cell * ratio))), max(1, int(height // cell))
    return columns, rows, columns * rows
