"""The dishes that the kitchen made, as the server's past tells them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final, cast

from kds.base.errors import Refused, RemoteError
from kds.domain.prep import Made
from kds.domain.rows import OrderType
from kds.sync.shapes import instant, mapping, objects, optional_text, text, whole

log = logging.getLogger(__name__)

Ask = Callable[[str, dict[str, Any]], Awaitable[Any]]
"""`(function, parameters)`: the server's answer; raises a RemoteError."""
BranchId = Callable[[], str | None]

PAGE_ROWS: Final = 2000
OLDER_SERVER: Final = "The server is older than this program and keeps no kitchen times."
UNREADABLE: Final = "The server's answer could not be read. This program may need an update."
NOT_SET_UP: Final = "This terminal does not know its branch yet."

_NO_FUNCTION: Final = ("PGRST202", "42883")


class PrepFailed(RemoteError):
    """The past cannot be read; the text says why, for a person."""


class PrepDesk:
    """The dishes that were made."""

    def __init__(self, ask: Ask, branch_id: BranchId) -> None:
        self._ask, self._branch_id = ask, branch_id

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
            answer = await asked(self._ask, self._branch_id, "prep_lines", {**span, "after": after})
            try:
                found += await asyncio.to_thread(_all_made, answer["lines"])
                after = mapping(answer["next"]) if answer["next"] is not None else None
            except (KeyError, TypeError, ValueError) as error:
                raise _unreadable("prep_lines", answer) from error
            progress(len(found))
            if after is None:
                return tuple(found)


async def asked(
    ask: Ask, branch_id: BranchId, function: str, parameters: dict[str, Any]
) -> Mapping[str, Any]:
    """The answer of a function that is about this branch. Raises a RemoteError for a person."""
    branch = branch_id()
    if branch is None:
        raise PrepFailed(NOT_SET_UP)
    try:
        return mapping(await ask(function, {"branch_id": branch, **parameters}))
    except Refused as error:
        raise PrepFailed(OLDER_SERVER if error.code in _NO_FUNCTION else str(error)) from None
    except ValueError as error:
        raise _unreadable(function, error) from error


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


def _unreadable(function: str, answer: object) -> PrepFailed:
    log.error("%s gave an answer of another shape: %.300r", function, answer)
    return PrepFailed(UNREADABLE)
