"""The numbers of orders: short, one for each order of a day, also after the counter was lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from kds.session.device import Device
from kds.session.numbers import OrderNumbers
from kds.sync.settings import Read, as_it_is
from tests.support.qt import BRANCH, NOON, LocalSettings, order_row

TILL = Device("0f", "Till", "pos", "A", BRANCH)
HERE = {"timezone": "Europe/Berlin"}


def numbers(disk: LocalSettings) -> OrderNumbers:
    return OrderNumbers(lambda: disk, lambda: NOON)  # type: ignore[arg-type, return-value]


async def test_it_goes_on_where_the_earlier_run_ended() -> None:
    disk = LocalSettings()
    first = numbers(disk)
    assert await first.next(TILL, HERE, ()) == "A-001"
    disk.kept.update(first.to_keep)
    assert await numbers(disk).next(TILL, HERE, ()) == "A-002"


async def test_another_day_begins_anew() -> None:
    disk = LocalSettings()
    disk.kept["counter:orders"] = {"day": "2020-01-01", "value": 17}
    assert await numbers(disk).next(TILL, HERE, ()) == "A-001"


@pytest.mark.parametrize("kept", [None, 7, {"day": "2020-01-01"}, {"day": 1, "value": 2}])
async def test_a_counter_that_is_lost_goes_on_behind_the_orders_of_today(kept: Any) -> None:
    disk = LocalSettings()
    disk.kept["counter:orders"] = kept
    orders = [
        order_row("o1", "A-007", NOON),
        order_row("o2", "B-020", NOON),
        order_row("o3", "A-030", NOON - timedelta(days=1)),
        order_row("o4", "AA-040", NOON),
        order_row("o5", "A-x", NOON),
    ]
    assert await numbers(disk).next(TILL, HERE, orders) == "A-008"


class SlowDisk(LocalSettings):
    """Others get their turn while it reads."""

    async def get(self, key: str, read: Read = as_it_is) -> Any:
        await asyncio.sleep(0)
        return await super().get(key, read)


async def test_two_orders_at_once_do_not_get_one_number() -> None:
    both = numbers(SlowDisk())
    found = await asyncio.gather(*(both.next(TILL, HERE, ()) for _ in range(2)))
    assert sorted(found) == ["A-001", "A-002"]
