"""What PostgreSQL can store as JSON: no NUL and no half of a surrogate pair. Pure.

One such character in one op would make the server refuse a whole batch.
"""

from __future__ import annotations

import re
from typing import Any, Final

_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")
MARK: Final = "\N{REPLACEMENT CHARACTER}"


def clean(value: Any) -> Any:
    """The JSON value with every such character replaced by a mark."""
    if isinstance(value, str):
        return _UNFIT.sub(MARK, value)
    if isinstance(value, dict):
        return {clean(key): clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [clean(one) for one in value]
    return value
