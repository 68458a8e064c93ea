"""Who is here now, and at which screen they look.

Presence is scarce on a real server, so it carries who and where and nothing that moves fast;
the channel holds back what is tracked in a hurry. Without the channel nobody is known to be
here but oneself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from kds.base.clock import from_iso, to_iso
from kds.base.events import Event
from kds.connection.channels import Channel
from kds.connection.tasks import Tasks
from kds.session.device import Device
from kds.session.status import Person

Presences = Mapping[str, Sequence[Mapping[str, Any]]]


def people_of(presences: Presences, me: Person | None) -> tuple[Person, ...]:
    """Everybody present, oneself first and the others by name. What cannot be read is left out."""
    others = (
        person
        for key, metas in presences.items()
        if (me is None or key != me.key) and (person := _person(key, metas)) is not None
    )
    everybody = sorted(others, key=lambda person: (person.name.casefold(), person.key))
    return (*((me,) if me else ()), *everybody)


def _person(key: str, metas: Sequence[Mapping[str, Any]]) -> Person | None:
    """The newest of what one key has tracked: a terminal may be there twice for a moment."""
    read = [person for meta in metas if (person := _read(key, meta)) is not None]
    return max(read, key=lambda person: person.since, default=None)


def _read(key: str, meta: Mapping[str, Any]) -> Person | None:
    try:
        return Person(
            key=key,
            name=str(meta["name"]),
            role=str(meta["role"]),
            where=str(meta.get("where", "")),
            since=from_iso(meta["since"]),
        )
    except (KeyError, TypeError, ValueError):
        return None  # another program's, or another version's


class Live:
    """The people of this branch as of now; `people_changed` after every change."""

    def __init__(self, now: Callable[[], datetime], tasks: Tasks) -> None:
        self._now = now
        self._tasks = tasks
        self._channel: Channel | None = None
        self._disconnect: list[Callable[[], None]] = []
        self._device: Device | None = None
        self._since = now()
        self._where = ""
        self._presences: Presences = {}
        self.people: tuple[Person, ...] = ()
        self.people_changed: Event[None] = Event()

    def be(self, device: Device) -> None:
        """From now on this terminal is `device`."""
        self._device = device
        self._refresh()

    def set_where(self, screen: str) -> None:
        """Tell the others which screen is looked at."""
        if screen != self._where:
            self._where, self._since = screen, self._now()
            self._refresh()
            self._tell()

    def attach(self, channel: Channel) -> None:
        """Be seen on, and see the others through, `channel`."""
        self._channel = channel
        self._disconnect = [
            channel.presence.connect(self._take),
            channel.joined.connect(lambda _: self._tell()),
            channel.status.connect(self._status),
        ]
        self._tell()

    async def detach(self) -> None:
        """Leave; nobody but oneself is known to be here any more."""
        channel, self._channel = self._channel, None
        for disconnect in self._disconnect:
            disconnect()
        self._take({})
        if channel is not None:
            await channel.release()

    def _status(self, status: str) -> None:
        if status != "joined":
            self._take({})

    def _take(self, presences: Presences) -> None:
        self._presences = presences
        self._refresh()

    def _refresh(self) -> None:
        people = people_of(self._presences, self._me())
        if people != self.people:
            self.people = people
            self.people_changed.emit(None)

    def _me(self) -> Person | None:
        if self._device is None:
            return None
        device = self._device
        return Person(device.id, device.name, device.role, self._where, self._since, me=True)

    def _tell(self) -> None:
        if self._channel is None or self._device is None:
            return
        payload = {
            "device_id": self._device.id,
            "name": self._device.name,
            "role": self._device.role,
            "where": self._where,
            "since": to_iso(self._since),
        }
        self._tasks.start(self._channel.track(payload), "presence")
