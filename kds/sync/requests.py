"""The five questions to the server, each with its answer or its failure as an event."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from kds.base.clock import Clock
from kds.base.errors import Refused, RemoteError, TooLarge, Unauthorized, Unreachable
from kds.domain.commands import Command
from kds.sync.ops import Decision
from kds.sync.ports import Remote
from kds.sync.servertime import ServerTime
from kds.sync.shapes import instant
from kds.sync.signals import Failed, Failure, Flushed, Pulled, Request, Snapped
from kds.sync.wire import (
    Cursor,
    StreamSum,
    read_checksum,
    read_outcomes,
    read_pull,
    read_snapshot,
)

T = TypeVar("T")
log = logging.getLogger(__name__)

_SHAPELESS = "shapeless"  # our own: not an answer of the server's, whoever gave it
RESTORED = "PT412"  # the code of `apply_ops` for ops of another epoch
UNREADABLE = "The server's answer could not be read. This terminal may need an update."
OLDER_SERVER = "The server is older than this terminal. Please update the server."

NOT_ALLOWED = "42501"
"""PostgreSQL's code; also for a terminal that the server does not know."""

RELEASED = "PT410"
"""The code of `apply_ops` for a copied terminal that a manager has let in again."""

_NO_FUNCTION = ("PGRST202", "42883")
"""There is no such function: to PostgREST, and to PostgreSQL before PostgREST has noticed."""


class Requests:
    """Asks; every answer also tells `server_time` what time it is there."""

    def __init__(
        self, remote: Remote, clock: Clock, server_time: ServerTime, dice: Callable[[], float]
    ) -> None:
        self._remote = remote
        self._clock = clock
        self._server_time = server_time
        self._dice = dice
        self._earlier: set[str] = set()  # RPCs that this server knows in an earlier form only

    async def pull(self, cursors: Mapping[str, Cursor]) -> Pulled | Failed:
        wanted = {stream: cursor.to_wire() for stream, cursor in cursors.items()}
        params = {"cursors": wanted, "max_rows": 1000}
        return await self._ask(
            "pull", "changes_since", params, lambda answer: Pulled(read_pull(answer))
        )

    async def snapshot(self, streams: Sequence[str]) -> Snapped | Failed:
        params = {"streams": list(streams)}
        return await self._ask(
            "pull", "snapshot", params, lambda answer: Snapped(read_snapshot(answer, streams))
        )

    async def flush(
        self,
        device_id: str,
        commands: Sequence[Command],
        epoch: str | None,
        *,
        more: bool = False,
    ) -> Flushed | Failed:
        """`epoch`: of the database that this terminal knows; another one takes nothing.

        `more`: another batch follows at once, so nobody needs to be poked for this one.
        """
        params = {"device_id": device_id, "ops": [command.to_wire() for command in commands]}
        newer: dict[str, Any] = {"epoch": epoch} if epoch is not None else {}
        if more:
            newer["more"] = True
        return await self._ask(
            "flush",
            "apply_ops",
            params,
            lambda answer: Flushed(read_outcomes(answer, commands), epoch),
            newer,
        )

    async def checksum(self, stream: str) -> StreamSum | Failed:
        return await self._ask("audit", "checksum", {"stream": stream}, read_checksum)

    async def tell(self, device_id: str, decision: Decision) -> Failed | None:
        """Tell what a person has decided, which opens the lane that a refused op has closed.

        None when the server knows, or will never want to: orders do not wait for that.
        """
        params = {"device_id": device_id, "op_id": decision.op_id}
        newer: dict[str, Any] = {"resolution": decision.resolution, "actor": decision.actor}
        if decision.unsent:
            newer["op"] = decision.unsent
        answer = await self._ask("flush", "resolve_dead_letter", params, lambda _: None, newer)
        if answer is None or answer.code in (NOT_ALLOWED, _SHAPELESS):
            return answer
        if answer.failure in ("refused", "too_large"):
            log.error("the server does not take %r: %s", decision, answer.text)
            return None
        return answer

    async def _ask(
        self,
        request: Request,
        name: str,
        params: dict[str, Any],
        read: Callable[[Any], T],
        newer: Mapping[str, Any] | None = None,
    ) -> T | Failed:
        try:
            return read(await self._call(name, params, newer or {}))
        except RemoteError as error:
            log.info("%s: %s", name, error)
            code = error.code if isinstance(error, Refused) else ""
            text = OLDER_SERVER if code in _NO_FUNCTION else str(error)
            return Failed(request, failure_of(error), text, self._dice(), code)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            log.error("%s gave an answer of another shape: %.300r", name, error)  # noqa: TRY400
            return Failed(request, "refused", UNREADABLE, self._dice(), _SHAPELESS)

    async def _call(self, name: str, params: dict[str, Any], newer: Mapping[str, Any]) -> Any:
        """`newer`: parameters that an earlier server does not know, and does without."""
        if newer and name not in self._earlier:
            try:
                return await self._timed(name, {**params, **newer})
            except Refused as error:
                if error.code not in _NO_FUNCTION:
                    raise
                self._earlier.add(name)
        return await self._timed(name, params)

    async def _timed(self, name: str, params: dict[str, Any]) -> Any:
        sent = self._clock.monotonic()
        answer = await self._remote.rpc(name, params)
        self._server_time.sample(instant(answer["server_time"]), sent, self._clock.monotonic())
        return answer


def failure_of(error: RemoteError) -> Failure:
    if isinstance(error, Unreachable):
        return "unreachable"
    if isinstance(error, Unauthorized):
        return "unauthorized"
    if isinstance(error, Refused) and error.code == RESTORED:
        return "restored"
    return "too_large" if isinstance(error, TooLarge) else "refused"
