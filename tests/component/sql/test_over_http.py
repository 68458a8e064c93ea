"""What the gateway must hand through for the SQL to keep its word."""

from __future__ import annotations

from typing import Any, cast

import pytest
from supabase import PostgrestAPIError

from tests.support.hub import Site
from tests.support.postgres import AT
from tests.support.restaurant import new_line, new_order


async def test_a_cloned_terminal_is_locked_out_for_good(site: Site) -> None:
    op = {
        "op_id": "a", "seq": 1, "kind": "place_order", "v": 1, "lane": "o1", "actor": "Mia",
        "at": AT, "args": {"order": new_order("o1"), "lines": [new_line("l1")]},
    }  # fmt: skip
    async with site.client("pos") as client:
        device_id = await site.device(client)
        for actor, outcome in ("Mia", "applied"), ("Mia", "duplicate"):
            body = {"device_id": device_id, "ops": [{**op, "actor": actor}]}
            answer = await client.rpc("apply_ops", body).execute()
            assert cast(Any, answer.data)["outcomes"][0]["result"] == outcome
        for actor in "Leo", "Mia":
            body = {"device_id": device_id, "ops": [{**op, "actor": actor}]}
            with pytest.raises(PostgrestAPIError, match="Two machines") as refused:
                await client.rpc("apply_ops", body).execute()
            assert refused.value.code == "PT409"
