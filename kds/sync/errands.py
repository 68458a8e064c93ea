"""Questions to the server that run beside the engine's steps; each comes back as an event."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from kds.base.errors import StorageError
from kds.base.events import Event
from kds.connection.tasks import Tasks
from kds.sync import signals
from kds.sync.keeper import Keeper
from kds.sync.requests import NOT_ALLOWED, RELEASED, UNREADABLE, Requests
from kds.sync.wire import Cursor, Poke

log = logging.getLogger(__name__)


class Errands:
    """`feed` takes the answers. Whatever happens, there is one: the machine waits for it.

    `not_allowed` fires when the server does not let this terminal hand in ops any more; it may
    have come back from a backup that does not know the terminal. `released` fires when this
    terminal's id is not to be used any more: it was copied, and may go on under another one.
    """

    def __init__(
        self,
        requests: Requests,
        keeper: Keeper,
        tasks: Tasks,
        feed: Callable[[signals.Event], None],
        dice: Callable[[], float],
    ) -> None:
        self._requests = requests
        self._keeper = keeper
        self._tasks = tasks
        self._feed = feed
        self._dice = dice
        self._allowed = True
        self.not_allowed: Event[None] = Event()
        self.released: Event[None] = Event()

    def pull(self, cursors: Mapping[str, Cursor]) -> None:
        self._run("pull", lambda: self._requests.pull(cursors))

    def snapshot(self, streams: tuple[str, ...]) -> None:
        self._run("pull", lambda: self._requests.snapshot(streams))

    def flush(self, effect: signals.Flush, epoch: str | None) -> None:
        self._run("flush", lambda: self._flush(effect, epoch))

    def audit(self, stream: str) -> None:
        self._run("audit", lambda: self.compare(stream))

    def _run(self, request: signals.Request, ask: Callable[[], Awaitable[signals.Event]]) -> None:
        async def run() -> None:
            self._feed(await self._answer(request, ask))

        self._tasks.start(run(), request)

    async def _answer(
        self, request: signals.Request, ask: Callable[[], Awaitable[signals.Event]]
    ) -> signals.Event:
        try:
            return await ask()
        except StorageError as error:
            return signals.Failed(request, "unreachable", str(error), self._dice())
        except Exception:
            log.exception("%s went wrong", request)
            return signals.Failed(request, "refused", UNREADABLE, self._dice())

    # -- what takes more than a request ---------------------------------------------------

    async def _flush(self, effect: signals.Flush, epoch: str | None) -> signals.Event:
        """What was decided first: it opens the lanes of what is sent."""
        ledger, device_id = self._keeper.ledger, self._keeper.overlay.device_id
        for decision in tuple(ledger.decisions.values()):
            if failed := await self._requests.tell(device_id, decision):
                return self._noted(failed)
            await self._keeper.told(decision.op_id)
        commands = ledger.in_turn(effect.seqs)
        held = ledger.held(commands)
        kept = {outcome.seq for outcome in held}
        sent = [command for command in commands if command.seq not in kept]
        if not sent:
            return signals.Flushed(tuple(held), epoch)
        answer = await self._requests.flush(device_id, sent, epoch, more=effect.more)
        if isinstance(answer, signals.Flushed):
            answer = replace(answer, outcomes=(*held, *answer.outcomes))
        return self._noted(answer)

    def _noted(self, answer: signals.Flushed | signals.Failed) -> signals.Event:
        if isinstance(answer, signals.Flushed):
            self._allowed = True
        elif answer.code == NOT_ALLOWED and self._allowed:
            self._allowed = False  # told once: when it does not help, it is not tried in a circle
            self.not_allowed.emit(None)
        elif answer.code == RELEASED:
            self.released.emit(None)
        return answer

    async def compare(self, stream: str) -> signals.Audited | signals.Failed:
        """The rows of a stream on the disk beside the server's, while both move on."""
        passing = await self._keeper.watch(stream)
        try:
            answer = await self._requests.checksum(stream)
            if isinstance(answer, signals.Failed):
                return answer
            self._feed(signals.Poked(Poke(stream, answer.reaches, None)))  # it is known to be there
            return signals.Audited(stream, await self._keeper.compare(passing, answer, stream))
        finally:
            self._keeper.unwatch(passing)
