"""A row as PostgreSQL's jsonb prints it, and the checksum of a table of such rows.

Both sides add up the same number over the same text, so a terminal can prove that it holds
exactly the server's rows without sending them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_SUM_BYTES = 6  # the first 48 bits of the md5: sums of 2^20 rows still fit PostgreSQL's numeric


@dataclass(frozen=True, slots=True)
class TableSum:
    """`rows`: how many. `sum`: the sum of their `row_sum`s as decimal text."""

    rows: int
    sum: str


def canonical(value: Any) -> str:
    """`value::jsonb::text` as PostgreSQL prints it.

    Object keys by length in bytes, then by bytes; separators `", "` and `": "`; text outside
    ASCII as it is. Raises TypeError for a float: replicated rows have none, because two
    languages do not print them alike.
    """
    return json.dumps(_ordered(value), ensure_ascii=False, separators=(", ", ": "))


def row_sum(text: str) -> int:
    """The first 48 bits of the md5 of a row's canonical text, as an unsigned integer."""
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:_SUM_BYTES])


def text_checksum(texts: Iterable[str]) -> TableSum:
    """The checksum of rows that are given as canonical text, in any order."""
    sums = [row_sum(text) for text in texts]
    return TableSum(len(sums), str(sum(sums)))


def table_checksum(rows: Iterable[Any]) -> TableSum:
    """The checksum of rows, in any order."""
    return text_checksum(map(canonical, rows))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in _key_order(tuple(value))}
    if isinstance(value, list | tuple):
        return [_ordered(one) for one in value]
    if isinstance(value, float):
        raise TypeError(f"a replicated row holds the float {value!r}")
    return value


@lru_cache(maxsize=1024)
def _key_order(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys as jsonb sorts them; rows of a table share theirs, so this is nearly free."""
    return tuple(sorted(keys, key=lambda key: (len(key.encode()), key.encode())))
