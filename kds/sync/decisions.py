"""What a person decides about ops that need one: those refused, and those in conflict.

A decision counts from the moment it is on the disk, also without the server; the engine tells it
before it sends anything else. The first decision about an op counts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from kds.base.errors import KdsError
from kds.sync.keeper import Keeper
from kds.sync.ops import DONE_ANYWAY, EDITED, KEPT_REMOTE, SENT_AGAIN, DeadOp, Decision, discarded
from kds.sync.outbox import to_json
from kds.sync.writer import Writer

log = logging.getLogger(__name__)

DEALT_WITH = "This has been dealt with already."
UNREADABLE = "This entry cannot be read, so it cannot be sent. It can be put aside."
SAY_WHY = "Say why: money is never dropped without a reason."


class Decisions:
    """Every method raises KdsError with a sentence for a person when it cannot be done.

    `actor` is the person who decides; `decided` is called after each decision.
    """

    def __init__(self, keeper: Keeper, writer: Writer, decided: Callable[[], None]) -> None:
        self._keeper = keeper
        self._writer = writer
        self._decided = decided

    async def retry(self, op_id: str, actor: str = "") -> None:
        """Send it again as it is, and what waits in its lane behind it."""
        async with self._keeper.turn:
            dead = self._readable(op_id)
            conflict = dead.result == "conflict"
            lane = (dead,) if conflict else self._keeper.ledger.lane_of_dead(op_id)
            lane = tuple(one for one in lane if not one.unreadable)
            answered = (one for one in lane if one.result != "blocked")
            again = [Decision(one.command.op_id, SENT_AGAIN, actor) for one in answered]
            await self._carry_out(lane, again)

    async def discard(self, op_id: str, reason: str, actor: str = "") -> None:
        """Do without it; what waits behind it is sent."""
        reason = reason.strip()
        async with self._keeper.turn:
            dead = self.dead(op_id)
            if (dead.unreadable or dead.command.kind == "pay") and not reason:
                raise KdsError(SAY_WHY)
            await self._give_up(dead, discarded(reason), actor)

    async def take_back(self, op_id: str, actor: str = "") -> None:
        """Do without it, because a person asks for something else in its place."""
        async with self._keeper.turn:
            await self._give_up(self._readable(op_id), EDITED, actor)

    async def keep_remote(self, op_id: str, actor: str = "") -> None:
        """Of a conflict: what the other one did stands."""
        async with self._keeper.turn:
            await self._give_up(self.dead(op_id), KEPT_REMOTE, actor)

    async def do_anyway(self, op_id: str, actor: str = "") -> None:
        """Of a conflict: knowing what the other one did, do it all the same."""
        async with self._keeper.turn:
            dead = self._readable(op_id)
            await self._carry_out((dead,), [Decision(op_id, DONE_ANYWAY, actor)])

    def dead(self, op_id: str) -> DeadOp:
        """The op itself. Raises KdsError when it is dead no more."""
        dead = self._keeper.ledger.dead.get(op_id)
        if dead is None:
            raise KdsError(DEALT_WITH)
        return dead

    def _readable(self, op_id: str) -> DeadOp:
        dead = self.dead(op_id)
        if dead.unreadable:
            raise KdsError(UNREADABLE)
        return dead

    async def _give_up(self, dead: DeadOp, resolution: str, actor: str) -> None:
        command = dead.command
        log.warning("given up (%s): %s", resolution, to_json(command))
        unsent = command.to_wire() if dead.result == "blocked" else None
        behind = self._keeper.ledger.behind(command.op_id)
        decision = Decision(command.op_id, resolution, actor, unsent)
        await self._carry_out((dead, *behind), [decision])

    async def _carry_out(self, dead: tuple[DeadOp, ...], decisions: Iterable[Decision]) -> None:
        by_id = {decision.op_id: decision for decision in decisions}
        await self._writer.revive(dead, by_id)
        self._keeper.ledger.decided(dead, by_id.values())
        self._decided()
