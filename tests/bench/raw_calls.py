"""The floor of every figure that includes a request: the same SQL function, called by psycopg."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any, LiteralString
from uuid import uuid4

from psycopg.types.json import Jsonb

from kds.domain.rows import Role
from tests.bench.writes import Writer
from tests.support.commands import BRANCH

_CALLS: dict[str, LiteralString] = {
    "apply_ops": "select public.apply_ops(%s::uuid, %s)",
    "changes_since": "select public.changes_since(%s, %s)",
    "snapshot": "select public.snapshot(%s)",
}


async def raw_call(connection: Writer, role: Role, function: str, *values: Any) -> float:
    """Milliseconds of one call under the rights of `role`, its answer read, and the commit."""
    claims = {
        "role": "authenticated",
        "sub": str(uuid4()),
        "app_metadata": {"branches": [BRANCH], "role": role},
    }
    passed = [Jsonb(one) if isinstance(one, dict) else one for one in values]
    began = time.perf_counter()
    async with connection.transaction():
        await connection.execute(
            "select set_config('request.jwt.claims', %s, true), set_config('role', %s, true)",
            (json.dumps(claims), "authenticated"),
        )
        await (await connection.execute(_CALLS[function], passed)).fetchone()
    return (time.perf_counter() - began) * 1000


async def raw_flush(connection: Writer, device_id: str, ops: Sequence[dict[str, Any]]) -> float:
    """Seconds to hand in `ops` in batches of 50, as a till does, one after the other."""
    took = 0.0
    for first in range(0, len(ops), 50):
        batch = Jsonb(list(ops[first : first + 50]))
        took += await raw_call(connection, "pos", "apply_ops", device_id, batch)
    return took / 1000
