"""Keeps the screen on while a kitchen looks at it.

Desktops and operating systems are asked through wakepy; a bare X server, which knows no desktop
to ask, is told with `xset`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any, Protocol, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")

PATIENCE_S = 5.0
FAILED = "This screen may go dark by itself: turn its screen saver off by hand."


class Way(Protocol):
    """One way to keep a screen on. Its calls may take a while."""

    def hold(self) -> str:
        """Keep it on; why that did not work, or ""."""
        ...

    def release(self) -> None: ...


class Awake:
    """`problem` is a sentence for the settings, "" while the screen is kept on or not asked for."""

    def __init__(self, ways: Sequence[Way] | None = None) -> None:
        self._ways = system_ways() if ways is None else ways
        self._held: Way | None = None
        # What holds must release: some systems ask for it thread by thread, so it is always one.
        self._thread = ThreadPoolExecutor(1, "awake")
        self.problem = ""

    async def hold(self) -> None:
        """Keep the screen on from now on, in the first way that can. Never raises."""
        for way in self._ways:
            reason = await self._on_thread(partial(_try, way))
            if not reason:
                self._held, self.problem = way, ""
                return
            log.info("the screen is not kept on by %s: %s", type(way).__name__, reason)
        log.warning("the screen may go dark: no way was found to keep it on")
        self.problem = FAILED

    async def release(self) -> None:
        """Let the system do as it likes again."""
        held, self._held = self._held, None
        if held is not None:
            await self._on_thread(held.release)
        self._thread.shutdown(wait=False)

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _try(way: Way) -> str:
    try:
        return way.hold()
    except Exception as error:  # somebody else's desktop; the kitchen goes on
        return f"{type(error).__name__}: {error}"


def system_ways() -> tuple[Way, ...]:
    """What may work on this computer, the politest first."""
    return (Desktop(), XServer())


class Desktop:
    """The desktop's or the operating system's own inhibitor, for as long as it is held."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def hold(self) -> str:
        from wakepy import keep

        mode: Any = self._stack.enter_context(keep.presenting(on_fail="pass"))
        if not mode.active:
            self._stack.close()
            return "no desktop answered"
        return ""

    def release(self) -> None:
        self._stack.close()


class XServer:
    """The screen saver and the power saving of an X server, off until released."""

    def __init__(self, run: Callable[[Sequence[str]], bool] | None = None) -> None:
        self._run = run or _run

    def hold(self) -> str:
        if not os.environ.get("DISPLAY"):
            return "no X server"
        return "" if self._run(("xset", "s", "off", "-dpms")) else "xset failed"

    def release(self) -> None:
        self._run(("xset", "s", "default", "+dpms"))


def _run(command: Sequence[str]) -> bool:
    program = shutil.which(command[0])
    if program is None:
        return False
    done = subprocess.run(  # noqa: S603 (our own words)
        [program, *command[1:]], capture_output=True, timeout=PATIENCE_S, check=False
    )
    return done.returncode == 0
