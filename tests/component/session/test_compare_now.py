"""Somebody asks whether this terminal has what the server has."""

from __future__ import annotations

from tests.support.sessions import Place, cart, set_up, started, wait_for


async def test_a_comparison_is_told_with_its_time(place: Place) -> None:
    async with started(await place.options("till")) as till:
        await set_up(till)
        asked = till.now()
        assert await till.audit()
        await wait_for(till.status_changed, lambda: till.status.verified is True)
        compared = till.metrics().compared_at
        assert compared is not None
        assert compared >= asked


async def test_a_difference_that_a_person_found_is_mended(place: Place) -> None:
    hub = place.site.hub
    async with started(await place.options("till")) as till:
        await set_up(till)
        order_id = await till.actions.place_order(cart("l1"))
        await wait_for(  # its own first comparison is over, the next one is far away
            till.status_changed, lambda: till.status.waiting == 0 and till.status.verified is True
        )
        hub.sql(
            "do $$ begin set local session_replication_role = replica;"  # nothing is logged
            f" update public.orders set note = 'changed' where id = '{order_id}'; end $$"
        )
        assert not await till.audit()
        await wait_for(
            till.store.changed,
            lambda: (till.store.row("orders", order_id) or {}).get("note") == "changed",
        )
        assert await till.audit()


async def test_loading_everything_is_told_from_0_to_1(place: Place) -> None:
    async with started(await place.options("till")) as till:
        seen = []
        till.status_changed.connect(lambda status: seen.append(status.bootstrapping))
        await set_up(till)
        await wait_for(till.status_changed, lambda: till.status.bootstrapping is None)
    told = [done for done in seen if done is not None]
    assert told[0] == 0.0
    assert told == sorted(told)
