"""The five questions to the server, each with its answer or its failure as an event."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from kds.base.clock import Clock, from_iso
from kds.base.errors import RemoteError, TooLarge, Unauthorized, Unreachable
from kds.domain.commands import Command
from kds.sync.ports import Remote
from kds.sync.servertime import ServerTime
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

UNREADABLE = "The server's answer could not be read. This terminal may need an update."


class Requests:
    """Asks; every answer also tells `server_time` what time it is there."""

    def __init__(
        self, remote: Remote, clock: Clock, server_time: ServerTime, dice: Callable[[], float]
    ) -> None:
        self._remote = remote
        self._clock = clock
        self._server_time = server_time
        self._dice = dice

    async def pull(self, cursors: Mapping[str, Cursor]) -> Pulled | Failed:
        wanted = {stream: cursor.to_wire() for stream, cursor in cursors.items()}
        params = {"cursors": wanted, "max_rows": 1000}
        return await self._ask(
            "pull", "changes_since", params, lambda answer: Pulled(read_pull(answer))
        )

    async def snapshot(self, streams: Sequence[str]) -> Snapped | Failed:
        params = {"streams": list(streams)}
        return await self._ask(
            "pull", "snapshot", params, lambda answer: Snapped(read_snapshot(answer))
        )

    async def flush(self, device_id: str, commands: Sequence[Command]) -> Flushed | Failed:
        params = {"device_id": device_id, "ops": [command.to_wire() for command in commands]}
        return await self._ask(
            "flush", "apply_ops", params, lambda answer: Flushed(read_outcomes(answer))
        )

    async def checksum(self, stream: str) -> StreamSum | Failed:
        return await self._ask("audit", "checksum", {"stream": stream}, read_checksum)

    async def resolve(self, device_id: str, op_id: str) -> None:
        """Open the lane that a refused op has closed. Raises what the connection raises."""
        await self._call("resolve_dead_letter", {"device_id": device_id, "op_id": op_id})

    async def _ask(
        self, request: Request, name: str, params: dict[str, Any], read: Callable[[Any], T]
    ) -> T | Failed:
        try:
            return read(await self._call(name, params))
        except RemoteError as error:
            log.info("%s: %s", name, error)
            return Failed(request, failure_of(error), str(error), self._dice())
        except (KeyError, TypeError, ValueError, AttributeError):
            log.exception("%s gave an answer of another shape", name)
            return Failed(request, "refused", UNREADABLE, self._dice())

    async def _call(self, name: str, params: dict[str, Any]) -> Any:
        sent = self._clock.monotonic()
        answer = await self._remote.rpc(name, params)
        self._server_time.sample(from_iso(answer["server_time"]), sent, self._clock.monotonic())
        return answer


def failure_of(error: RemoteError) -> Failure:
    if isinstance(error, Unreachable):
        return "unreachable"
    if isinstance(error, Unauthorized):
        return "unauthorized"
    return "too_large" if isinstance(error, TooLarge) else "refused"
