"""SQL text into statements, the way the Supabase CLI records them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<comment> --[^\n]* )
    | (?P<block>   /\* )
    | (?P<escaped> (?<![\w$]) [eE] ' (?: [^'\\] | '' | \\. )* ' )
    | (?P<quoted>  ' (?: [^'] | '' )* ' | " (?: [^"] | "" )* " )
    | (?P<dollar>  (?<![\w$]) (?P<tag> \$ (?: [A-Za-z_]\w* )? \$ ) .*? (?P=tag) )
    | (?P<end>     ; )
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK_EDGE = re.compile(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement without its semicolon, and the line of the file (from 1) it starts on."""

    text: str
    line: int


def split(sql: str) -> Iterator[Statement]:
    """The statements of `sql`; comments between two of them stay with the later one."""
    start = position = 0
    while match := _TOKEN.search(sql, position):
        position = match.end()
        if match["block"]:
            position = _end_of_block(sql, position)
        elif match["end"]:
            yield from _statement(sql, start, match.start())
            start = position
    yield from _statement(sql, start, len(sql))


def _statement(sql: str, start: int, end: int) -> Iterator[Statement]:
    text = sql[start:end]
    if _only_comments(text):
        return
    begins = start + len(text) - len(text.lstrip())
    yield Statement(text.strip(), sql.count("\n", 0, begins) + 1)


def _only_comments(text: str) -> bool:
    text = text.lstrip()
    while text.startswith(("--", "/*")):
        end = _end_of_block(text, 2) if text.startswith("/*") else text.find("\n")
        text = "" if end < 0 else text[end:].lstrip()
    return not text


def _end_of_block(sql: str, position: int) -> int:
    """Behind the comment that opened before `position`; such comments nest."""
    depth = 1
    while depth:
        edge = _BLOCK_EDGE.search(sql, position)
        if edge is None:
            return len(sql)
        depth += 1 if edge[0] == "/*" else -1
        position = edge.end()
    return position
