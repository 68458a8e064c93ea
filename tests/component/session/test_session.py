"""Whole terminals: alone with their disk, and together through the real hub."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import uuid
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kds.base.clock import ManualClock
from kds.base.errors import AlreadyRunning, KdsError, Unauthorized
from kds.domain.changes import ChangeSet
from kds.domain.notices import taken_away
from kds.session.admission import OTHER_BRANCH
from kds.session.session import Session, SessionOptions
from kds.session.world import World
from tests.support.hub import Site
from tests.support.sessions import Place, cart, set_up, started, wait_for

NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


def unknown_till(folder: Path) -> SessionOptions:
    """A profile that has never met its hub."""
    return SessionOptions(
        NOWHERE, "key", str(uuid.uuid4()), "pos", "Till", frozenset(), folder, "a@b.c", "secret"
    )


def own_threads() -> set[threading.Thread]:
    """Without those that the loop keeps for whoever needs one next."""
    return {one for one in threading.enumerate() if not one.name.startswith("asyncio_")}


def numbers(session: Session) -> list[str]:
    return sorted(order.number for order in session.store.orders())


async def sent(session: Session) -> None:
    await wait_for(session.status_changed, lambda: session.status.waiting == 0)


async def has_lines(session: Session, order_id: str, count: int) -> None:
    store = session.store
    await wait_for(store.changed, lambda: len(store.lines_of(order_id)) == count)


class TestAlone:
    async def test_a_till_that_was_never_set_up_starts_and_says_so(self, tmp_path: Path) -> None:
        async with started(unknown_till(tmp_path)) as till:
            assert till.device is None
            assert till.status.complete_to is None
            with pytest.raises(KdsError, match="connect it to the hub once"):
                await till.actions.place_order(cart("l1"))

    async def test_a_first_start_that_finds_nobody_is_offline_and_not_signed_out(
        self, tmp_path: Path
    ) -> None:
        async with started(unknown_till(tmp_path)) as till:
            said = [till.status.reason]
            till.status_changed.connect(lambda status: said.append(status.reason))
            await wait_for(till.status_changed, lambda: till.status.reason == "offline")
            assert till.status.problem == "The server cannot be reached."
            assert not till.needs_sign_in
            assert "signed_out" not in said

    async def test_a_profile_is_open_once(self, tmp_path: Path) -> None:
        async with started(unknown_till(tmp_path)):
            with pytest.raises(AlreadyRunning):
                Session.open(unknown_till(tmp_path))

    async def test_a_stop_leaves_nothing_behind(self, tmp_path: Path) -> None:
        threads = own_threads()
        async with started(unknown_till(tmp_path)) as till:
            await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert own_threads() == threads
        async with started(unknown_till(tmp_path)) as till:
            assert till.device is None

    async def test_whatever_its_disk_has_lost_it_starts_and_says_so(self, tmp_path: Path) -> None:
        kept = ("device", "waved", "screenless", "prep_load", "server_offset_s", "was")
        async with started(unknown_till(tmp_path)) as till:
            for key in kept:
                await till.settings.put(key, 1)
            till.notices.add([taken_away("b", "Old branch", 0, till.now())])
        with closing(sqlite3.connect(tmp_path / "replica.db", isolation_level=None)) as disk:
            disk.execute("UPDATE settings SET value = CAST(x'ff' AS TEXT)")
            disk.execute("UPDATE notices SET json = '[]'")
        async with started(unknown_till(tmp_path)) as till:
            titles = [notice.title for notice in till.notices.items]
            assert titles[-1] == "1 notice could not be read"
            assert titles.count("A setting could not be read") == len(titles) - 1 >= 3
            told = len(titles)
        async with started(unknown_till(tmp_path)) as till:
            assert len(till.notices.items) == told

    async def test_a_session_that_never_started_can_be_stopped(self, tmp_path: Path) -> None:
        session = Session.open(unknown_till(tmp_path))
        with pytest.raises(KdsError, match="not started"):
            await session.sign_in("a@b.c", "secret")
        await session.stop()
        async with started(unknown_till(tmp_path)):
            pass

    async def test_orders_taken_without_a_hub_are_still_there_after_a_restart(
        self, place: Place
    ) -> None:
        options = await place.options("till")
        async with started(options) as till:
            await set_up(till)
            await till.actions.place_order(cart("l1"))
            await sent(till)
        alone = await place.options("till", url=NOWHERE, email=options.email)
        async with started(alone) as till:
            assert numbers(till) == ["A-001"]
            await till.actions.place_order(cart("l2", qty=2))
            assert till.status.waiting == 1
            assert till.status.link != "connected"
        async with started(alone) as till:
            assert numbers(till) == ["A-001", "A-002"]
            assert till.status.waiting == 1
            await till.actions.place_order(cart("l3"))
        async with started(options) as till:
            await sent(till)
            assert numbers(till) == ["A-001", "A-002", "A-003"]
        found = place.site.hub.sql(
            "select number, total from public.orders where branch_id = %s order by number",
            place.site.branch_id,
        )
        assert found == [("A-001", 1200), ("A-002", 2400), ("A-003", 1200)]

    async def test_the_first_thing_heard_is_the_load(self, place: Place) -> None:
        options = await place.options("till")
        async with started(options) as till:
            await set_up(till)
        till = Session.open(options)
        heard: list[ChangeSet] = []
        till.store.changed.connect(heard.append)
        await till.start()
        await till.stop()
        assert heard[0].initiator == "load"
        assert {"menu_items", "stations"} <= {change.table for change in heard[0].changes}

    async def test_a_new_day_begins_at_one_again(self, place: Place) -> None:
        options = await place.options("till")
        async with started(options) as till:
            await set_up(till)
        alone = await place.options("till", url=NOWHERE, email=options.email)
        clock = ManualClock(datetime(2026, 11, 21, 23, 59, tzinfo=UTC))
        world = replace(World.real(alone.url, alone.key, alone.data_dir), clock=clock)
        async with started(alone, world) as till:
            await till.actions.place_order(cart("l1"))
            await till.actions.place_order(cart("l2"))
            clock.advance(120)
            await till.actions.place_order(cart("l3"))
            assert numbers(till) == ["A-001", "A-001", "A-002"]


class TestTogether:
    async def test_an_order_reaches_the_kitchen_and_its_readiness_the_till(
        self, place: Place
    ) -> None:
        async with (
            started(await place.options("till")) as till,
            started(await place.options("grill", "kitchen")) as kitchen,
        ):
            await set_up(till)
            await set_up(kitchen)
            order_id = await till.actions.place_order(cart("l1"))
            await wait_for(kitchen.store.changed, lambda: bool(kitchen.store.ticket(order_id)))
            (number,) = numbers(till)
            assert [one.title for one in kitchen.notices.items] == [f"Order {number}"]
            await kitchen.actions.bump(order_id, ["l1"])
            assert kitchen.store.ticket(order_id) is None
            await wait_for(till.notices.changed, lambda: till.notices.unread == 1)
            assert till.notices.items[0].title == f"Ready: {number}"
            await sent(till)
            await sent(kitchen)

    async def test_two_tills_lines_on_one_order_both_stay(self, place: Place) -> None:
        async with (
            started(await place.options("till")) as one,
            started(await place.options("bar")) as two,
        ):
            await set_up(one)
            await set_up(two)
            order_id = await one.actions.place_order(cart("l1"))
            await wait_for(two.store.changed, lambda: bool(two.store.order(order_id)))
            await asyncio.gather(
                one.actions.add_lines(order_id, cart("l2")),
                two.actions.add_lines(order_id, cart("l3")),
            )
            for till in (one, two):
                await has_lines(till, order_id, 3)
                await sent(till)

    async def test_each_terminal_has_its_own_letter(self, place: Place) -> None:
        async with (
            started(await place.options("till")) as one,
            started(await place.options("bar")) as two,
        ):
            await set_up(one)
            await set_up(two)
            assert one.device is not None
            assert two.device is not None
            assert {one.device.letter, two.device.letter} == {"A", "B"}

    async def test_people_see_each_other_come_and_go(self, place: Place) -> None:
        async with started(await place.options("till")) as till:
            async with started(await place.options("grill", "kitchen")) as kitchen:
                kitchen.live.set_where("Board")
                await wait_for(till.live.people_changed, lambda: len(till.live.people) == 2)
                await wait_for(
                    till.live.people_changed, lambda: till.live.people[-1].where == "Board"
                )
                me, other = till.live.people
                assert (me.name, me.me) == ("till", True)
                assert (other.name, other.role, other.me) == ("grill", "kitchen", False)
            await wait_for(till.live.people_changed, lambda: len(till.live.people) == 1)

    async def test_what_the_server_refuses_comes_back_as_a_notice(self, place: Place) -> None:
        async with started(await place.options("till")) as till:
            await set_up(till)
            await till.actions.void_order("0b000000-0000-4000-8000-00000000dead", "guest left")
            await wait_for(till.notices.changed, lambda: till.notices.unread == 1)
            notice = till.notices.items[0]
            assert (notice.kind, notice.body) == ("refused", "unknown order")
            assert till.status.blocked == 1


class TestSigningIn:
    async def test_a_wrong_password_is_said_on_the_screen(self, place: Place) -> None:
        options = await place.options("till", password="wrong")
        async with started(options) as till:
            await wait_for(till.status_changed, lambda: till.needs_sign_in)
            assert till.status.problem == "The e-mail or password was not accepted."
            with pytest.raises(Unauthorized):
                await till.sign_in(options.email, "wrong again")
            await till.sign_in(options.email, "correct horse battery")
            await set_up(till)
            assert not till.needs_sign_in

    async def test_a_terminal_of_another_branch_sends_nothing(self, place: Place) -> None:
        options = await place.options("till")
        async with started(options) as till:
            await set_up(till)
        other = Site(place.site.hub)
        await other.open()
        stranger = await other.account("pos")
        (options.data_dir / "session.token").unlink()
        async with started(await place.options("till", email=stranger)) as till:
            await wait_for(till.status_changed, lambda: till.status.problem == OTHER_BRANCH)
            await till.actions.place_order(cart("l1"))
            assert till.status.waiting == 1
            await till.sign_in(options.email, "correct horse battery")
            await sent(till)
            assert till.status.problem is None
