"""Accepting commands: each is on the disk before anybody hears of it.

Taps that arrive while the disk is busy share the next transaction (group commit), so a burst
costs a few syncs and not one each. Numbers are given when a transaction is put together: one
that fails leaves no gap.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from kds.base.errors import StorageError
from kds.base.ids import NewId
from kds.connection.tasks import Tasks
from kds.domain.commands import Command, Kind
from kds.sync.ops import DONE_ANYWAY, DeadOp, Decision
from kds.sync.outbox import Outbox, sent_again_as

GROUP: Final = 200
"""Commands in one transaction, and shown without a break for the screens."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A command that has no number yet."""

    op_id: str
    kind: Kind
    lane: str
    actor: str
    at: str
    args: dict[str, Any]
    keep: Mapping[str, Any] = field(default_factory=dict)
    """Settings that become durable together with the command."""

    def numbered(self, seq: int) -> Command:
        return Command(self.op_id, seq, self.kind, self.lane, self.actor, self.at, self.args)


class Writer:
    """Gives the numbers, from `last_seq` on.

    `accepted` is called with what has just become durable, in the order of the numbers, and with
    the seq of the op in whose place each renewed one goes.
    """

    def __init__(
        self,
        outbox: Outbox,
        tasks: Tasks,
        last_seq: int,
        new_id: NewId,
        accepted: Callable[[list[Command], Mapping[int, int]], None],
    ) -> None:
        self._outbox = outbox
        self._tasks = tasks
        self._seq = last_seq
        self._new_id = new_id
        self._accepted = accepted
        self._waiting: list[tuple[Draft, asyncio.Future[Command]]] = []
        self._turn = asyncio.Lock()
        self._running: asyncio.Task[None] | None = None

    async def write(self, draft: Draft) -> Command:
        """The numbered command, durable. Raises StorageError when the disk does not take it."""
        done: asyncio.Future[Command] = asyncio.get_running_loop().create_future()
        self._waiting.append((draft, done))
        if self._running is None or self._running.done():
            self._running = self._tasks.start(self._write_all(), "write taps", finish=True)
        return await done

    async def _write_all(self) -> None:
        while self._waiting:
            async with self._turn:
                batch = self._waiting[:GROUP]
                del self._waiting[:GROUP]
                await self._write(batch)

    async def _write(self, batch: Sequence[tuple[Draft, asyncio.Future[Command]]]) -> None:
        commands = [draft.numbered(self._seq + n) for n, (draft, _) in enumerate(batch, 1)]
        try:
            keep = {key: value for draft, _ in batch for key, value in draft.keep.items()}
            await self._outbox.append(commands, keep)
        except StorageError as error:
            for _, done in batch:
                if not done.done():
                    done.set_exception(error)
            return
        self._seq += len(commands)
        self._accepted(commands, {})
        for command, (_, done) in zip(commands, batch, strict=True):
            if not done.done():
                done.set_result(command)

    async def revive(self, dead: Sequence[DeadOp], decisions: Mapping[str, Decision]) -> None:
        """Take dead ops out of the way as was decided (by op id); the rest of them go as they are.

        A refused op that goes again gets a new id and number, since the server has its answer to
        the old ones on file. It has none for a blocked op, which goes as it is.
        """
        async with self._turn:
            old = [one.command for one in dead if _renewed(one, decisions)]
            new = [
                self._renew(command, decisions[command.op_id], self._seq + n)
                for n, command in enumerate(old, 1)
            ]
            as_it_is = [one.command for one in dead if one.command.op_id not in decisions]
            results = {op_id: decision.resolution for op_id, decision in decisions.items()}
            results |= {a.op_id: sent_again_as(b.seq) for a, b in zip(old, new, strict=True)}
            await self._outbox.revive(
                [one.command for one in dead], new + as_it_is, results, decisions.values()
            )
            self._seq += len(new)
            renewed = {b.seq: a.seq for a, b in zip(old, new, strict=True)}
            self._accepted(new + as_it_is, renewed)

    def _renew(self, command: Command, decision: Decision, seq: int) -> Command:
        args = command.args
        if decision.resolution == DONE_ANYWAY:
            args = {**args, "force": True}
        return replace(command, op_id=self._new_id(), seq=seq, args=args)


def _renewed(one: DeadOp, decisions: Mapping[str, Decision]) -> bool:
    decision = decisions.get(one.command.op_id)
    return decision is not None and decision.renews
