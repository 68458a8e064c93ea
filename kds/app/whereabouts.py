"""Where a person was on the screen, kept so that a window that died comes back to it.

A small file of its own, replaced with every change: a killed process loses nothing that it has
written, and what a power cut tears is not worth waiting for a disk.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

from PySide6.QtCore import QObject, QTimer

from kds.ui.kitchen.board import Hit
from kds.ui.kitchen.view import BoardView
from kds.ui.shell.window import MainWindow
from kds.ui.theme import DARK, look, look_changed

log = logging.getLogger(__name__)
ThemeName = Literal["", "dark", "light"]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`screen` is the name of a screen, `page` the board's, from 0; `order_id` and `line_id` are
    what is selected there. All as at the start when empty."""

    screen: str = ""
    page: int = 0
    order_id: str = ""
    line_id: str = ""
    theme: ThemeName = ""

    @classmethod
    def read(cls, path: Path) -> Whereabouts:
        """What was kept; the start when nothing was, or it cannot be read."""
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            found = cls(**kept)
        except (OSError, ValueError, TypeError):
            return cls()
        return found if found._is_sound() else cls()

    def _is_sound(self) -> bool:
        texts = (self.screen, self.order_id, self.line_id)
        right = all(isinstance(text, str) for text in texts)
        return right and type(self.page) is int and self.theme in get_args(ThemeName)

    def write(self, path: Path) -> None:
        """Keep it; a disk that is full is logged."""
        fresh = path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(asdict(self)), encoding="utf-8")
            os.replace(fresh, path)  # noqa: PTH105
        except OSError as error:
            log.warning("where the screen was is not kept: %s", error)
            with contextlib.suppress(OSError):
                fresh.unlink(missing_ok=True)


class Keeper(QObject):
    """Keeps where `window` is in `path`, from the first change on."""

    def __init__(self, window: MainWindow, path: Path) -> None:
        super().__init__(window)
        self._window, self._path = window, path
        self._board = window.screen_widget(0).findChild(BoardView)
        self._kept: Whereabouts | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)  # a turn of changes is written once
        self._soon.timeout.connect(self._keep)
        window.stack.currentChanged.connect(lambda _: self._soon.start())
        self.destroyed.connect(look_changed.connect(lambda _: self._soon.start()))
        if self._board is not None:
            self._board.settled.connect(self._soon.start)  # whatever moves there is painted

    def come_back(self) -> None:
        """Go to where the window was when it last changed; what is gone is passed over."""
        was = Whereabouts.read(self._path)
        if was.theme and (was.theme == "dark") != (look().theme is DARK):
            self._window.toggle_theme()
        self._window.show_where(was.screen)
        if self._board is None:
            return
        self._board.set_page(was.page)
        page = range(self._board.pages)
        hit = Hit(was.order_id, was.line_id)
        if any(self._board.board.part_of(hit, number) for number in page):
            self._board.choose(hit)

    def _keep(self) -> None:
        board = self._board
        here = board.here if board is not None else None
        now = Whereabouts(
            self._window.current.where,
            board.page if board is not None else 0,
            here.order_id if here else "",
            here.line_id if here else "",
            look().theme.name,
        )
        if now != self._kept:
            self._kept = now
            now.write(self._path)
