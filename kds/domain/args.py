"""Reading a command's arguments: plain JSON in, checked values out.

Args come from an outbox that an older version may have written, so a reader says what is wrong
in words for a person instead of failing somewhere deeper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from kds.base.clock import from_iso, to_iso
from kds.domain.refusals import Reject

Args = Mapping[str, Any]

_INSTANT: Final = re.compile(
    r"2\d{3}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?"
    r"(Z|[+-](0\d|1[0-5]):[0-5]\d)",
    re.ASCII,
)
"""What this language and PostgreSQL read alike."""


def text(args: Args, name: str) -> str:
    """A text that must be there and not blank."""
    value = args.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Reject(f"{name} is missing")
    return value


def optional_text(args: Args, name: str) -> str:
    """A text, empty when absent."""
    value = args.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Reject(f"{name} must be text")
    return value


def optional_instant(args: Args, name: str) -> str | None:
    """A moment with its offset, as the server writes it; None when absent."""
    value = args.get(name)
    if value is None:
        return None
    try:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            return to_iso(from_iso(value))
    except ValueError:  # the 30th of February
        pass
    raise Reject(f"{name} must be a time")


def choice(args: Args, name: str, allowed: tuple[str, ...], *, default: str | None = None) -> str:
    if default is not None and name not in args:
        return default
    value = text(args, name)
    if value not in allowed:
        raise Reject(f"{name} must be one of {', '.join(allowed)}")
    return value


def integer(
    args: Args, name: str, *, default: int | None = None, at_least: int | None = None
) -> int:
    """A whole number; a boolean is none."""
    value = args.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Reject(f"{name} must be a whole number")
    if at_least is not None and value < at_least:
        raise Reject(f"{name} must be at least {at_least}")
    return value


def optional_integer(args: Args, name: str) -> int | None:
    return None if args.get(name) is None else integer(args, name)


def flag(args: Args, name: str, *, default: bool | None = None) -> bool:
    value = args.get(name, default)
    if not isinstance(value, bool):
        raise Reject(f"{name} must be true or false")
    return value


def mapping(args: Args, name: str) -> Args:
    value = args.get(name)
    if not isinstance(value, Mapping):
        raise Reject(f"{name} is missing")
    return value


def objects(args: Args, name: str, *, at_least: int = 1) -> tuple[Args, ...]:
    """A list of objects; an absent one is empty."""
    value = args.get(name)
    value = [] if value is None else value
    if not isinstance(value, list) or len(value) < at_least:
        raise Reject(f"{name} must name at least {at_least}")
    if not all(isinstance(one, Mapping) for one in value):
        raise Reject(f"{name} must be objects")
    return tuple(value)


def texts(args: Args, name: str, *, at_least: int = 1) -> tuple[str, ...]:
    """A list of texts; an absent one is empty."""
    value = args.get(name)
    value = [] if value is None else value
    if not isinstance(value, list) or len(value) < at_least:
        raise Reject(f"{name} must name at least {at_least}")
    if not all(isinstance(one, str) for one in value):
        raise Reject(f"{name} must be texts")
    return tuple(value)
