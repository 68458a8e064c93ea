"""A real X server without a screen, and real key events from outside the program."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PROGRAMS = ("Xvfb", "xdotool")


def missing() -> str:
    """What is not installed, `Xvfb, xdotool`; "" when all is there."""
    return ", ".join(name for name in PROGRAMS if shutil.which(name) is None)


class XServer:
    """`display`: `:7`, where programs are to show themselves."""

    def __init__(self, display: str) -> None:
        self.display = display
        self.environment = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}

    async def focus(self, pid: int) -> None:
        """Wait for a window of that process, and give it the keyboard: there is nobody else."""
        found = await self._xdotool("search", "--sync", "--onlyvisible", "--pid", str(pid))
        await self._xdotool("windowfocus", "--sync", found.split()[-1])

    async def press(self, *keys: str) -> None:
        """Keys as X calls them: `1`, `Right`, `Return`."""
        await self._xdotool("key", "--delay", "40", *keys)

    async def _xdotool(self, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *("xdotool", *arguments),
            env={**os.environ, "DISPLAY": self.display},
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        assert process.returncode == 0, arguments
        return out.decode()


@asynccontextmanager
async def x_server(size: str = "1280x720") -> AsyncIterator[XServer]:
    """On a display that nobody uses."""
    ours, theirs = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *("Xvfb", "-displayfd", str(theirs), "-screen", "0", f"{size}x24", "-nolisten", "tcp"),
        pass_fds=(theirs,),
        stderr=asyncio.subprocess.DEVNULL,
    )
    os.close(theirs)
    try:
        with os.fdopen(ours) as told:
            number = await asyncio.to_thread(told.readline)
        yield XServer(f":{number.strip()}")
    finally:
        process.terminate()
        await process.wait()
