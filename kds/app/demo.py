"""`kds demo`: a whole restaurant on one machine, every part a real process of its own.

    hub ── kitchen window          (through a proxy that can cut the kitchen's network)
     ├──── till window
     ├──── simulated tills         (real till clients without a screen)
     └──── a simulated cook        (with a screen only)

The supervisor here holds no business state. It starts the parts, injects the faults that were
asked for, and sets every tap that a simulated till reports against every row that the kitchen's
board reports (`tally`).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kds.app.accounts import Admin
from kds.app.processes import Child, Message
from kds.app.simulate import Play
from kds.app.stopping import until_stopped
from kds.app.tally import Tally
from kds.base.errors import ConfigError, KdsError
from kds.domain.rows import Role
from kds.hub.keys import Keys, load_or_create
from kds.hub.postgres import Postgres
from kds.sim.proxy import Proxy
from kds.sim.service import menu_of

BRANCH = "00000000-0000-4000-8000-000000000001"  # of resources/supabase/seed.sql
FAULTS = ("hub-kill", "kitchen-cut")
CUT_S = 10.0
PICTURE_SIZE = "1920x1080"
SETTLE_S = 60.0
READY_S = 60.0


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What `kds demo` was asked for."""

    play: Play
    tills: int
    report: Path | None
    headless: bool
    pictures: Path
    faults: tuple[str, ...]
    size: str


class Demo:
    """One run of the demonstration, from an empty folder to a report."""

    _keys: Keys

    def __init__(self, options: DemoOptions) -> None:
        for fault in options.faults:
            if fault not in FAULTS:
                raise ConfigError(f"--fault {fault!r}: it must be one of {', '.join(FAULTS)}.")
        self._options = options
        self._headless = options.headless or not _has_screen()
        self._tally = Tally()
        self._orders = options.play.from_file() if options.play.file else None
        self._expected = len(self._orders) if self._orders is not None else options.play.count
        self._progress = asyncio.Event()  # something was heard; who waits looks again
        self._ready: set[str] = set()
        self._status: dict[str, str] = {}
        self._password = secrets.token_urlsafe(16)
        self._url = f"http://127.0.0.1:{_free_port()}"
        self._hub = self._child("hub")
        self._kitchen = self._child("kitchen")
        self._till = self._child("pos")
        self._tills = [self._child(f"till-{n + 1}") for n in range(options.tills)]
        self._cook = self._child("cook")

    def _child(self, name: str) -> Child:
        return Child(name, self._heard)

    def _heard(self, name: str, message: Message) -> None:
        match message.get("event"):
            case "ready":
                self._ready.add(name)
            case "tap":
                self._tally.tapped(message["order_id"], message["at"], message["pieces"])
            case "row":
                self._tally.appeared(message["order_id"], message["at"])
            case "status":
                self._status[name] = message["text"]
        self._progress.set()

    # -- the run ----------------------------------------------------------------------------

    async def run(self) -> int:
        """Everything, in order; 0 when nothing was lost or doubled. Told to stop, it cleans up."""
        return await until_stopped(self._run())

    async def _run(self) -> int:
        with tempfile.TemporaryDirectory(prefix="kds-demo-") as folder:
            self._keys = load_or_create(Path(folder) / "hub", datetime.now(UTC))
            async with (
                self._stopped_afterwards(Path(folder)),
                Proxy(self._url) as kitchen,
                Proxy(self._url) as till,
            ):
                await self._open(Path(folder), kitchen, till)
                return await self._serve(Path(folder), kitchen)

    @contextlib.asynccontextmanager
    async def _stopped_afterwards(self, folder: Path) -> AsyncIterator[None]:
        try:
            yield
        finally:
            terminals = (self._cook, *self._tills, self._till, self._kitchen)
            await asyncio.gather(*(child.stop() for child in terminals))
            await self._hub.stop()
            await asyncio.to_thread(Postgres(folder / "hub").remove)

    async def _open(self, folder: Path, kitchen: Proxy, till: Proxy) -> None:
        """Hub and windows at the same time: the windows' networks hang until there is a menu."""
        for proxy in (kitchen, till):
            proxy.stall()
        await asyncio.gather(
            self._start_hub(folder),
            self._open_window(self._kitchen, folder, "kitchen", kitchen, "left"),
            self._open_window(self._till, folder, "pos", till, "right"),
        )
        await self._furnish()
        for proxy in (kitchen, till):
            proxy.forward()
        await self._until_ready(self._kitchen, self._till)

    async def _start_hub(self, folder: Path) -> None:
        self._ready.discard("hub")
        await self._hub.start(
            *("hub", "--data", str(folder / "hub"), "--port", self._url.rsplit(":", 1)[1]),
            *("--seed", "--probe"),
            environment={},
        )
        await self._until_ready(self._hub)

    async def _furnish(self) -> None:
        """Accounts for every role, and the menu that the orders need."""
        admin = Admin(self._url, self._keys.service)
        roles: tuple[Role, ...] = ("kitchen", "pos")
        accounts = [admin.create_account(_email(r), self._password, r, [BRANCH]) for r in roles]
        await asyncio.gather(*accounts)
        if self._orders is not None:
            menu = menu_of(line for order in self._orders for line in order.lines)
            await admin.rpc("import_menu", {"branch_id": BRANCH, "menu": menu})

    async def _open_window(
        self, child: Child, folder: Path, role: Role, proxy: Proxy, side: str
    ) -> None:
        size = self._options.size or (PICTURE_SIZE if self._headless else "")
        place = ("--size", size) if size else ("--side", side)
        environment = self._environment(folder, role, proxy.url)
        await child.start(role, "--probe", *place, environment=environment)

    def _environment(self, folder: Path, role: str, url: str) -> dict[str, str]:
        environment = {
            "KDS_CONFIG_DIR": str(folder / "config"),
            "KDS_DATA_DIR": str(folder / "data"),
            "KDS_URL": url,
            "KDS_KEY": self._keys.anon,
            "KDS_BRANCH": BRANCH,
            "KDS_EMAIL": _email(role),
            "KDS_PASSWORD": self._password,
            "KDS_TOKENS": "file",
        }
        if self._headless:
            environment["QT_QPA_PLATFORM"] = "offscreen"
        return environment

    async def _serve(self, folder: Path, proxy: Proxy) -> int:
        await self._start_tills(folder)
        if not self._headless:
            await self._start_cook(folder)
        summary = asyncio.create_task(self._summarise())
        try:
            await self._inject_faults(folder, proxy)
            await asyncio.gather(*(self._finished(till) for till in self._tills))
            await self._settled()
        finally:
            summary.cancel()
        code = await self._conclude()
        if not self._headless:
            await self._until(lambda: not (self._kitchen.running and self._till.running))
        return code

    async def _start_cook(self, folder: Path) -> None:
        """Somebody who empties the board; nobody does while every ticket is being counted."""
        await self._cook.start(
            *("simulate", "--cook", "--profile", "cook", "--speed", str(self._options.play.speed)),
            "--probe",
            environment=self._environment(folder, "kitchen", self._url),
        )

    async def _start_tills(self, folder: Path) -> None:
        play = self._options.play
        arguments = ["--speed", str(play.speed), "--count", str(play.count)]
        arguments += ["--seed", str(play.seed)]
        if play.file is not None:
            arguments += ["--orders", str(play.file), "--columns", play.columns]
        if play.day is not None:
            arguments += ["--date", play.day.isoformat()]
        for index, till in enumerate(self._tills):
            await till.start(
                *("simulate", "--profile", till.name, "--share", f"{index}/{len(self._tills)}"),
                *(*arguments, "--probe"),
                environment=self._environment(folder, "pos", self._url),
            )

    async def _finished(self, till: Child) -> None:
        if await till.wait():
            raise KdsError(f"{till.name} stopped with an error; see above.")

    # -- faults -----------------------------------------------------------------------------

    async def _inject_faults(self, folder: Path, proxy: Proxy) -> None:
        """Cut the kitchen's network after a quarter of the orders, kill the hub after half."""
        if "kitchen-cut" in self._options.faults:
            await self._until(lambda: len(self._tally.taps) >= self._expected // 4)
            self._say("the kitchen's network is cut")
            proxy.refuse()
            await asyncio.sleep(CUT_S / 2)
            await self._picture("cut")
            await asyncio.sleep(CUT_S / 2)
            proxy.forward()
            self._say("the kitchen's network is back")
        if "hub-kill" in self._options.faults:
            await self._until(lambda: len(self._tally.taps) >= self._expected // 2)
            self._say("the hub is killed")
            self._hub.kill()
            await self._hub.wait()
            await asyncio.sleep(2.0)
            await self._picture("down")
            await self._start_hub(folder)
            self._say("the hub is back")

    # -- the end ----------------------------------------------------------------------------

    async def _settled(self) -> None:
        """Until the board has shown every order; the report says it when that never comes."""

        def decided() -> bool:
            return self._tally.complete or not self._kitchen.running

        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._until(decided), SETTLE_S)

    async def _conclude(self) -> int:
        if not self._kitchen.running:
            raise KdsError("The kitchen window was closed before the service had ended.")
        kitchen = await self._kitchen.ask(do="report")
        figures = self._tally.report(kitchen["orders"], kitchen["checksum_equal"])
        await self._picture("")
        if self._options.report is not None:
            text = json.dumps(figures, indent=2) + "\n"
            self._options.report.write_text(text, encoding="utf-8")
        print(json.dumps(figures), flush=True)
        sound = figures["checksum_equal"] and not figures["lost"] and not figures["doubled"]
        return 0 if sound else 1

    async def _picture(self, moment: str) -> None:
        """Save what both windows show, when nobody can see them."""
        if not self._headless:
            return
        self._options.pictures.mkdir(parents=True, exist_ok=True)
        for child in (self._kitchen, self._till):
            name = "-".join(filter(None, ("demo", child.name, moment)))
            path = self._options.pictures.resolve() / f"{name}.png"
            await child.ask(do="screenshot", path=str(path))

    # -- small things -----------------------------------------------------------------------

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._progress.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._progress.wait(), 0.5)

    async def _until_ready(self, *children: Child) -> None:
        names = {child.name for child in children}

        def decided() -> bool:
            return self._ready >= names or not all(child.running for child in children)

        try:
            await asyncio.wait_for(self._until(decided), READY_S)
        except TimeoutError:
            raise KdsError(f"{' and '.join(names)} did not start in {READY_S:.0f} s.") from None
        if not self._ready >= names:
            raise KdsError(f"{' or '.join(names)} stopped while starting; see above.")

    async def _summarise(self) -> None:
        """One live line a second."""
        began = time.monotonic()
        while True:
            await asyncio.sleep(1.0)
            taps, board = len(self._tally.taps), self._tally.on_board
            self._say(
                f"{time.monotonic() - began:4.0f} s · placed {taps} of {self._expected}"
                f" · on board {board} · kitchen: {self._status.get('kitchen', 'starting')}"
                f" · till: {self._status.get('pos', 'starting')}"
            )

    def _say(self, text: str) -> None:
        end = "\n" if self._headless or not sys.stdout.isatty() else "\033[K\r"
        print(text, end=end, flush=True)


def _has_screen() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _email(role: str) -> str:
    return f"{role}@demo.local"


def _free_port() -> int:
    """A port that nobody uses now; the hub takes it, and takes it again after it was killed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
