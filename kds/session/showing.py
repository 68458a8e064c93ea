"""What this kitchen has on its screen, told to the branch (`domain.painted`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kds.base.clock import Clock
from kds.connection.channels import Channel
from kds.connection.tasks import Tasks
from kds.domain.painted import CLOSED, PAINTED, Painted
from kds.session.announcer import Announcer
from kds.session.device import Device
from kds.sync.wire import Cursor


class Showing:
    """Speaks for the screen of this device, as long as somebody can see it.

    `stations`: whose lines it shows now. `floor`: how far it has the server's floor stream.
    """

    def __init__(
        self,
        tasks: Tasks,
        clock: Clock,
        *,
        device: Callable[[], Device | None],
        stations: Callable[[], frozenset[str]],
        floor: Callable[[], Cursor | None],
    ) -> None:
        self._tasks = tasks
        self._device, self._stations, self._floor = device, stations, floor
        self._announcer = Announcer(clock, self._broadcast)
        self._channel: Channel | None = None
        self._undo: list[Callable[[], None]] = []
        self._here: frozenset[str] = frozenset()  # the keys of those who are present
        self._spoken = False

    def painted(self, shown: Iterable[str]) -> None:
        """All that this device knows is on its screen, with these orders on the page in front.

        Only a kitchen's word counts: a manager who looks at the board cooks nothing.
        """
        floor, device = self._floor(), self._device()
        if floor is None or device is None or device.role != "kitchen":
            return
        self._announcer.show(
            Painted(
                device.id, device.name, self._stations(), floor.epoch, floor.rev, frozenset(shown)
            )
        )

    def covered(self) -> None:
        """The screen cannot be seen any more."""
        self._announcer.hide()

    def attach(self, channel: Channel) -> None:
        """Speak on the branch's channel, which its owner joins and leaves."""
        self._channel = channel
        self._undo += [
            channel.presence.connect(lambda state: self._meet(frozenset(state))),
            channel.status.connect(self._on_status),
        ]
        self._on_status(channel.state)

    def detach(self) -> None:
        """Speak no more; no timer is left. Whoever has heard this screen hears that it is switched
        off on purpose, and does not miss it."""
        self._announcer.hide()
        channel, device, self._channel = self._channel, self._device(), None
        if self._spoken and channel is not None and device is not None:
            goodbye = channel.broadcast(CLOSED, {"device_id": device.id}, key=PAINTED)
            self._tasks.start(goodbye, "say goodbye", finish=True)
        while self._undo:
            self._undo.pop()()

    def _broadcast(self, painted: Painted) -> None:
        if self._channel is not None:
            self._spoken = True
            sending = self._channel.broadcast(PAINTED, painted.to_payload(), key=PAINTED)
            self._tasks.start(sending, "announce what is painted")

    def _meet(self, here: frozenset[str]) -> None:
        """Somebody who has just come has heard nothing yet."""
        new, self._here = here - self._here, here
        if new:
            self._announcer.repeat()

    def _on_status(self, status: str) -> None:
        if status == "joined":
            self._announcer.repeat()
        else:
            self._here = frozenset()
