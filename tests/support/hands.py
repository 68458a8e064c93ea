"""How a cook works a kitchen screen: by keys alone, or by touch alone. Both do the same."""

from __future__ import annotations

import asyncio
from typing import Protocol

from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from kds.ui.kitchen import KitchenScreen
from kds.ui.kitchen.choices import QUESTIONS
from tests.support.kitchen_display import header_point, line_point
from tests.support.shift import settle

Key = Qt.Key
PATIENCE_S = 10.0
MANY = 60
"""More presses than any way across the board takes."""


class Hands(Protocol):
    """Line "" is the ticket as a whole. Each returns when the tap has taken effect here."""

    async def start(self, order_id: str) -> None: ...
    async def bump(self, order_id: str, line_id: str = "") -> None: ...
    async def undo(self) -> None: ...
    async def recall(self, search: str) -> None: ...
    async def acknowledge(self, order_id: str) -> None: ...
    async def rush(self, order_id: str) -> None: ...
    async def choose(self, order_id: str, line_id: str, act: str, words: str) -> None:
        """Something of the ticket's sheet: its act, and how it is called there."""

    async def ask(self, order_id: str, question: str) -> None: ...
    async def turn_page(self, *, forward: bool) -> None: ...
    async def all_day(self) -> None: ...
    async def set_text(self, words: str) -> None:
        """Another size of text, in the settings."""


class KeyHands:
    """Keys of a bump bar, as they come by default."""

    def __init__(self, screen: KitchenScreen) -> None:
        self._screen, self._board = screen, screen.board

    async def press(self, *keys: Qt.Key | str) -> None:
        for key in keys:
            QTest.keyClick(self._screen.window().focusWidget() or self._board, key)
            await settle()
            self._screen.tickets.flush()

    async def start(self, order_id: str) -> None:
        await self._walk(order_id)
        await self.press(Key.Key_S)

    async def bump(self, order_id: str, line_id: str = "") -> None:
        if line_id:
            await self._walk(order_id, line_id)
            await self.press(Key.Key_Return)
        else:
            number = self._board.board.tickets_on(self._board.page).index(order_id) + 1
            await self.press(Key(Key.Key_0 + number))

    async def undo(self) -> None:
        await self.press(Key.Key_U)

    async def recall(self, search: str) -> None:
        await self.press(Key.Key_R, *search, Key.Key_Return)

    async def acknowledge(self, order_id: str) -> None:
        await self._walk(order_id)
        await self.press(Key.Key_C)

    async def rush(self, order_id: str) -> None:
        await self._walk(order_id)
        await self.press(Key.Key_X)

    async def choose(self, order_id: str, line_id: str, act: str, words: str) -> None:
        keys = {"hold": Key.Key_H, "fire": Key.Key_F, "86": Key.Key_O}
        await self._walk(order_id, line_id)
        await self.press(keys[act])
        sheet = self._screen.work.ticket
        if sheet.isVisible():  # the key could mean several things
            number = [one.words for one in sheet.acts.buttons].index(words) + 1
            await self.press(Key(Key.Key_0 + number))

    async def ask(self, order_id: str, question: str) -> None:
        number = [one.text for one in QUESTIONS].index(question) + 1
        await self._walk(order_id)
        await self.press(Key.Key_Q, Key(Key.Key_0 + number))

    async def turn_page(self, *, forward: bool) -> None:
        await self.press(Key.Key_PageDown if forward else Key.Key_PageUp)

    async def all_day(self) -> None:
        await self.press(Key.Key_A)

    async def set_text(self, words: str) -> None:
        await self.press(Key.Key_Comma, Key.Key_Down)
        for _ in range(MANY):
            here = self._screen.window().focusWidget()
            assert isinstance(here, QAbstractButton)
            if here.text() == words:
                break
            await self.press(Key.Key_Right)
        await self.press(Key.Key_Escape)

    async def _walk(self, order_id: str, line_id: str = "") -> None:
        """With the arrows, from nowhere."""
        await self.press(Key.Key_Escape, Key.Key_Home, Key.Key_Right)
        for arrow, there in (
            (Key.Key_Right, lambda here: here.order_id == order_id),
            (Key.Key_Down, lambda here: here.line_id == line_id),
        ):
            for _ in range(MANY):
                if there(self._board.here):
                    break
                await self.press(arrow)
        assert self._board.here is not None
        assert (self._board.here.order_id, self._board.here.line_id) == (order_id, line_id)


class TouchHands:
    """A finger on what can be seen, as the screen's driver reports it."""

    def __init__(self, screen: KitchenScreen, device: QPointingDevice) -> None:
        self._screen, self._board, self._device = screen, screen.board, device

    async def tap(self, widget: QWidget, point: QPoint | None = None) -> None:
        where = self._where(widget, point)
        await self._touch("press", where)
        await self._touch("release", where)
        await settle()
        self._screen.tickets.flush()

    async def start(self, order_id: str) -> None:
        await self._from_sheet(order_id, "", "Start all")

    async def bump(self, order_id: str, line_id: str = "") -> None:
        await self.tap(self._board.viewport(), self._point(order_id, line_id))

    async def undo(self) -> None:
        await self._button(self._screen.toast, "Undo")

    async def recall(self, search: str) -> None:
        sheet = self._screen.work.recall
        await self._button(self._screen.bar, "Recall")
        await self._button(sheet, "Keyboard")
        for letter in search:
            await self._button(sheet.pad, letter)
        await self.tap(sheet.rows[0])

    async def acknowledge(self, order_id: str) -> None:
        ticket = self._screen.tickets.item(order_id)
        assert ticket is not None
        for line in ticket.lines:
            if line.flag:
                await self.bump(order_id, line.id)

    async def rush(self, order_id: str) -> None:
        await self._from_sheet(order_id, "", "Rush")

    async def choose(self, order_id: str, line_id: str, act: str, words: str) -> None:
        await self._from_sheet(order_id, line_id, words)

    async def ask(self, order_id: str, question: str) -> None:
        await self._from_sheet(order_id, "", "Ask front of house")
        sheet = self._screen.work.ask
        found = [one for one in sheet.questions.buttons if one.words.startswith(question)]
        await self.tap(found[0])

    async def turn_page(self, *, forward: bool) -> None:
        await self._button(self._screen.bar, "Next page" if forward else "Previous page")

    async def all_day(self) -> None:
        await self._button(self._screen.bar, "All day")

    async def set_text(self, words: str) -> None:
        await self._button(self._screen.bar, "Settings of this screen")
        await self._button(self._screen.work.settings.text, words)
        await self._button(self._screen.work.settings, "Close")

    async def _from_sheet(self, order_id: str, line_id: str, words: str) -> None:
        """A long press, then a button of the ticket's sheet."""
        viewport = self._board.viewport()
        where = self._where(viewport, self._point(order_id, line_id))
        held = asyncio.create_task(heard(self._board.held))
        await self._touch("press", where)
        await held
        await self._touch("release", where)
        await self._button(self._screen.work.ticket, words)

    async def _button(self, part: QWidget, words: str) -> None:
        every = part.findChildren(QAbstractButton)
        found = [one for one in every if words in (one.accessibleName(), one.text())]
        visible = [one for one in found if one.isVisible() and one.isEnabled()]
        assert visible, f"no {words!r} among {[one.text() for one in every]}"
        await self.tap(visible[0])

    def _point(self, order_id: str, line_id: str) -> QPoint:
        return line_point(self._board, order_id, line_id) if line_id else header_point(
            self._board, order_id
        )  # fmt: skip

    def _where(self, widget: QWidget, point: QPoint | None) -> QPoint:
        """On the window; a finger cannot press what is scrolled away or covered."""
        point = point or widget.rect().center()
        there = widget.mapTo(widget.window(), point)
        under = widget.window().childAt(there)
        assert under is not None, f"{widget} is outside the window"
        assert under is widget or widget.isAncestorOf(under), f"{widget} lies under {under}"
        return there

    async def _touch(self, how: str, where: QPoint) -> None:
        """Outside of any task: Qt delivers a touch by turning the loop, where tasks go on."""

        def touch() -> None:
            event = QTest.touchEvent(self._screen.window().windowHandle(), self._device, False)
            getattr(event, how)(0, where).commit()
            done.set()

        done = asyncio.Event()
        asyncio.get_running_loop().call_soon(touch)
        await done.wait()


async def heard(signal: SignalInstance) -> None:
    """Wait for a signal of Qt."""
    told = asyncio.Event()
    connection = signal.connect(lambda *_: told.set())
    try:
        await asyncio.wait_for(told.wait(), PATIENCE_S)
    finally:
        signal.disconnect(connection)
