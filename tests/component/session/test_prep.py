"""A day that was cooked on a real hub: its times and its quotes are those of the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kds.domain.prep import House, percentile, timings
from kds.domain.quote import Quote
from kds.session.quotes import KEPT
from kds.session.reports import ReportFailed
from tests.support.sessions import Place, cart, set_up, started, wait_for

COOKED = """
    with made as (
        select n, %s::timestamptz + make_interval(secs => 600 * n) as at, 100 + 10 * n as took
        from generate_series(1, %s) n
    ), orders as (
        insert into public.orders (id, branch_id, device_id, number, type, state, placed_at)
        select 'o' || n, %s, 'd', 'A-' || n, 'dine_in', 'closed', at from made
    )
    insert into public.order_lines (
        id, branch_id, order_id, position, item_id, name, qty, price, station_id, state, sent_at,
        ready_at, made_by
    )
    select 'l' || n, %s, 'o' || n, 1, 'margherita', 'Margherita', 1, 1200, 'grill', 'ready', at,
        at + make_interval(secs => took), 'Kim'
    from made
"""
"""Dishes that came one after another, so that none waited for another; each took 10 s longer."""

START = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
COUNT = 40
TIMES = [100 + 10 * n for n in range(1, COUNT + 1)]


def cook(place: Place) -> None:
    branch = place.site.branch_id
    place.site.hub.sql(COOKED, START, COUNT, branch, branch)


async def test_the_times_of_a_day_are_told_as_they_were(place: Place) -> None:
    cook(place)
    async with started(await place.options("office", "manager")) as office:
        await set_up(office)
        made = await office.prep_desk().made(START, START + timedelta(days=1))
        house = House(office.store.rows("stations"), office.store.rows("menu_items"), UTC)
        (grill,) = timings(made, "station", house)
    assert [dish.took_s for dish in made] == TIMES
    assert (grill.name, grill.n, grill.median_s, grill.p90_s) == ("Grill", COUNT, 305, 461)
    assert grill.late == sum(took >= 480 for took in TIMES)


async def test_a_till_quotes_what_the_kitchen_needed_and_remembers_it(place: Place) -> None:
    cook(place)
    expected = Quote(round(percentile(TIMES, 0.5)), round(percentile(TIMES, 0.9)))
    async with started(await place.options("till")) as till:
        await set_up(till)
        await wait_for(till.quotes.changed, lambda: till.quotes.of(cart("l1")) is not None)
        assert till.quotes.of(cart("l1")) == expected == Quote(305, 461)
        assert await till.settings.get(KEPT)
    async with started(await place.options("till", url="http://127.0.0.1:9")) as alone:
        assert alone.quotes.of(cart("l1")) == expected


async def test_a_terminal_that_was_never_set_up_says_why_there_is_nothing(place: Place) -> None:
    async with started(await place.options("office", "manager", url="http://127.0.0.1:9")) as alone:
        with pytest.raises(ReportFailed, match="does not know its branch"):
            await alone.prep_desk().made(START, START + timedelta(days=1))
