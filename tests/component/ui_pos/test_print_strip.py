"""A ticket that is not on paper is said on the screen."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from kds.app.config import Profile
from kds.app.paper import Reprint, open_printer
from kds.base.clock import SystemClock
from kds.base.events import until
from kds.printing import Job, Printer, PrintError
from kds.ui.notices.print_strip import PrintStrip
from tests.component.ui_pos.test_till import tap
from tests.support.pos import Desk


class Paper:
    """A device without paper until it is given some."""

    def __init__(self) -> None:
        self.has_paper = threading.Event()
        self.jobs: list[bytes] = []

    def send(self, job: bytes, limit_s: float) -> None:
        if not self.has_paper.is_set():
            raise PrintError("there is no paper.")
        self.jobs.append(job)


async def test_what_was_not_printed_is_said_until_it_is(qtbot: QtBot) -> None:
    device = Paper()
    printer = Printer(device, SystemClock())
    strip = PrintStrip(printer)
    qtbot.addWidget(strip)
    assert strip.text == ""
    printer.print(Job("1", "A-017", ()))
    printer.print(Job("2", "A-018", ()))
    await until(printer.changed, lambda: len(printer.troubles) == 2)
    assert strip.text == "A-017 is not on paper: there is no paper. 1 more too."
    device.has_paper.set()
    tap(strip.again)
    await until(printer.printed, lambda: bool(device.jobs))
    assert strip.text == "A-018 is not on paper: there is no paper."
    tap(strip.let_go)
    assert (strip.text, len(device.jobs)) == ("", 1)
    printer.stop()


async def test_a_second_tap_while_it_is_printed_adds_no_paper() -> None:
    device = Paper()
    device.has_paper.set()
    printer = Printer(device, SystemClock())
    done: list[Job] = []
    printer.printed.connect(done.append)
    for _ in range(3):
        printer.print(Job("1", "A-017", ()))
    printer.print(Job("2", "A-018", ()))
    await until(printer.printed, lambda: len(done) == 2)
    assert [job.name for job in done] == ["A-017", "A-018"]
    printer.stop()


async def test_an_order_is_printed_again_by_its_id(tmp_path: Path) -> None:
    facts: dict[str, Any] = {"url": "http://127.0.0.1:1", "key": "k", "role": "pos"}
    path = tmp_path / "paper"
    desk = Desk()
    printer = open_printer(Profile(**facts, printer=f"file:{path}"))
    assert printer is not None
    done: list[Job] = []
    printer.printed.connect(done.append)
    reprint = Reprint(desk, printer)  # type: ignore[arg-type]
    reprint("nobody's")
    reprint(desk.order("A-017", table_name="12"))
    await asyncio.wait_for(until(printer.printed, lambda: bool(done)), 30)
    paper = path.read_bytes()
    assert paper.count(b"REPRINT") == 2
    assert b"Table 12" in paper
    assert b"1x Hawaiian M" in paper
    printer.stop()


def test_a_profile_without_a_printer_has_none() -> None:
    assert open_printer(Profile(url="http://127.0.0.1:1", key="k", role="pos")) is None
