"""The memory behind the receipts, with screens of its own."""

from __future__ import annotations

from datetime import datetime

from kds.domain.painted import Painted
from kds.domain.screens import Screens
from kds.domain.sightings import PATIENCE, Sightings


class Book(Sightings):
    """Looks at its lines whenever one of its screens speaks."""

    def __init__(self) -> None:
        self.screens = Screens(PATIENCE.silent)
        super().__init__(self.screens)

    def alarmed(self, now: datetime) -> tuple[str, ...]:
        """The orders of the late lines."""
        return tuple(dict.fromkeys(line.order_id for line in self.late(now)))

    def hear(self, painted: Painted, now: datetime) -> set[str]:
        self.screens.hear(painted, now)
        return self.look(now)
