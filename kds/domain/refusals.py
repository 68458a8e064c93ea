"""Why a command has no effect. To the outside a value; inside a verb the shortest way out."""

from __future__ import annotations

from dataclasses import dataclass

from kds.domain.rows import Row


@dataclass(frozen=True, slots=True)
class Rejected:
    """It may never happen; `reason` is for a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """The world moved on; `remote` is the row as it is now."""

    remote: Row


Refusal = Rejected | Conflict


class Reject(Exception):
    """Raised by a verb and its readers, turned into `Rejected` by `domain.apply`."""
