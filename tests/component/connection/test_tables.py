"""Watching any published table on the real hub."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from kds.base.events import Event
from kds.connection.manager import Connection
from kds.connection.tables import TableChange, TableEvent
from kds.sim.proxy import Proxy
from tests.support.hub import Site
from tests.support.links import next_of, until_joined

INSERT = (
    "insert into public.stock_items (id, branch_id, name, unit, level, low_level, par_level) "
    "values (%s, %s, 'Dough', 'g', 10, 1, 20)"
)
UPDATE = "update public.stock_items set level = 7 where id = %s and branch_id = %s"
DELETE = "delete from public.stock_items where id = %s and branch_id = %s"


class Watch:
    """A subscription to this branch's stock, and what it was told."""

    def __init__(self, link: Connection, site: Site, event: TableEvent, where: str) -> None:
        self.site = site
        self.changes: Event[TableChange] = Event()
        self.joins: Event[None] = Event()
        self.seen: list[TableChange] = []
        self.changes.connect(self.seen.append)
        self.unsubscribe: Callable[[], None] = link.subscribe_table(
            "stock_items",
            event,
            where,
            listener=self.changes.emit,
            on_joined=lambda: self.joins.emit(None),
        )
        self.channel = link.channels[-1]

    async def joined(self) -> None:
        await until_joined(self.channel)

    async def after(self, statement: str, item: str) -> TableChange:
        """The change that follows a statement on the server."""
        change = asyncio.create_task(next_of(self.changes))
        await sql(self.site, statement, item)
        return await change


async def sql(site: Site, statement: str, item: str) -> None:
    await asyncio.to_thread(site.hub.sql, statement, item, site.branch_id)


def item_of(site: Site, name: str) -> str:
    """Items have one name space over all branches."""
    return f"{name}-{site.branch_id[:8]}"


async def test_every_kind_of_change_arrives_in_one_shape(site: Site, link: Connection) -> None:
    watch = Watch(link, site, "*", f"id=eq.{item_of(site, 'dough')}")
    dough = item_of(site, "dough")
    await watch.joined()
    inserted = await watch.after(INSERT, dough)
    assert set(inserted) == set(TableChange.__annotations__)
    assert (inserted["type"], inserted["table"], inserted["schema"]) == (
        "INSERT",
        "stock_items",
        "public",
    )
    assert (inserted["new"]["id"], inserted["new"]["level"], inserted["old"]) == (dough, 10, {})
    assert inserted["commit_timestamp"]
    assert inserted["errors"] == []
    updated = await watch.after(UPDATE, dough)
    assert (updated["type"], updated["new"]["level"]) == ("UPDATE", 7)
    assert updated["old"]["id"] == dough
    deleted = await watch.after(DELETE, dough)
    assert (deleted["type"], deleted["new"], deleted["old"]["id"]) == ("DELETE", {}, dough)
    watch.unsubscribe()
    assert watch.channel.state == "closed"


@pytest.mark.parametrize(
    ("event", "rounds"),
    [  # a row that is gone again before the server has looked gives no event but its DELETE
        ("INSERT", [(INSERT, UPDATE), (DELETE, INSERT)]),
        ("UPDATE", [(INSERT, UPDATE), (UPDATE,)]),
        ("DELETE", [(INSERT, UPDATE, DELETE), (INSERT, DELETE)]),
    ],
)
async def test_only_the_kind_that_was_asked_for_arrives(
    site: Site, link: Connection, event: TableEvent, rounds: list[tuple[str, ...]]
) -> None:
    dough = item_of(site, "dough")
    watch = Watch(link, site, event, f"id=eq.{dough}")
    await watch.joined()
    for statements in rounds:
        change = asyncio.create_task(next_of(watch.changes))
        for statement in statements:
            await sql(site, statement, dough)
        await change
    assert [seen["type"] for seen in watch.seen] == [event, event]


async def test_a_filter_keeps_other_rows_out(site: Site, link: Connection) -> None:
    dough, sauce = item_of(site, "dough"), item_of(site, "sauce")
    watch = Watch(link, site, "INSERT", f"id=eq.{sauce}")
    await watch.joined()
    await sql(site, INSERT, dough)
    change = await watch.after(INSERT, sauce)
    assert change["new"]["id"] == sauce
    assert [seen["new"]["id"] for seen in watch.seen] == [sauce]


async def test_after_an_outage_it_goes_on_and_says_that_something_may_be_missing(
    site: Site, link: Connection, proxy: Proxy
) -> None:
    dough, sauce = item_of(site, "dough"), item_of(site, "sauce")
    watch = Watch(link, site, "INSERT", f"branch_id=eq.{site.branch_id}")
    await watch.joined()
    proxy.refuse()
    await next_of(watch.channel.status, lambda status: status == "joining")
    await sql(site, INSERT, dough)
    again = asyncio.create_task(next_of(watch.joins))
    proxy.forward()
    await again
    change = await watch.after(INSERT, sauce)
    assert change["new"]["id"] == sauce


async def test_a_bad_filter_is_refused_in_the_server_s_words_without_harm_to_the_link(
    site: Site, link: Connection
) -> None:
    told: Event[tuple[str, str]] = Event()
    refused = asyncio.create_task(next_of(told, lambda said: said[0] == "refused"))
    link.subscribe_table(
        "orders",
        filter="nope=eq.1",
        listener=lambda _change: None,
        on_status=lambda status, problem: told.emit((status, problem)),
    )
    _, problem = await refused
    assert "nope" in problem
    assert link.link.state == "connected"


async def test_two_who_watch_the_same_share_one_channel(site: Site, link: Connection) -> None:
    dough = item_of(site, "dough")
    one, two = (Watch(link, site, "*", f"id=eq.{dough}") for _ in range(2))
    assert one.channel is two.channel
    await one.joined()
    one.unsubscribe()
    assert two.channel.state == "joined"
    change: Any = await two.after(INSERT, dough)
    assert change["type"] == "INSERT"
    assert one.seen == []
