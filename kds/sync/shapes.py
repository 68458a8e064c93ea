"""What a piece of the server's JSON has to be. Pure; raises ValueError with a short text.

The machines count and compare what they are given, so a rev that is text or a stream that is
missing has to be found here, before anything has been decided on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from kds.base.clock import from_iso

MAX_WHOLE: Final = 2**63 - 1
"""The largest number that PostgreSQL and SQLite can keep."""


def whole(value: Any) -> int:
    """A rev or a count: a whole number from 0 on."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_WHOLE:
        raise ValueError(f"no whole number: {shown(value)}")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"no text: {shown(value)}")  # noqa: TRY004  (all shapes fail alike)
    return value


def optional_text(value: Any) -> str | None:
    return None if value is None else text(value)


def mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"no object: {shown(value)}")  # noqa: TRY004
    return value


def objects(value: Any) -> list[Mapping[str, Any]]:
    """A list of objects."""
    if not isinstance(value, list):
        raise ValueError(f"no list: {shown(value)}")  # noqa: TRY004
    return [mapping(one) for one in value]


def instant(value: Any) -> datetime:
    """A moment at which a server can be running, in UTC."""
    read = from_iso(text(value))
    if not 2000 <= read.year < 3000:
        raise ValueError(f"no time of today: {shown(value)}")
    return read


def shown(value: Any) -> str:
    """A value as a log may show it, however long it is."""
    if isinstance(value, str | bytes):
        value = value[:_SHOWN]
    return repr(value)[:_SHOWN] if not isinstance(value, list | dict) else type(value).__name__


_SHOWN: Final = 80
