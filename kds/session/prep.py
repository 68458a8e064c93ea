"""The dishes that the kitchen made, as the server's past tells them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, cast

from kds.domain.prep import Made
from kds.domain.rows import OrderType
from kds.session.reports import Ask, BranchId, Reports, reading
from kds.sync.shapes import instant, mapping, objects, optional_text, text, whole

PAGE_ROWS: Final = 2000
WHAT: Final = "kitchen times"


class PrepDesk:
    """The dishes that were made."""

    def __init__(self, ask: Ask, branch_id: BranchId) -> None:
        self._reports = Reports(ask, branch_id, WHAT)

    async def made(
        self, since: datetime, until: datetime, progress: Callable[[int], None] = lambda _: None
    ) -> tuple[Made, ...]:
        """What was sent from `since` until before `until` and is made, as it was sent.

        `progress` hears how many there are so far. Raises a RemoteError, fit for a person.
        """
        span = {"since": since.isoformat(), "until": until.isoformat(), "max_rows": PAGE_ROWS}
        found: list[Made] = []
        after: Mapping[str, Any] | None = None
        while True:
            answer = await self._reports.ask("prep_lines", {**span, "after": after})
            with reading("prep_lines", answer):
                found += await asyncio.to_thread(_all_made, answer["lines"])
                after = mapping(answer["next"]) if answer["next"] is not None else None
            progress(len(found))
            if after is None:
                return tuple(found)


def _all_made(lines: Any) -> list[Made]:
    return [_made(line) for line in objects(lines)]


def _made(value: Mapping[str, Any]) -> Made:
    return Made(
        line_id=text(value["line_id"]),
        item_id=text(value["item_id"]),
        name=text(value["name"]),
        variant=text(value["variant"]),
        qty=whole(value["qty"]),
        station_id=text(value["station_id"]),
        order_type=cast("OrderType", text(value["order_type"])),
        course=whole(value["course"]),
        made_by=text(value["made_by"]),
        number=text(value["number"]),
        due_at=instant(value["due_at"]),
        started_at=_instant(value["started_at"]),
        ready_at=instant(value["ready_at"]),
        placed_at=instant(value["placed_at"]),
        order_ready_at=_instant(value["order_ready_at"]),
        handed_at=_instant(value["handed_at"]),
    )


def _instant(value: Any) -> datetime | None:
    return None if optional_text(value) is None else instant(value)
