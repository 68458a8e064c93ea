"""Printing to a real listener and to a real file, and what a person is told when it fails."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from kds.base.clock import ManualClock, SystemClock
from kds.base.events import Event, until
from kds.printing import Job, Printer, PrintError, address_of
from kds.printing.ticket import Printed

CUT = b"\x1dV\x00"


def job(name: str = "A-017") -> Job:
    return Job(f"job-{name}", name, (Printed(name, "huge"), Printed("2x Hawaiian M")))


@dataclass
class Paper:
    """A network printer: what came on each connection."""

    port: int = 0
    jobs: list[bytes] = field(default_factory=list)
    came: Event[None] = field(default_factory=Event)

    @asynccontextmanager
    async def on(self) -> AsyncIterator[Paper]:
        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.jobs.append(await reader.read())
            writer.close()
            self.came.emit(None)

        async with await asyncio.start_server(take, "127.0.0.1", self.port) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self


@dataclass
class Slow:
    """A device that takes a job when the test lets it, or refuses it."""

    got: list[bytes] = field(default_factory=list)
    refuses: str = ""
    asked: int = 0
    go: threading.Event = field(default_factory=threading.Event)

    def send(self, data: bytes, limit_s: float) -> None:
        self.asked += 1
        assert self.go.wait(30)
        if self.refuses:
            raise PrintError(self.refuses)
        self.got.append(data)


async def test_a_ticket_reaches_a_printer_on_the_network_once_and_whole() -> None:
    async with Paper().on() as paper:
        printer = Printer(address_of(f"tcp://127.0.0.1:{paper.port}"), SystemClock())
        printer.print(job())
        await until(paper.came, lambda: bool(paper.jobs))
        await until(printer.printed, lambda: True)
    assert len(paper.jobs) == 1
    assert b"2x Hawaiian M\n" in paper.jobs[0]
    assert paper.jobs[0].endswith(CUT)
    printer.stop()


async def test_a_printer_that_is_off_is_said_and_trying_again_prints_it_once() -> None:
    paper = Paper()
    async with paper.on():
        pass  # its port is known, and nobody listens there
    printer = Printer(address_of(f"tcp://127.0.0.1:{paper.port}"), SystemClock())
    printer.print(job())
    await until(printer.changed, lambda: bool(printer.troubles))
    assert [one.reason for one in printer.troubles] == [
        "the printer at 127.0.0.1 does not answer. Is it on?"
    ]
    async with paper.on():
        printer.retry("job-A-017")
        await until(paper.came, lambda: bool(paper.jobs))
    assert len(paper.jobs) == 1
    assert printer.troubles == ()
    printer.stop()


async def test_a_file_gets_one_ticket_behind_the_other(tmp_path: Path) -> None:
    path = tmp_path / "paper"
    printer = Printer(address_of(f"file:{path}"), SystemClock())
    done: list[str] = []
    printer.printed.connect(lambda one: done.append(one.name))
    printer.print(job("A-017"))
    printer.print(job("A-018"))
    await until(printer.printed, lambda: len(done) == 2)
    paper = path.read_bytes()
    assert paper.index(b"A-017") < paper.index(b"A-018")
    assert paper.count(CUT) == 2
    printer.stop()


async def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "lp0"
    printer = Printer(address_of(f"file:{path}"), SystemClock())
    printer.print(job())
    await until(printer.changed, lambda: bool(printer.troubles))
    assert printer.troubles[0].reason == f"{path} cannot be written: No such file or directory."
    printer.stop()


async def test_a_usb_printer_that_cannot_be_reached_is_said() -> None:
    printer = Printer(address_of("usb:04b8:ffff"), SystemClock())
    printer.print(job())
    await until(printer.changed, lambda: bool(printer.troubles))
    assert "USB" in printer.troubles[0].reason
    printer.stop()


async def test_printing_returns_at_once_while_the_printer_takes_its_time() -> None:
    device = Slow()
    printer = Printer(device, SystemClock())
    printer.print(job())
    assert device.got == []
    device.go.set()
    await until(printer.printed, lambda: bool(device.got))
    printer.stop()


async def test_a_hanging_printer_is_said_and_its_job_is_not_started_twice() -> None:
    device, clock = Slow(), ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    printer = Printer(device, clock, limit_s=0.0)
    printer.print(job("A-017"))
    printer.print(job("A-018"))
    await until(printer.changed, lambda: bool(printer.troubles))
    assert [(one.job.name, one.hangs) for one in printer.troubles] == [("A-017", True)]
    printer.retry("job-A-017")  # it is still being printed
    printer.forget("job-A-017")
    assert len(printer.troubles) == 1
    device.go.set()
    await until(printer.printed, lambda: len(device.got) == 2)
    assert (device.asked, printer.troubles) == (2, ())
    printer.stop()


async def test_a_failed_ticket_does_not_stop_those_behind_it() -> None:
    device = Slow(refuses="no paper.")
    device.go.set()
    printer = Printer(device, SystemClock())
    printer.print(job("A-017"))
    await until(printer.changed, lambda: bool(printer.troubles))
    device.refuses = ""
    printer.print(job("A-018"))
    await until(printer.printed, lambda: bool(device.got))
    assert b"A-018" in device.got[0]
    assert [one.job.name for one in printer.troubles] == ["A-017"]
    printer.forget("job-A-017")
    assert printer.troubles == ()
    printer.stop()
