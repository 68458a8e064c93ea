"""Terminals that are locked because their disk was copied, and the manager's key to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kds.base.clock import from_iso
from kds.session.store import Store

Rpc = Callable[[str, dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Locked:
    """A terminal whose data two machines have used; what is done there is held back."""

    device_id: str
    name: str
    since: datetime


class LockedDevices:
    """Those of the branch, as the store has them."""

    def __init__(self, store: Store, rpc: Rpc) -> None:
        self._store = store
        self._rpc = rpc

    @property
    def items(self) -> tuple[Locked, ...]:
        """Since longest first."""
        found = (
            Locked(row["id"], row["name"], from_iso(since))
            for row in self._store.rows("devices").values()
            if (since := row.get("locked_since"))
        )
        return tuple(sorted(found, key=lambda one: (one.since, one.device_id)))

    async def let_in(self, device_id: str) -> None:
        """Each machine that has its data goes on as a terminal of its own.

        Raises a RemoteError when the server cannot be asked, or this account may not.
        """
        await self._rpc("release_device", {"device_id": device_id})
