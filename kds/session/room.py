"""Being in the branch's room: seen by the others, heard by them, and hearing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kds.base.clock import Clock
from kds.connection.channels import Channel
from kds.connection.tasks import Tasks
from kds.session.device import Device
from kds.session.listener import Listener
from kds.session.live import Live
from kds.session.showing import Showing
from kds.sync.wire import Cursor


class Room:
    """One channel for three: who is here (`live`), what this screen shows (`showing`), and what
    the others' screens do (`listener`). `silent`, `device`, `stations`, `floor`: as theirs."""

    def __init__(
        self,
        tasks: Tasks,
        clock: Clock,
        *,
        now: Callable[[], datetime],
        silent: float,
        device: Callable[[], Device | None],
        stations: Callable[[], frozenset[str]],
        floor: Callable[[], Cursor | None],
    ) -> None:
        self.live = Live(now, tasks)
        self.showing = Showing(tasks, clock, device=device, stations=stations, floor=floor)
        self.listener = Listener(now, silent)

    def enter(self, channel: Channel) -> None:
        """Join the others; the room lets go of the channel when it is left."""
        self.live.attach(channel)
        self.showing.attach(channel)
        self.listener.attach(channel)

    def hush(self) -> None:
        """Say goodbye, and neither speak nor listen any more."""
        self.showing.detach()
        self.listener.detach()

    async def leave(self) -> None:
        """Nobody but oneself is known to be here any more."""
        self.hush()
        await self.live.detach()
