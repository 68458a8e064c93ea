"""Which terminal this is: given by the hub once, kept here for every start without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kds.domain.rows import Role, Row


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


def order_number(letter: str, count: int) -> str:
    """`"A", 17` -> `A-017`."""
    return f"{letter}-{count:03d}"


def business_day(now: datetime, branch: Row | None) -> str:
    """The date on the wall of the branch, `2026-11-21`; in UTC while its zone is unknown."""
    zone = branch["timezone"] if branch else "UTC"
    try:
        return now.astimezone(ZoneInfo(zone)).date().isoformat()
    except (ZoneInfoNotFoundError, ValueError):
        return now.date().isoformat()
