"""Who this terminal is, as its own file knows: what the hub called it, and what it was before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kds.domain.rows import Role
from kds.session.admission import Application
from kds.session.device import Device
from kds.sync.replica import Replica

_KEPT_AS = "device"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the profile says. `branch_id` is None when the account decides."""

    name: str
    role: Role
    branch_id: str | None


class Identity:
    """`device`: None until the hub has named this terminal, in this run or an earlier one."""

    def __init__(self, replica: Replica, wanted: Wanted) -> None:
        self._replica = replica
        self._wanted = wanted
        self.device: Device | None = None

    @property
    def branch_id(self) -> str | None:
        return self.device.branch_id if self.device else None

    async def kept(self) -> Device | None:
        """Who the hub said this is, last time; None for a new file or another branch's.

        The profile has the last word on the role: it decides which streams are followed.
        """
        kept: Device | None = await self._replica.settings.get(_KEPT_AS, Device.from_json)
        if kept is None or self._wanted.branch_id not in (None, kept.branch_id):
            return None
        return replace(kept, role=self._wanted.role)

    async def keep(self, device: Device) -> None:
        """The hub says that this terminal is `device`."""
        if device != self.device:
            await self._replica.settings.put(_KEPT_AS, device.to_json())

    async def application(self) -> Application:
        """With what this terminal asks to be let in."""
        device_id, was = await self._replica.identity()
        wanted = self._wanted
        branch_id = wanted.branch_id or self.branch_id
        return Application(device_id, wanted.name, wanted.role, branch_id, was)

    async def start_over(self, used: str) -> Application:
        """This terminal was copied, and let in again: the id `used` is not used any more."""
        await self._replica.start_over(used)
        return await self.application()
