"""Frames recorded from a real server, replayed against the hub and compared by shape.

A recording is JSON lines `{"dir", "conn", "frame"}`: `out` and `in` are WebSocket frames as sent
(text, or `{"b64"}` for binary), `open` the address's query, `sql` a statement that was run,
`closed` the code of the end. Tokens are placeholders `<name>` that the test fills in.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_AGE = re.compile(r"(?<=expired )\d+(?= seconds)")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?")


@dataclass(frozen=True)
class Step:
    """One line of a recording."""

    dir: str
    conn: str
    frame: Any


def load(path: Path) -> list[Step]:
    """The steps of a recording, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    objects = [json.loads(line) for line in lines if line]
    return [Step(o["dir"], o.get("conn", ""), o["frame"]) for o in objects]


def wire(frame: Any, tokens: Mapping[str, str]) -> str | bytes:
    """A recorded `out` frame as it goes on the wire, with real tokens in it."""
    if isinstance(frame, dict):
        return base64.b64decode(frame["b64"])
    return re.sub(r"<(\w+)>", lambda match: tokens[match[1]], frame)


def shape(frame: Any) -> Any:
    """What must be equal in a recorded and a real frame.

    Ids, references and instants differ between any two runs; everything else is kept.
    """
    if isinstance(frame, bytes):
        head, topic, event = frame[0], frame[1], frame[2]
        return [
            head,
            topic,
            event,
            frame[4],
            _masked(frame[5:].decode("utf-8", "replace")).replace(" ", ""),
        ]
    if isinstance(frame, dict) and "b64" in frame:
        return shape(base64.b64decode(frame["b64"]))
    return _shape(json.loads(frame))


def _shape(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        pairs = ((_masked(key), _shape(inner, key)) for key, inner in value.items())
        return dict(pairs)
    if isinstance(value, list):
        return [_shape(item, name) for item in value]
    if name in ("phx_ref", "phx_ref_prev"):
        return "<ref>"
    if name in ("id", "ids") and isinstance(value, int) and value > 100:
        return "<id>"
    return _masked(value) if isinstance(value, str) else value


def _masked(text: str) -> str:
    return _AGE.sub("<age>", _STAMP.sub("<time>", _UUID.sub("<uuid>", text)))


def canonical(frames: Iterable[Any]) -> list[str]:
    """Shapes in an order of their own: a server may send independent frames either way round."""
    return sorted(json.dumps(shape(frame), sort_keys=True) for frame in frames)
