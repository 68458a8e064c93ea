"""`kds` commands as a person starts them: real processes, and what they print."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kds.app.accounts import Admin
from kds.app.demo import BRANCH
from kds.app.processes import Child
from kds.base.events import Event, until
from kds.hub.keys import load_keys

PASSWORD = "correct horse battery"


@dataclass
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str


async def kds(*arguments: str, environment: Mapping[str, str] | None = None) -> Finished:
    """Run a command to its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kds", *arguments),
        env={**os.environ, **(environment or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return Finished(process.returncode, out.decode(), err.decode())


@dataclass
class Watched:
    """A command under observation: everything it said, in order."""

    child: Child
    said: list[dict[str, Any]] = field(default_factory=list)
    heard: Event[None] = field(default_factory=Event)

    def of(self, event: str) -> list[dict[str, Any]]:
        return [message for message in self.said if message.get("event") == event]

    async def until_said(self, event: str, count: int = 1) -> None:
        await until(self.heard, lambda: len(self.of(event)) >= count)

    async def until_status(self, part: str) -> None:
        """Wait for a status line that contains `part`."""
        await until(self.heard, lambda: any(part in m["text"] for m in self.of("status")))


@asynccontextmanager
async def watched(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[Watched]:
    """Start a command with `--probe`; it is ended on the way out, if it still runs."""

    def hear(_: str, message: dict[str, Any]) -> None:
        watch.said.append(message)
        watch.heard.emit(None)

    watch = Watched(Child(arguments[0], hear))
    await watch.child.start(*arguments, "--probe", environment=environment or {})
    try:
        yield watch
    finally:
        await watch.child.stop()


@dataclass
class HubProcess:
    """A hub in a process of its own, furnished with the demo restaurant and two accounts."""

    data: Path
    port: int = 0
    dsn: str = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Watched]:
        """Start it (on the same port as before), and stop it on the way out."""
        arguments = ("hub", "--data", str(self.data), "--port", str(self.port), "--seed")
        async with watched(*arguments) as hub:
            await hub.until_said("ready")
            ready = hub.of("ready")[0]
            self.port, self.dsn = int(ready["url"].rsplit(":", 1)[1]), ready["dsn"]
            yield hub

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def admin(self) -> Admin:
        return Admin(self.url, load_keys(self.data).service)

    async def furnish(self) -> None:
        for role in ("kitchen", "pos"):
            await self.admin.create_account(f"{role}@test.local", PASSWORD, role, [BRANCH])

    def environment(self, folder: Path, role: str, **more: str) -> dict[str, str]:
        """What a terminal of `role` needs to start, with its files in `folder`."""
        return {
            "KDS_CONFIG_DIR": str(folder / "config"),
            "KDS_DATA_DIR": str(folder / "data"),
            "KDS_URL": self.url,
            "KDS_KEY": load_keys(self.data).anon,
            "KDS_BRANCH": BRANCH,
            "KDS_EMAIL": f"{role}@test.local",
            "KDS_PASSWORD": PASSWORD,
            **more,
        }

    async def orders(self) -> dict[str, dict[str, Any]]:
        """Every order on the server by id: its number and how many pieces its lines ask for."""
        answer = await self.admin.rpc("snapshot", {"streams": [f"floor:{BRANCH}"]})
        tables = answer["streams"][f"floor:{BRANCH}"]["tables"]
        pieces: dict[str, int] = {}
        for line in tables["order_lines"]:
            pieces[line["order_id"]] = pieces.get(line["order_id"], 0) + line["qty"]
        return {
            order["id"]: {"number": order["number"], "pieces": pieces.get(order["id"], 0)}
            for order in tables["orders"]
        }


def csv_of(path: Path, orders: int, every_s: int = 60) -> Path:
    """A file of `orders` orders, one each `every_s` seconds, of one to three pizzas."""
    rows = ["id,date,time,name,size,type,price"]
    for number in range(orders):
        second = 11 * 3600 + number * every_s
        clock = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        for piece in range(number % 3 + 1):
            name = ("hawaiian", "thai_ckn", "big_meat")[piece]
            rows.append(f"2015-{number:06d},2015-11-27,{clock},{name},M,classic,13.25")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
