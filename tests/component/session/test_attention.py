"""What needs a person, on real terminals through the real hub."""

from __future__ import annotations

import shutil
from contextlib import AsyncExitStack

import pytest

from kds.base.errors import KdsError
from kds.domain.cart import Cart
from kds.session.session import Session
from tests.support.sessions import Place, cart, set_up, started, wait_for

NOBODY = "00000000-0000-4000-8000-00000000dead"


async def stuck(till: Session, count: int = 1) -> None:
    await wait_for(till.attention.changed, lambda: len(till.attention.items) == count)


async def sent(session: Session) -> None:
    await wait_for(session.status_changed, lambda: session.status.waiting == 0)


def resolution(place: Place, op_id: str) -> tuple[str, str]:
    rows = place.site.hub.sql(
        "select resolution, resolved_actor from kds.dead_letters where op_id = %s", op_id
    )
    return rows[0]  # type: ignore[return-value]


async def test_a_refused_payment_says_what_it_was_and_needs_a_reason(place: Place) -> None:
    async with started(await place.options("till")) as till:
        await set_up(till)
        await till.actions.pay(NOBODY, "cash", 2400)
        await stuck(till)
        await till.actions.close_order(NOBODY)
        await wait_for(till.attention.changed, lambda: bool(till.attention.items[0].behind))
        (item,) = till.attention.items
        assert (item.kind, item.title, item.money) == ("pay", "Take $24.00 in cash", 2400)
        assert (item.reason, item.who, item.result) == ("Unknown order.", "till", "rejected")
        assert (item.order_id, item.behind) == (NOBODY, ("Close the order",))
        assert not item.editable
        with pytest.raises(KdsError, match="Say why"):
            await till.attention.discard(item.op_id, "")
        with pytest.raises(KdsError, match="nothing to choose"):
            await till.attention.choose(item.op_id, "local")
        with pytest.raises(KdsError, match="Only an order"):
            await till.attention.take_back(item.op_id)
        await till.attention.discard(item.op_id, "paid at the bar")
        await stuck(till)  # what was behind it is refused as well
        assert till.attention.items[0].title == "Close the order"
        assert resolution(place, item.op_id) == ("discarded: paid at the bar", "till")


async def test_an_order_that_was_refused_goes_back_to_the_cart(place: Place) -> None:
    async with started(await place.options("till")) as till:
        await set_up(till)
        asked = cart("l1", qty=2)
        await till.actions.add_lines(NOBODY, asked)
        await stuck(till)
        (item,) = till.attention.items
        assert (item.title, item.editable) == ("Add 2 x Margherita M", True)
        back = await till.attention.take_back(item.op_id)
        assert till.attention.items == ()
        (line,) = back.lines
        assert back == Cart((line,))
        assert line.id != asked.lines[0].id
        assert (line.name, line.qty, line.unit_price) == ("Margherita", 2, 1200)
        assert line.category == "pizza"
        await till.actions.place_order(back)
        await sent(till)
        assert resolution(place, item.op_id) == ("edited", "till")
        with pytest.raises(KdsError, match="dealt with"):
            await till.attention.retry(item.op_id)


async def test_what_was_dropped_last_can_be_asked_for_again(place: Place) -> None:
    async with started(await place.options("till")) as till:
        await set_up(till)
        await till.actions.pay(NOBODY, "cash", 2400)
        await stuck(till)
        (item,) = till.attention.items
        await till.attention.discard(item.op_id, "a slip")
        assert till.attention.items == ()
        await till.attention.undo(item.op_id)
        await stuck(till)
        (again,) = till.attention.items
        assert again.op_id != item.op_id
        assert (again.title, again.money, again.tender) == (item.title, 2400, "in cash")
        with pytest.raises(KdsError, match="cannot be taken back"):
            await till.attention.undo(item.op_id)


async def conflict(stack: AsyncExitStack, place: Place) -> tuple[Session, str]:
    """A till that voids a line while it is bumped at the pass; the till and the order."""
    options = await place.options("till")
    till = await stack.enter_async_context(started(options))
    await set_up(till)  # first, so its letter is A
    anna = await stack.enter_async_context(started(await place.options("Anna", "kitchen")))
    await set_up(anna)
    order_id = await till.actions.place_order(cart("l1").add(cart("l2").lines[0]))
    await wait_for(anna.store.changed, lambda: bool(anna.store.lines_of(order_id)))
    (line,) = anna.store.lines_of(order_id)
    await anna.actions.bump(order_id, [line["id"]])
    await sent(anna)
    await wait_for(till.store.changed, lambda: till.store.lines_of(order_id)[0]["state"] == "ready")
    await till.actions.void_line(order_id, line["id"], "changed their mind")
    await stuck(till)
    return till, order_id


@pytest.mark.parametrize(
    ("choice", "state", "total"), [("local", "void", 0), ("remote", "ready", 2400)]
)
async def test_a_conflict_shows_both_sides_and_a_person_chooses(
    place: Place, choice: str, state: str, total: int
) -> None:
    async with AsyncExitStack() as stack:
        till, order_id = await conflict(stack, place)
        (item,) = till.attention.items
        assert (item.title, item.reason) == ("Void 2 x Margherita M", "It is ready already.")
        assert (item.result, item.number) == ("conflict", "A-001")
        assert item.theirs is not None
        assert (item.theirs.what, item.theirs.who) == ("bumped Margherita", "Anna")
        assert item.theirs.where == "Anna"
        assert item.theirs.at is not None
        await till.attention.choose(item.op_id, choice)  # type: ignore[arg-type]
        assert till.attention.items == ()
        await till.actions.eighty_six("caesar", True)
        await sent(till)
        found = place.site.hub.sql(
            "select l.state, o.total from public.order_lines l join public.orders o"
            " on o.branch_id = l.branch_id and o.id = l.order_id where o.id = %s",
            order_id,
        )
        assert found == [(state, total)]
        decided = "done anyway" if choice == "local" else "kept remote"
        assert resolution(place, item.op_id) == (decided, "till")


async def test_a_restored_server_is_told_again_who_this_is_and_what_was_ordered(
    place: Place,
) -> None:
    """The backup is from before this terminal was set up."""
    sql, branch = place.site.hub.sql, place.site.branch_id
    async with started(await place.options("till")) as till:
        await set_up(till)
        await till.actions.place_order(cart("l1"))
        await sent(till)
        sql("delete from public.orders where branch_id = %s", branch)
        sql("delete from kds.devices_private where branch_id = %s", branch)
        sql("delete from public.devices where branch_id = %s", branch)
        sql("delete from kds.changes where stream_id like %s", f"%{branch}")
        sql(
            "update public.streams set rev = 1, floor_rev = 1, epoch = gen_random_uuid()"
            " where branch_id = %s",
            branch,
        )
        await till.actions.place_order(cart("l2"))
        await wait_for(
            till.status_changed,
            lambda: (
                till.status.waiting == 0 and till.status.problem is None and till.status.complete
            ),
        )
        found = sql("select number from public.orders where branch_id = %s order by 1", branch)
        assert found == [("A-001",), ("A-002",)]
        assert till.attention.items == ()
        assert await till.audit()


async def test_a_terminal_that_only_the_server_has_forgotten_registers_again(place: Place) -> None:
    sql, branch = place.site.hub.sql, place.site.branch_id
    async with started(await place.options("till")) as till:
        await set_up(till)
        sql("delete from kds.devices_private where branch_id = %s", branch)
        sql("delete from public.devices where branch_id = %s", branch)
        await till.actions.place_order(cart("l1"))
        await sent(till)
        assert till.status.problem is None


async def test_a_copied_disk_is_locked_and_keeps_what_it_has(place: Place) -> None:
    options = await place.options("till")
    async with started(options) as till:
        await set_up(till)
    shutil.copytree(options.data_dir, place.folder / "copy")
    async with started(options) as till:
        await till.actions.place_order(cart("l1"))
        await sent(till)
    copied = await place.options("copy", email=options.email)
    async with started(copied) as copy:
        await copy.actions.place_order(cart("l2"))
        await wait_for(copy.status_changed, lambda: "Two machines" in (copy.status.problem or ""))
        assert copy.status.waiting == 1
        assert len(list(copy.store.orders())) >= 1
    found = place.site.hub.sql(
        "select count(*) from public.orders where branch_id = %s", place.site.branch_id
    )
    assert found == [(1,)]
    async with started(copied) as copy:  # and over a restart
        assert copy.status.waiting == 1
