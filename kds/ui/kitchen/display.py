"""How a cook has set up this screen. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from kds.domain.tickets import Sort

TextSize = Literal["s", "m", "l", "xl"]
Tap = Literal["bump", "start"]

MOST_COLUMNS = 8
KEPT_AS = "display"
"""The key among the settings of a session."""


@dataclass(frozen=True, slots=True)
class Display:
    """`columns`: 0 for as many as fit. `tap`: what a first tap does; with "start" the second one
    bumps. `keys`: what this screen has learnt, name of a key -> name of an act."""

    columns: int = 0
    text: TextSize = "m"
    sort: Sort = "age"
    tap: Tap = "bump"
    all_day: bool = False
    keys: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Any) -> Display:
        """What was kept; the default for whatever is missing, unknown or broken."""
        if not isinstance(kept, dict):
            return cls()
        read = {
            "columns": _one_of(kept.get("columns"), range(MOST_COLUMNS + 1)),
            "text": _one_of(kept.get("text"), get_args(TextSize)),
            "sort": _one_of(kept.get("sort"), get_args(Sort)),
            "tap": _one_of(kept.get("tap"), get_args(Tap)),
            "all_day": _one_of(kept.get("all_day"), (True, False)),
            "keys": _texts(kept.get("keys")),
        }
        return cls(**{name: value for name, value in read.items() if value is not None})


def _one_of(value: Any, known: Any) -> Any:
    """The value if it is one of these and of their type (1 is not True), else None."""
    return next((one for one in known if type(one) is type(value) and one == value), None)


def _texts(value: Any) -> dict[str, str]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {key: act for key, act in pairs if isinstance(key, str) and isinstance(act, str)}
