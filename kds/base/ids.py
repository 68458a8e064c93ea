"""Identity: UUIDv7 (RFC 9562 section 5.7). It says who, never in which order."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

NewId = Callable[[], str]
"""Makes a fresh id; passed in wherever an id is needed, so that a test can choose it."""


def uuid7(now: datetime, random_bits: int) -> str:
    """A version 7 UUID of the instant `now` and 74 random bits."""
    millis = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    high = (millis << 16) | (0x7 << 12) | ((random_bits >> 62) & 0xFFF)
    low = (0b10 << 62) | (random_bits & ((1 << 62) - 1))
    return str(uuid.UUID(int=(high << 64) | low))


def id_source(
    now: Callable[[], datetime], randbits: Callable[[int], int] = secrets.randbits
) -> NewId:
    """Ids of the time that `now` gives, from the system's own randomness unless told otherwise."""
    return lambda: uuid7(now(), randbits(74))
