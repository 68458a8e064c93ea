"""Asks the server for a report about this branch; what goes wrong is a sentence for a person."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from kds.base.errors import Refused, RemoteError
from kds.sync.shapes import mapping

log = logging.getLogger(__name__)

Ask = Callable[[str, dict[str, Any]], Awaitable[Any]]
"""`(function, parameters)`: the server's answer; raises a RemoteError."""
BranchId = Callable[[], str | None]
"""None while the terminal does not know its branch."""

OLDER_SERVER: Final = "The server is older than this program and keeps no {what}."
UNREADABLE: Final = "The server's answer could not be read. This program may need an update."
NOT_SET_UP: Final = "This terminal does not know its branch yet."

_NO_FUNCTION: Final = ("PGRST202", "42883")


class ReportFailed(RemoteError):
    """There is no report; the text says why, for a person."""


class Reports:
    """The functions of the server that tell of `what` ("kitchen times")."""

    def __init__(self, ask: Ask, branch_id: BranchId, what: str) -> None:
        self._ask, self._branch_id, self._what = ask, branch_id, what

    async def ask(self, function: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer of `function` for this branch. Raises a RemoteError, fit for a person."""
        branch_id = self._branch_id()
        if branch_id is None:
            raise ReportFailed(NOT_SET_UP)
        try:
            answer = await self._ask(function, {"branch_id": branch_id, **parameters})
        except Refused as error:
            older = OLDER_SERVER.format(what=self._what)
            raise ReportFailed(older if error.code in _NO_FUNCTION else str(error)) from None
        with reading(function, answer):
            return mapping(answer)


@contextmanager
def reading(function: str, answer: object) -> Iterator[None]:
    """While an answer is taken apart: one of another shape is logged and is a ReportFailed."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as error:
        log.error("%s gave an answer of another shape: %.300r", function, answer)  # noqa: TRY400
        raise ReportFailed(UNREADABLE) from error
