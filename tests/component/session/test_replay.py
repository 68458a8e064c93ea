"""A service that was played on a real hub, looked at again: it is what the live kitchen saw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from kds.base.errors import KdsError
from kds.domain.rows import Row
from kds.session.replay import ReplayDesk
from kds.session.session import Session
from tests.support.sessions import Place, cart, set_up, started, wait_for

TABLES = ("orders", "order_lines", "menu_items", "stations", "branches")
Rows = dict[str, dict[str, Row]]


def rows_of(tables: Mapping[str, Mapping[str, Row]]) -> Rows:
    return {name: {pk: dict(row) for pk, row in tables.get(name, {}).items()} for name in TABLES}


class Record:
    """What a live kitchen held after every change that reached it."""

    def __init__(self, kitchen: Session) -> None:
        self._kitchen = kitchen
        self.held: dict[int, Rows] = {}  # by the rev of the floor stream

    def keep(self) -> None:
        rev = self._kitchen.status.complete_to
        assert rev is not None
        store = self._kitchen.store
        self.held[rev] = rows_of({name: store.rows(name) for name in TABLES})


async def quiet(place: Place, *sessions: Session) -> None:
    """Everything that was tapped is on the server, and everything there is here."""
    for session in sessions:
        await wait_for(session.status_changed, lambda s=session: s.status.waiting == 0)  # type: ignore[misc]
    stream = f"floor:{place.site.branch_id}"
    ((head,),) = place.site.hub.sql("select rev from streams where stream_id = %s", stream)
    for session in sessions:
        await wait_for(
            session.status_changed,
            lambda s=session: s.status.complete_to == head,  # type: ignore[misc]
        )


async def play(place: Place, till: Session, kitchen: Session, record: Record) -> None:
    """Orders, additions, bumps, recalls, voids: a moment of everything, noted as it stood."""
    actions, cooks = till.actions, kitchen.actions
    orders: list[str] = []
    for number in range(6):
        orders.append(await actions.place_order(cart(f"l{number}", qty=1 + number % 3)))
        await quiet(place, till, kitchen)
        record.keep()
        match number % 3:
            case 0:
                await cooks.bump(orders[-1], [f"l{number}"])
            case 1:
                await actions.void_line(orders[-1], f"l{number}", "dropped")
            case _:
                await cooks.eighty_six("caesar", number % 2 == 0)
        await quiet(place, till, kitchen)
        record.keep()
    await cooks.recall(orders[0], ["l0"])
    await quiet(place, till, kitchen)
    record.keep()


async def test_at_every_recorded_moment_the_replay_is_what_the_live_kitchen_held(
    place: Place,
) -> None:
    async with (
        started(await place.options("till")) as till,
        started(await place.options("oven", "kitchen")) as kitchen,
    ):
        await set_up(till)
        await set_up(kitchen)
        start = kitchen.now() - timedelta(minutes=5)
        record = Record(kitchen)
        await play(place, till, kitchen, record)
        desk = kitchen.replay_desk()
        await desk.load(start, kitchen.now() + timedelta(minutes=5))
        assert desk.phase == "ready", desk.problem
        places = {
            moment.changes[0].rev: number
            for number, moment in enumerate(desk.show.timeline.moments, 1)
        }
        assert len(record.held) == 13
        backwards = sorted(record.held, reverse=True)
        for rev in [*sorted(record.held), *backwards]:
            desk.seek_place(places[rev])
            shown = rows_of({name: desk.store.rows(name) for name in TABLES})
            assert shown == record.held[rev], f"at rev {rev}"
        assert {deed.who for deed in desk.show.deeds[-3:]} <= {"till", "oven"}
        first = min(order.number for order in till.store.orders())
        assert desk.show.deeds[-1].what.startswith(f"recalled {first}")


async def test_a_manager_s_restart_later_still_finds_the_service(place: Place) -> None:
    async with started(await place.options("till")) as till:
        await set_up(till)
        await till.actions.place_order(cart("l1"))
        await quiet(place, till)
    async with started(await place.options("office", "manager")) as office:
        await set_up(office)
        desk = office.replay_desk()
        (service,) = await desk.services()
        assert service.orders == 1
        await desk.load(service.start, service.end)
        assert [ticket.number for ticket in desk.store.tickets()] == []
        desk.seek(service.end)
        assert [ticket.number for ticket in desk.store.tickets()] == ["A-001"]


async def test_a_server_that_is_away_is_said_in_a_sentence(place: Place) -> None:
    options = await place.options("till")
    async with started(options) as till:
        await set_up(till)
    alone = await place.options("till", url="http://127.0.0.1:9", email=options.email)
    async with started(alone) as till:
        desk: ReplayDesk = till.replay_desk()
        with pytest.raises(KdsError):
            await desk.services()
        now: datetime = till.now()
        await desk.load(now - timedelta(hours=1), now)
        assert desk.phase == "failed"
        assert desk.problem
