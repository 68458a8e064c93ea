"""A manager sets the kitchen up on a real hub, and every terminal has it."""

from __future__ import annotations

from kds.session.session import Session
from tests.support.sessions import Place, set_up, started, wait_for


def stage(session: Session) -> int:
    row = session.store.row("stations", "grill")
    return int(row["stage"]) if row else 0


async def test_what_a_manager_sets_is_on_every_screen_and_a_till_may_not(place: Place) -> None:
    async with (
        started(await place.options("office", "manager")) as office,
        started(await place.options("grill", "kitchen")) as kitchen,
        started(await place.options("till")) as till,
    ):
        for session in (office, kitchen, till):
            await set_up(session)
        await office.actions.set_up("stations", "grill", {"stage": 2, "late_after_s": 600})
        assert stage(office) == 2  # at once, whatever the network does
        for session in (kitchen, till):
            await wait_for(session.store.changed, lambda s=session: stage(s) == 2)  # type: ignore[misc]
        await till.actions.set_up("stations", "grill", {"stage": 3})
        await wait_for(till.attention.changed, lambda: bool(till.attention.items))
        (stuck,) = till.attention.items
        assert (stuck.number, stuck.title) == ("Grill", "Set up Grill: stage 3")
        assert stuck.reason == "A pos device may not set up."
        assert stage(till) == 2
