"""A terminal whose disk was copied: both machines are locked, let in again, and lose nothing."""

from __future__ import annotations

import shutil
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from kds.base.errors import RemoteError
from kds.session.session import Session, SessionOptions
from kds.sync.attempts import Pace
from tests.support.scene import world
from tests.support.sessions import Place, cart, set_up, started, wait_for

NOWHERE = "http://127.0.0.1:9"
PATIENT = Pace(pause=3600)  # asks again only when there is a reason


async def sent(session: Session) -> None:
    await wait_for(session.status_changed, lambda: session.status.waiting == 0)


async def locked(session: Session) -> None:
    """It was told so, and has the row that says so: then a release is news to it."""
    await wait_for(session.status_changed, lambda: "Two machines" in (session.status.problem or ""))
    await wait_for(
        session.store.changed,
        lambda: any(row.get("locked_since") for row in session.store.rows("devices").values()),
    )


def on_server(place: Place) -> list[str]:
    rows = place.site.hub.sql(
        "select id from public.orders where branch_id = %s", place.site.branch_id
    )
    return sorted(str(order) for (order,) in rows)


async def copied(place: Place) -> tuple[SessionOptions, SessionOptions, str]:
    """Two machines with the data of one till, and an order that both still have to send."""
    options = await place.options("till")
    async with started(options) as till:
        await set_up(till)
        await till.actions.place_order(cart("before"))
        await sent(till)
    async with started(replace(options, url=NOWHERE)) as till:
        both = await till.actions.place_order(cart("both"))
    other = replace(options, data_dir=options.data_dir.with_name("copy"))
    shutil.copytree(options.data_dir, other.data_dir)
    return options, other, both


async def at_odds(place: Place, stack: AsyncExitStack) -> tuple[Session, Session, list[str]]:
    """Both machines at work and locked, and all the orders that were taken at them."""
    one, other, both = await copied(place)
    taken = [both]
    tills: list[Session] = []
    for options in (one, other):
        offline = replace(options, url=NOWHERE)
        async with started(offline) as till:
            taken.append(await till.actions.place_order(cart(f"at-{len(taken)}")))
        paced = world(options, pace=PATIENT)
        tills.append(await stack.enter_async_context(started(options, paced)))
        if len(tills) == 1:
            await sent(tills[0])
    await locked(tills[1])
    taken.append(await tills[0].actions.place_order(cart("held-back")))
    await locked(tills[0])
    return tills[0], tills[1], taken


async def test_both_machines_go_on_as_terminals_of_their_own(place: Place) -> None:
    async with AsyncExitStack() as stack:
        boss = await stack.enter_async_context(started(await place.options("boss", "manager")))
        await set_up(boss)
        one, other, taken = await at_odds(place, stack)
        assert one.device is not None
        old = one.device
        await wait_for(boss.store.changed, lambda: bool(boss.locked.items))
        (item,) = boss.locked.items
        assert (item.device_id, item.name) == (old.id, "till")
        await boss.locked.let_in(item.device_id)
        for till in (one, other):
            await sent(till)
            await wait_for(till.status_changed, lambda till=till: till.status.problem is None)
        devices = [till.device for till in (one, other)]
        assert len({device.id for device in devices if device} | {old.id}) == 3
        assert len({device.letter for device in devices if device} | {old.letter}) == 3
        await wait_for(boss.store.changed, lambda: not boss.locked.items)
        for till in (one, other):
            taken.append(await till.actions.place_order(cart(f"after-{len(taken)}")))
            await sent(till)
            assert till.attention.items == ()
        assert set(taken) < set(on_server(place))
        assert len(on_server(place)) == len(taken) + 1  # and the one of before
        names = {person.key for person in boss.live.people}
        await wait_for(
            boss.live.people_changed,
            lambda: (
                {device.id for device in devices if device}
                <= {person.key for person in boss.live.people}
            ),
        )
        assert names


async def test_a_till_cannot_let_itself_in(place: Place) -> None:
    async with AsyncExitStack() as stack:
        one, _, _ = await at_odds(place, stack)
        await wait_for(one.store.changed, lambda: bool(one.locked.items))
        with pytest.raises(RemoteError, match="Only a manager"):
            await one.locked.let_in(one.locked.items[0].device_id)
        assert one.status.waiting == 1


async def test_who_it_became_is_known_after_a_restart(place: Place) -> None:
    async with AsyncExitStack() as stack:
        one, other, _ = await at_odds(place, stack)
        assert one.device is not None
        place.site.hub.sql("select public.release_device(%s::uuid)", one.device.id)
        await sent(other)
        became = other.device
        options = replace(await place.options("copy"), name="till")
    async with started(options) as again:
        assert again.device == became
        await set_up(again)
        await again.actions.place_order(cart("again"))
        await sent(again)
        assert again.device == became
