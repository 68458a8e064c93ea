"""Rings the bell for what happens in the branch, and for what the server has refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from kds.domain import notices
from kds.domain.changes import ChangeSet
from kds.session.device import Device
from kds.session.notices import NoticeBox
from kds.session.store import Store
from kds.sync.ops import DeadOp


class Reporter:
    """Tells `bell` what the person at this device should know."""

    def __init__(self, store: Store, bell: NoticeBox, now: Callable[[], datetime]) -> None:
        self._store, self._bell, self._now = store, bell, now
        self._told: set[str] = set()  # refused ops; the bell forgets, and would ring for them again

    def follow(self, change_set: ChangeSet, device: Device) -> None:
        """The store has taken it in; `device` is who looks."""
        stages = int((self._store.branch or {}).get("expo_stages", 1))
        reader = notices.Reader(device.role, device.id, stages)
        self._bell.add(notices.derive(change_set, reader, self._now()))

    def refused(self, dead_ops: Iterable[DeadOp]) -> None:
        """These need a person; what only waits behind another one is not told."""
        fresh = [
            dead
            for dead in dead_ops
            if dead.result != "blocked" and dead.command.op_id not in self._told
        ]
        self._told.update(dead.command.op_id for dead in fresh)
        self._bell.add(map(self._notice, fresh))

    def lost_setting(self, key: str) -> None:
        """It could not be read from the disk."""
        self._bell.add([notices.setting_unreadable(key, self._now())])

    def lost_notices(self, count: int) -> None:
        """So many notices could not be read from the disk."""
        if count:
            self._bell.add([notices.notices_unreadable(count, self._now())])

    def _notice(self, dead: DeadOp) -> notices.Notice:
        command = dead.command
        number = notices.order_number(command, self._store.row("orders", command.lane))
        if dead.unreadable:
            return notices.entry_unreadable(command.op_id, number, dead.reason, self._now())
        return notices.refused(command, dead.reason, number, self._now())
