"""A window under observation: questions on stdin, events and answers on stdout, JSON a line.

Used by `kds demo`, by the system tests, the benchmarks and the soak to see what a real window
shows, how long it cannot answer, and what it holds.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex
from PySide6.QtWidgets import QWidget

from kds.app.painted import Painted
from kds.app.processes import say
from kds.app.vitals import Stalls, counts
from kds.session.session import Session
from kds.session.status import Status
from kds.ui.kit.tasks import spawn
from kds.ui.kitchen.screen import KitchenScreen


class Probe:
    """Reports `ready`, `status` and (with a board) `row` and `painted` events.

    Answers `screenshot`, `report`, `counts`, and `stalls` since `watch stalls`. After `hush` it
    reports no status any more: fifty of them a second would be a good part of what is measured.
    """

    def __init__(self, session: Session, window: QWidget, quit_app: Callable[[], None]) -> None:
        self._session = session
        self._window = window
        self._quit = quit_app
        self._loop = asyncio.get_running_loop()
        self._stalls = Stalls(window)
        self._hush = session.status_changed.connect(self._on_status)
        threading.Thread(target=self._read, name="probe", daemon=True).start()

    def watch(self, screen: KitchenScreen) -> None:
        """Report every ticket with the monotonic second of its row, and of its painting."""
        self._watch_rows(screen.tickets, lambda row: screen.tickets.at(row).order_id)
        Painted(screen.board, lambda order_id, at: say(event="painted", order_id=order_id, at=at))

    def _watch_rows(self, model: QAbstractItemModel, key_of: Callable[[int], str]) -> None:
        def inserted(_: QModelIndex, first: int, last: int) -> None:
            at = time.monotonic()
            for row in range(first, last + 1):
                say(event="row", order_id=key_of(row), at=at)

        model.rowsInserted.connect(inserted)

    def ready(self) -> None:
        """Say that the window is up, and in which process."""
        say(event="ready", pid=os.getpid())

    def _on_status(self, status: Status) -> None:
        say(event="status", text=describe(status))

    def _read(self) -> None:
        for line in sys.stdin:
            question = json.loads(line)
            self._loop.call_soon_threadsafe(self._take, question)
        self._loop.call_soon_threadsafe(self._quit)  # whoever watched is gone

    def _take(self, question: dict[str, Any]) -> None:
        spawn(self._answer(question), f"probe {question['do']}")

    async def _answer(self, question: dict[str, Any]) -> None:
        match question["do"]:
            case "screenshot":
                say(answer={"saved": self._window.grab().save(question["path"])})
            case "report":
                equal = await self._session.audit()
                say(answer={"orders": self._orders(), "checksum_equal": equal})
            case "counts":
                say(answer=counts())
            case "hush":
                self._hush()
                say(answer={})
            case "watch stalls":
                self._stalls.start()
                say(answer={})
            case "stalls":
                say(answer=self._stalls.stop())
            case unknown:
                say(answer={"error": f"{unknown!r} is not known"})

    def _orders(self) -> dict[str, dict[str, Any]]:
        store = self._session.store
        return {
            order_id: {
                "number": order["number"],
                "pieces": sum(line["qty"] for line in store.lines_of(order_id)),
            }
            for order_id, order in store.rows("orders").items()
        }


def describe(status: Status) -> str:
    """`connected, complete to #41, 0 waiting`."""
    complete = "nothing yet" if status.complete_to is None else f"complete to #{status.complete_to}"
    return ", ".join(
        filter(None, (status.link, complete, f"{status.waiting} waiting", status.problem))
    )
