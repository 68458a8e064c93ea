"""Which terminal this is: given by the hub once, kept here for every start without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kds.domain.rows import Role


@dataclass(frozen=True, slots=True)
class Device:
    """A registered terminal. `letter` begins the order numbers that it assigns."""

    id: str
    name: str
    role: Role
    letter: str
    branch_id: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Device:
        """From the answer of `register_device`, or from `to_json`; other fields are ignored.

        Raises KeyError or TypeError for something else.
        """
        device = cls(data["id"], data["name"], data["role"], data["letter"], data["branch_id"])
        if not all(isinstance(value, str) for value in asdict(device).values()):
            raise TypeError("a device is described by texts")
        return device

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
