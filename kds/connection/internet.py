"""The real network: Supabase's HTTP and WebSocket interfaces, through the official packages.

The packages take most of a second to import, so that happens in a thread and at the first use: a
window is there before they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from kds.connection.policy import DEFAULT, Policy
from kds.connection.ports import Backend, Socket
from kds.connection.signals import Reason

if TYPE_CHECKING:
    from kds.connection.http import Http


class Internet:
    """The back end at `url` (the project's root), reached with the program's public `key`."""

    def __init__(self, url: str, key: str, policy: Policy = DEFAULT) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._policy = policy

    async def backend(self, on_contact: Callable[[Reason], None]) -> Backend:
        return await asyncio.to_thread(self._load, on_contact)

    async def open(
        self, token: str, *, on_answer: Callable[[int], None], on_lost: Callable[[], None]
    ) -> Socket:
        from kds.connection.websocket import WebSocket

        return await WebSocket.open(
            self._url, self._key, token, self._policy, on_answer=on_answer, on_lost=on_lost
        )

    def _load(self, on_contact: Callable[[Reason], None]) -> Http:
        import kds.connection.websocket  # noqa: F401  (ready when the socket is wanted)
        from kds.connection.http import Http

        return Http(self._url, self._key, self._policy, on_contact)
