"""Child processes that speak JSON, one object a line: what `--probe` opens on a command."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

Message = dict[str, Any]


def say(**message: object) -> None:
    """Print one message for whoever started this process to watch it."""
    print(json.dumps(message), flush=True)


class Child:
    """One `kds` command in a process of its own, and the messages it prints."""

    def __init__(self, name: str, heard: Callable[[str, Message], None]) -> None:
        self.name = name
        self._heard = heard
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._answers: asyncio.Queue[Message] = asyncio.Queue()

    async def start(self, *arguments: str, environment: Mapping[str, str]) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "kds",
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **environment},
            limit=64 * 1024 * 1024,
        )
        self._reader = asyncio.create_task(self._read(), name=f"read {self.name}")

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                continue  # not for us: a library that prints
            if "answer" in message:
                self._answers.put_nowait(message["answer"])
            else:
                self._heard(self.name, message)

    async def ask(self, **question: Any) -> Message:
        """Send one question and wait for its answer (questions are answered in order)."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        await self._process.stdin.drain()
        answer = asyncio.create_task(self._answers.get())
        gone = asyncio.create_task(self._process.wait())
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not answer.done():
            answer.cancel()
            raise ConnectionError(f"{self.name} ended before it answered")
        return answer.result()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The process's id; it has been started."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Like a power cut: no chance to say goodbye."""
        if self.running and self._process is not None:
            self._process.kill()

    def terminate(self) -> None:
        if self.running and self._process is not None:
            self._process.terminate()

    async def wait(self) -> int:
        """Its exit code, once it has ended and all it printed was heard."""
        assert self._process is not None
        assert self._reader is not None
        await asyncio.wait({self._reader})  # who stops waiting does not stop the reader
        return await self._process.wait()

    async def stop(self, grace_s: float = 8.0) -> None:
        """Ask it to end, and make it when it does not."""
        if not self.running:
            return
        self.terminate()
        try:
            await asyncio.wait_for(self.wait(), grace_s)
        except TimeoutError:
            self.kill()
            with contextlib.suppress(ProcessLookupError):
                await self.wait()
