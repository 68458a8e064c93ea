"""What needs a person, from the tap on the sheet to the server's books: real tills, real hub."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.app.pages import Page
from kds.session.attention import Stuck
from kds.session.session import Session
from kds.ui.attention.sheet import AttentionSheet
from kds.ui.pos.till import Till
from kds.ui.theme import LIGHT, apply_theme
from tests.component.ui_pos.test_till import settle, tap
from tests.support.sessions import Place, cart, set_up, started, wait_for

NOBODY = "00000000-0000-4000-8000-00000000dead"


@dataclass
class Front:
    """A till with its screens, at a place."""

    place: Place
    session: Session
    page: Page
    people: AsyncExitStack

    @property
    def sheet(self) -> AttentionSheet:
        return self.page.attention

    @property
    def till(self) -> Till:
        found = self.page.widget.screen_widget(0)
        assert isinstance(found, Till)
        return found

    async def stuck(self, count: int = 1) -> Stuck:
        """Wait until so many ops need a person; the first, as the sheet shows it."""
        items = self.session.attention
        await wait_for(items.changed, lambda: len(items.items) == count)
        tap(self.page.widget.top_bar.waiting)
        assert self.sheet.isVisible()
        assert self.sheet.shown is not None
        return self.sheet.shown

    async def sent(self) -> None:
        await wait_for(self.session.status_changed, lambda: self.session.status.waiting == 0)

    async def resolution(self, op_id: str) -> str:
        """What the server's dead letters say of an op, once they say something."""
        await self.session.actions.eighty_six("caesar", True)  # is sent after the decision
        await self.sent()
        rows = self.sql("select resolution from kds.dead_letters where op_id = %s", op_id)
        return str(rows[0][0])

    def sql(self, text: str, *args: Any) -> list[tuple[Any, ...]]:
        return self.place.site.hub.sql(text, *args)


@pytest.fixture
async def front(qapp: QApplication, qtbot: QtBot, place: Place) -> AsyncIterator[Front]:
    apply_theme(qapp, LIGHT)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(started(await place.options("till")))
        await set_up(session)
        page = Page(session, "pos", "Front till")
        qtbot.addWidget(page.widget)
        page.widget.resize(1280, 720)
        page.widget.show()
        yield Front(place, session, page, stack)
        await settle()


async def conflict(front: Front) -> str:
    """A line that the till voids after it was bumped at the pass; the order's id."""
    anna = await front.people.enter_async_context(
        started(await front.place.options("Anna", "kitchen"))
    )
    await set_up(anna)
    till = front.session
    order_id = await till.actions.place_order(cart("l1", qty=2))
    await wait_for(anna.store.changed, lambda: bool(anna.store.lines_of(order_id)))
    (line,) = anna.store.lines_of(order_id)
    await anna.actions.bump(order_id, [line["id"]])
    await wait_for(till.store.changed, lambda: till.store.lines_of(order_id)[0]["state"] == "ready")
    await till.actions.void_line(order_id, line["id"], "changed their mind")
    return order_id


@pytest.mark.parametrize(
    ("mine", "state", "resolution"),
    [(True, "void", "done anyway"), (False, "ready", "kept remote")],
)
async def test_a_void_that_meets_a_ready_line_is_decided_by_a_person(
    front: Front, mine: bool, state: str, resolution: str
) -> None:
    order_id = await conflict(front)
    item = await front.stuck()
    sheet = front.sheet
    assert sheet.detail.reason.startswith("Anna bumped Margherita at ")
    assert sheet.detail.theirs.said[:2] == ("Bumped Margherita", "Anna")
    assert "waste" in sheet.detail.yours.means
    tap(sheet.choices.mine_button if mine else sheet.choices.theirs_button)
    await settle()
    assert front.session.attention.items == ()
    assert sheet.said.text.startswith("Done anyway" if mine else "Kept theirs")
    assert await front.resolution(item.op_id) == resolution
    rows = front.sql("select state from public.order_lines where order_id = %s", order_id)
    assert rows == [(state,)]


async def test_keeping_theirs_can_be_taken_back(front: Front) -> None:
    await conflict(front)
    first = await front.stuck()
    tap(front.sheet.choices.theirs_button)
    await settle()
    tap(front.sheet.said.button)
    await settle()
    again = await front.stuck()
    assert (again.title, again.result) == (first.title, "conflict")
    assert again.op_id != first.op_id


async def test_lines_for_a_closed_order_are_edited_into_a_new_one(front: Front) -> None:
    till = front.session
    order_id = await till.actions.place_order(cart("l1"))
    (line,) = till.store.lines_of(order_id)
    await till.actions.bump(order_id, [line["id"]])
    await till.actions.pay(order_id, "cash", 1200)
    await till.actions.close_order(order_id)
    await till.actions.add_lines(order_id, cart("l2", qty=2))
    item = await front.stuck()
    assert (item.title, item.result) == ("Add 2 x Margherita M", "rejected")
    tap(front.sheet.choices.edit_button)
    assert front.till.entry.target is None
    front.till.entry.set_qty(front.till.entry.cart.lines[0].id, 3)
    tap(front.till.cart.send_button)
    await settle()
    assert till.attention.items == ()
    assert await front.resolution(item.op_id) == "edited"
    found = front.sql(
        "select o.number, l.qty from public.orders o join public.order_lines l"
        " on l.branch_id = o.branch_id and l.order_id = o.id where o.branch_id = %s order by 1",
        front.place.site.branch_id,
    )
    assert found == [("A-001", 1), ("A-002", 3)]


async def test_a_refused_payment_is_discarded_with_the_reason_in_the_books(front: Front) -> None:
    await front.session.actions.pay(NOBODY, "cash", 2400)
    item = await front.stuck()
    sheet = front.sheet
    tap(sheet.choices.discard_button)
    assert sheet.why.question == "Discard $24.00 taken in cash?"
    tap(sheet.why.do)
    await settle()
    assert front.session.attention.items == (item,)
    QTest.keyClicks(sheet.why.other, "given back to the guest")
    tap(sheet.why.do)
    await settle()
    assert front.session.attention.items == ()
    assert await front.resolution(item.op_id) == "discarded: given back to the guest"


async def test_what_waits_behind_a_refused_op_is_shown_and_released(front: Front) -> None:
    """The menu item comes back while its order waits for a decision."""
    till = front.session
    order_id = await till.actions.place_order(cart("l1"))
    (line,) = till.store.lines_of(order_id)
    await till.actions.void_line(order_id, NOBODY, "typed wrong")
    await till.actions.bump(order_id, [line["id"]])
    await wait_for(
        till.attention.changed,
        lambda: bool(till.attention.items) and bool(till.attention.items[0].behind),
    )
    await front.stuck()
    sheet = front.sheet
    assert sheet.detail.behind == "1 more waits behind it:\n•  Bump 1 x Margherita M"
    tap(sheet.choices.discard_button)
    tap(sheet.why.buttons[1])
    await settle()
    assert sheet.said.text.endswith("What waited behind it was sent.")
    await front.sent()
    rows = front.sql("select state from public.order_lines where order_id = %s", order_id)
    assert rows == [("ready",)]
    assert till.attention.items == ()
