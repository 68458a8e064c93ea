"""A manager's device with several branches, on the real hub."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from kds.base.errors import StorageError
from kds.connection.internet import Internet
from kds.connection.tokens import TokenStore
from kds.session.house import Branch, House
from kds.session.session import Session, SessionOptions
from kds.session.world import World
from kds.sim.proxy import Proxy
from tests.support.hub import PASSWORD, Site
from tests.support.restaurant import menu
from tests.support.sessions import Place, cart, set_up, started, wait_for

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@dataclass(frozen=True)
class Chain:
    """Two branches, and an account for both."""

    north: Place
    south: Place
    email: str

    @property
    def ids(self) -> list[str]:
        return [self.north.site.branch_id, self.south.site.branch_id]

    async def options(self, **changes: Any) -> SessionOptions:
        """The profile of the manager's computer."""
        mine: dict[str, Any] = {"email": self.email, "branch_id": None, **changes}
        return await self.north.options("office", "manager", **mine)

    async def allow(self, house: House, *branches: str) -> None:
        """Change what the account may see, and have the house hear of it: with its next token."""
        async with self.north.site.hub.admin() as admin:
            users = (await admin.get("/auth/v1/admin/users")).json()["users"]
            user = next(user for user in users if user["email"] == self.email)
            changed = {**user["app_metadata"], "branches": list(branches)}
            answer = await admin.put(
                f"/auth/v1/admin/users/{user['id']}", json={"app_metadata": changed}
            )
            assert answer.status_code == 200, answer.text
        await house.home.sign_in(self.email, PASSWORD)


@pytest.fixture
async def chain(place: Place, tmp_path: Path) -> Chain:
    south = Site(place.site.hub)
    await south.open()
    south.hub.sql(
        "select public.import_menu(%s::uuid, %s::jsonb)", south.branch_id, json.dumps(menu())
    )
    for site, name in ((place.site, "North"), (south, "South")):
        site.hub.sql("update public.branches set name = %s where id = %s", name, site.branch_id)
    email = await place.site.account("manager", [place.site.branch_id, south.branch_id])
    return Chain(place, Place(south, tmp_path), email)


@asynccontextmanager
async def opened(
    options: SessionOptions, only: list[str] | None = None, world: World | None = None
) -> AsyncIterator[House]:
    """A house from start to stop."""
    house = House.open(options, only or [], world)
    try:
        await house.start()
        yield house
    finally:
        await house.stop()


async def complete(house: House, count: int = 2) -> tuple[Branch, ...]:
    """Wait until all branches are here with their rows."""
    await wait_for(
        house.changed, lambda: len(house.branches) == count and bool(house.branches[0].id)
    )
    for branch in house.branches:
        await set_up(branch.session)
        await wait_for(branch.session.status_changed, lambda b=branch: b.session.status.complete)
    return house.branches


async def seen(session: Session, order_id: str) -> None:
    await wait_for(session.store.changed, lambda: session.store.row("orders", order_id) is not None)


async def test_orders_of_every_branch_arrive_and_stay_in_their_own(chain: Chain) -> None:
    async with (
        started(await chain.north.options("till-n")) as till_n,
        started(await chain.south.options("till-s")) as till_s,
        opened(await chain.options()) as house,
    ):
        north, south = await complete(house)
        assert (north.name, south.name) == ("North", "South")
        for till, mine, other in ((till_n, north, south), (till_s, south, north)):
            await set_up(till)
            order_id = await till.actions.place_order(cart("l1"))
            await seen(mine.session, order_id)
            assert other.session.store.row("orders", order_id) is None


async def test_what_is_done_in_one_branch_never_goes_to_another(chain: Chain) -> None:
    async with opened(await chain.options()) as house:
        north, south = await complete(house)
        await south.session.actions.place_order(cart("l1"))
        await wait_for(south.session.status_changed, lambda: south.session.status.waiting == 0)
        placed = chain.north.site.hub.sql(
            "select branch_id::text, device_id from public.orders "
            "where branch_id = any(%s::uuid[])",
            chain.ids,
        )
        assert south.session.device is not None
        assert placed == [(south.id, south.session.device.id)]
        assert north.session.device != south.session.device


async def test_all_branches_share_one_connection(chain: Chain) -> None:
    async with Proxy(chain.north.site.hub.url) as proxy:
        sockets = CountedSockets(proxy, chain.north.site.hub.keys.anon)
        options = await chain.options(url=proxy.url)
        world = World(sockets, TokenStore.file(chain.north.folder / "token"))
        async with opened(options, world=world) as house:
            north, south = await complete(house)
            for branch in (north, south):
                await wait_for(
                    branch.session.status_changed,
                    lambda b=branch: b.session.status.link == "connected",
                )
            topics = {channel.topic for channel in north.session.uplink.channels}
            assert {f"stream:floor:{branch.id}" for branch in house.branches} <= topics
            assert sockets.opened == 1


class CountedSockets(Internet):
    def __init__(self, proxy: Proxy, key: str) -> None:
        super().__init__(proxy.url, key)
        self.opened = 0

    async def open(self, *args: Any, **named: Any) -> Any:
        self.opened += 1
        return await super().open(*args, **named)


async def test_a_restart_without_a_network_shows_every_branch(chain: Chain) -> None:
    options = await chain.options()
    async with opened(options) as house:
        for branch in await complete(house):
            await branch.session.actions.place_order(cart("l1"))
    async with opened(replace(options, url=NOWHERE)) as house:
        assert [(branch.id, branch.name) for branch in house.branches] == list(
            zip(chain.ids, ["North", "South"], strict=True)
        )
        for branch in house.branches:
            assert len(list(branch.session.store.orders())) == 1


async def test_the_file_of_a_profile_stays_the_file_of_its_branch(chain: Chain) -> None:
    options = await chain.options(branch_id=chain.ids[1])
    async with started(options) as before:
        await set_up(before)
        order_id = await before.actions.place_order(cart("l1"))
        await wait_for(before.status_changed, lambda: before.status.waiting == 0)
        device = before.device
    async with opened(replace(options, branch_id=None)) as house:
        north, south = await complete(house)
        assert house.home is south.session
        assert south.session.device == device
        assert south.session.store.row("orders", order_id) is not None
        assert (options.data_dir / "branches" / north.id / "replica.db").exists()
        assert not (options.data_dir / "branches" / south.id).exists()


async def test_a_profile_can_keep_to_some_branches(chain: Chain) -> None:
    async with opened(await chain.options(), only=[chain.ids[1]]) as house:
        (south,) = await complete(house, 1)
        assert (south.id, south.session) == (chain.ids[1], house.home)
        assert not (chain.north.folder / "office" / "branches").exists()


async def test_a_branch_that_is_taken_away_goes_keeps_its_file_and_is_told(chain: Chain) -> None:
    async with opened(await chain.options()) as house:
        north, south = await complete(house)
        await chain.allow(house, north.id)
        await wait_for(house.changed, lambda: len(house.branches) == 1)
        await wait_for(house.notices.changed, lambda: bool(house.notices.items))
        assert house.notices.items[0].title == "No longer yours: South"
        assert (chain.north.folder / "office" / "branches" / south.id / "replica.db").exists()
        assert not any(south.id in channel.topic for channel in north.session.uplink.channels)

        await chain.allow(house, north.id, south.id)
        assert [branch.name for branch in await complete(house)] == ["North", "South"]


async def test_the_home_branch_can_be_taken_away_too(chain: Chain) -> None:
    async with opened(await chain.options()) as house:
        north, south = await complete(house)
        await chain.allow(house, south.id)
        await wait_for(house.changed, lambda: house.branches == (south,))
        await wait_for(house.notices.changed, lambda: bool(house.notices.items))
        assert house.notices.items[0].title == "No longer yours: North"
        assert house.home is north.session


async def test_a_sign_in_lets_every_branch_in(chain: Chain) -> None:
    async with opened(await chain.options(password=None)) as house:
        await wait_for(house.home.status_changed, lambda: house.home.needs_sign_in)
        await house.home.sign_in(chain.email, PASSWORD)
        for branch in await complete(house):
            assert not branch.session.needs_sign_in


async def test_the_bell_rings_for_every_branch_with_its_name(chain: Chain) -> None:
    async with (
        started(await chain.south.options("till-s")) as till,
        opened(await chain.options()) as house,
    ):
        _, south = await complete(house)
        await set_up(till)
        await till.actions.place_order(cart("l1"))
        await wait_for(house.notices.changed, lambda: house.notices.unread == 1)
        (notice,) = house.notices.items
        assert (notice.title, notice.branch) == ("Order A-001", "South")
        await house.notices.mark_read(notice.id)
        assert house.notices.unread == south.session.notices.unread == 0


async def test_a_branch_whose_file_cannot_be_opened_does_not_stop_the_others(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Session.start

    async def start_but_not_south(session: Session) -> None:
        if session._options.branch_id == chain.ids[1]:
            raise StorageError("The disk is full.")
        await start(session)

    monkeypatch.setattr(Session, "start", start_but_not_south)
    async with opened(await chain.options()) as house:
        (north,) = await complete(house, 1)
        assert north.id == chain.ids[0]
        await wait_for(house.notices.changed, lambda: bool(house.notices.items))
        assert house.notices.items[0].body == "The disk is full."
