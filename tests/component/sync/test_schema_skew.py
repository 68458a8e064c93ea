"""An older terminal on a newer server, and a newer terminal on an older server: both real."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kds.domain.rows import floor_stream
from kds.session.session import Session
from tests.support.hub import RunningHub, Site, running_hub
from tests.support.restaurant import menu
from tests.support.sessions import Place, cart, set_up, started, wait_for

A_LATER_VERSION = """
    alter table public.orders add column tip bigint not null default 0;
    alter table public.order_lines add column allergy_seen jsonb;
    create table public.hints (
        id text not null, branch_id uuid not null, words text not null,
        primary key (branch_id, id)
    );
    create trigger log_change after insert or update or delete on public.hints
        for each row execute function kds.log_change('floor');
    create or replace function kds.tables_of(class text) returns text[]
    language sql immutable as $$
        select case class
            when 'floor' then array[
                'branches', 'stations', 'staff', 'devices', 'menu_items', 'modifiers',
                'stock_items', 'recipes', 'orders', 'order_lines', 'hints'
            ]
            when 'office' then array['payments']
        end
    $$;
"""

AN_EARLIER_VERSION = """
    create schema later;
    alter function public.apply_ops(uuid, jsonb, boolean, text) set schema later;
    create function public.apply_ops(device_id uuid, ops jsonb) returns jsonb
    language sql security definer set search_path = '' as
        $$ select later.apply_ops(device_id, ops) $$;
    alter function public.resolve_dead_letter(uuid, text, text, text, jsonb) set schema later;
    create function public.resolve_dead_letter(device_id uuid, op_id text) returns jsonb
    language sql security definer set search_path = '' as
        $$ select later.resolve_dead_letter(device_id, op_id) $$;
    drop function public.checksum(text);
"""


@pytest.fixture
def own_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub whose schema may be changed."""
    with running_hub(tmp_path_factory.mktemp("skew")) as running:
        yield running


@pytest.fixture
async def place(own_hub: RunningHub, tmp_path: Path) -> Place:
    site = Site(own_hub)
    await site.open()
    own_hub.sql(
        "select public.import_menu(%s::uuid, %s::jsonb)", site.branch_id, json.dumps(menu())
    )
    return Place(site, tmp_path)


async def sent(till: Session) -> None:
    await wait_for(till.status_changed, lambda: till.status.waiting == 0)


async def test_an_older_terminal_keeps_what_it_does_not_know(place: Place) -> None:
    options, hub, branch = await place.options("till"), place.site.hub, place.site.branch_id
    async with started(options) as till:
        await set_up(till)
        await till.actions.place_order(cart("l0"))
        order_id = await till.actions.place_order(cart("l1"))
        await sent(till)
        hub.sql(A_LATER_VERSION)
        hub.sql("insert into public.hints values ('h1', %s, 'salt')", branch)
        hub.sql("update public.orders set tip = 50 where id = %s", order_id)
        await wait_for(till.store.changed, lambda: till.store.row("hints", "h1") is not None)
        await wait_for(
            till.store.changed, lambda: "tip" in (till.store.row("orders", order_id) or {})
        )
        await till.actions.bump(order_id, [till.store.lines_of(order_id)[0]["id"]])
        assert (till.store.row("orders", order_id) or {})["tip"] == 50  # also under a pending tap
        await sent(till)
        # The other order was written before the column was there: the audit notices.
        assert not await till.audit()
    (options.data_dir / "replica.db").unlink()
    async with started(options) as till:  # from a snapshot of the newer server
        await set_up(till)
        assert till.store.row("hints", "h1") is not None
        assert await till.audit()


async def test_a_newer_terminal_works_on_an_older_server(place: Place) -> None:
    hub = place.site.hub
    hub.sql(AN_EARLIER_VERSION)
    async with started(await place.options("till")) as till:
        await set_up(till)
        for number in range(120):  # a backlog: batches with more behind them
            await till.actions.place_order(cart(f"l{number}"))
        nobody = "00000000-0000-4000-8000-00000000dead"
        await till.actions.close_order(nobody)
        await wait_for(till.attention.changed, lambda: bool(till.attention.items))
        await till.attention.discard(till.attention.items[0].op_id, "a mistake")
        await till.actions.bump(nobody, ["x"])  # its lane is open again: it is refused, not held
        await wait_for(till.attention.changed, lambda: bool(till.attention.items))
        await sent(till)
    stream = floor_stream(place.site.branch_id)
    assert hub.sql("select rev > 1 from public.streams where stream_id = %s", stream) == [(True,)]
    assert hub.sql(
        "select count(*) from public.orders where branch_id = %s", place.site.branch_id
    ) == [(120,)]
