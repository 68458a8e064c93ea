"""A cook in front of a kitchen screen: presses, taps, and waits for what comes of it."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kds.domain.rows import Row
from kds.ui.kit.tasks import running
from kds.ui.kitchen import KitchenScreen
from kds.ui.kitchen.view import BoardView
from tests.support.qt import LocalSession


class KitchenDisplay:
    def __init__(self, screen: KitchenScreen, session: LocalSession) -> None:
        self.screen, self.session = screen, session
        self.board = screen.board

    def arrive(self, *rows: tuple[str, Row]) -> None:
        """Rows come from the server, and the next frame is drawn."""
        self.session.put(*rows)
        self.screen.tickets.flush()

    def leave(self, *order_ids: str) -> None:
        """Orders are archived, and the next frame is drawn."""
        for order_id in order_ids:
            self.session.drop(order_id)
        self.screen.tickets.flush()

    async def press(self, *keys: Qt.Key) -> None:
        """Press keys on whatever has the keyboard, and wait until every tap has taken effect."""
        for key in keys:
            QTest.keyClick(self.screen.window().focusWidget() or self.board, key)
            await self.settle()

    async def tap(self, widget: QWidget, point: QPoint | None = None) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=point or widget.rect().center())
        await self.settle()

    async def tap_header(self, order_id: str) -> None:
        await self.tap(self.board.viewport(), self.header_point(order_id))

    async def tap_line(self, order_id: str, line_id: str) -> None:
        await self.tap(self.board.viewport(), self.line_point(order_id, line_id))

    async def settle(self) -> None:
        while waiting := running():
            await asyncio.gather(*waiting)

    def header_point(self, order_id: str) -> QPoint:
        return header_point(self.board, order_id)

    def line_point(self, order_id: str, line_id: str) -> QPoint:
        return line_point(self.board, order_id, line_id)

    @property
    def shown(self) -> tuple[str, ...]:
        """The order ids on the page, in order."""
        return self.board.board.tickets_on(self.board.page)

    @property
    def selected(self) -> tuple[str, str] | None:
        here = self.board.here
        return None if here is None else (here.order_id, here.line_id)

    def states(self, order_id: str) -> list[str]:
        return [line["state"] for line in self.session.store.lines_of(order_id)]

    @property
    def acts(self) -> list[tuple[str, str, list[str]]]:
        """Every command so far: kind, order, lines."""
        return [
            (command.kind, command.args["order_id"], command.args["line_ids"])
            for command in self.session.commands
        ]


def header_point(view: BoardView, order_id: str) -> QPoint:
    """A point in the head of a ticket that is on the page."""
    box = next(iter(view.board.boxes_of(order_id, view.page)))
    return box.topLeft().toPoint() + QPoint(40, 20)


def line_point(view: BoardView, order_id: str, line_id: str) -> QPoint:
    """The middle of a line that is on the page."""
    board = view.board
    for segment in board.page(view.page):
        if segment.key != order_id:
            continue
        sheet = board.sheet(order_id)
        for number, box in sheet.row_boxes(segment, board.box(segment)):
            if sheet.rows[number].line_id == line_id:
                return box.center().toPoint()
    raise AssertionError(f"line {line_id} is not on this page")
