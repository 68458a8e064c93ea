"""Virtual time: one scheduler for the whole simulated world, one event loop for each process.

All that happens is a handle in one queue, so the same seed gives the same run. When nothing is
ready, time jumps to the next timer: an hour costs what happens in it. A process dies by being
marked dead: whatever it still had to do is never done, not even its `finally` blocks.

Only the public interface of `asyncio.AbstractEventLoop` is used by the program under test, and
only that is here.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextvars import Context
from random import Random
from typing import Any

Callback = Callable[..., Any]
Steps = Callable[[Callable[[], Any]], Any]
"""How work in an executor is done: `steps(work)` returns what `work()` returns."""


class Scheduler:
    """The queue of everything. `time` in seconds since the world began."""

    def __init__(self) -> None:
        self.time = 0.0
        self.steps = 0
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._number = 0
        self._running: ProcessLoop | None = None
        self.world = ProcessLoop(self, Random(0), "world")

    def at(self, when: float, callback: Callback, *args: Any) -> asyncio.TimerHandle:
        """Something that happens outside of every process."""
        return self.world.call_at(when, callback, *args)

    def later(self, delay: float, callback: Callback, *args: Any) -> asyncio.TimerHandle:
        return self.world.call_at(self.time + delay, callback, *args)

    def soon(self, handle: asyncio.Handle) -> None:
        self._ready.append(handle)

    def timer(self, handle: asyncio.TimerHandle) -> None:
        self._number += 1
        heapq.heappush(self._timers, (handle.when(), self._number, handle))

    def run_until(self, deadline: float, done: Callable[[], bool] = lambda: False) -> None:
        """Let everything happen up to `deadline`; `done` is asked at every jump of the time."""
        try:
            self._run_until(deadline, done)
        finally:
            self._enter(None)
        if not done():
            self.time = max(self.time, deadline)

    def _run_until(self, deadline: float, done: Callable[[], bool]) -> None:
        ready, timers = self._ready, self._timers
        while True:
            while ready:
                self._run(ready.popleft())
            while timers and timers[0][2].cancelled():
                heapq.heappop(timers)
            if not timers or timers[0][0] > deadline or done():
                return
            when, _, handle = heapq.heappop(timers)
            self.time = max(self.time, when)
            ready.append(handle)

    def _run(self, handle: asyncio.Handle) -> None:
        loop: ProcessLoop = handle._loop  # type: ignore[attr-defined]
        if loop.dead or handle.cancelled():
            return
        self.steps += 1
        if loop is not self._running:
            self._enter(loop)
        handle._run()
        loop.stepped()

    def _enter(self, loop: ProcessLoop | None) -> None:
        """What `asyncio.get_running_loop()` answers from now on."""
        self._running = loop
        asyncio._set_running_loop(loop)


class ProcessLoop(asyncio.AbstractEventLoop):
    """The event loop of one process, as long as it lives.

    Work in an executor is done at a moment drawn from `rng`, in the order in which one executor
    got it: so the thread that owns the disk interleaves with everything else. `on_disk` does the
    work and may let it fail; `on_crash` hears of what nobody has caught.
    """

    def __init__(self, scheduler: Scheduler, rng: Random, name: str) -> None:
        self._scheduler = scheduler
        self._rng = rng
        self.name = name
        self.dead = False
        self.tasks: list[asyncio.Task[Any]] = []
        self.on_disk: Steps = lambda work: work()
        self.on_crash: Callable[[dict[str, Any]], None] = lambda _context: None
        self._fuse: tuple[int, Callable[[], None]] | None = None
        self._busy_until: dict[Executor | None, float] = {}

    def light_fuse(self, steps: int, bang: Callable[[], None]) -> None:
        """Call `bang` after so many more steps of this process, wherever it is then."""
        self._fuse = (steps, bang)

    def put_fuse_out(self) -> None:
        self._fuse = None

    def stepped(self) -> None:
        if self._fuse is not None:
            left, bang = self._fuse
            self._fuse = (left - 1, bang) if left > 1 else None
            if left <= 1:
                bang()

    # -- what asyncio asks of a loop ------------------------------------------------------

    def time(self) -> float:
        return self._scheduler.time

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return not self.dead

    def is_closed(self) -> bool:
        return self.dead

    def call_soon(
        self, callback: Callback, *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._scheduler.soon(handle)
        return handle

    call_soon_threadsafe = call_soon

    def call_at(
        self, when: float, callback: Callback, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        self._scheduler.timer(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callback, *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        return self.call_at(self._scheduler.time + delay, callback, *args, context=context)

    def _timer_handle_cancelled(self, _handle: asyncio.TimerHandle) -> None:
        """It is skipped when its time comes."""

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(coro, loop=self, **options)
        self.tasks.append(task)
        return task

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future = self.create_future()

        def work() -> None:
            try:
                result = self.on_disk(lambda: func(*args))
            except Exception as error:  # it is the caller's
                if not future.done():
                    future.set_exception(error)
            else:
                if not future.done():
                    future.set_result(result)

        begin = max(self._busy_until.get(executor, 0.0), self.time())
        self._busy_until[executor] = end = begin + self._rng.random() * 0.004
        self.call_at(end, work)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        if not self.dead:
            self.on_crash(context)
