"""The notices of several branches in one list."""

from __future__ import annotations

from datetime import timedelta

from kds.domain.notices import Notice
from kds.session.notices import KEPT
from tests.support.house import LocalHouse
from tests.support.pos import Desk


def low(desk: Desk, key: str = "low", minute: int = 0) -> Notice:
    """A notice whose id says nothing of its branch."""
    at = desk.now() + timedelta(minutes=minute)
    return Notice(key, "low_stock", "Low: Flour", "Low at 5 kg", at)


def test_notices_carry_the_names_of_their_branches_newest_first() -> None:
    house = LocalHouse("North", "South")
    north, south = house.desks.values()
    north.notices.say(low(north, "a", 0), low(north, "b", 2))
    south.notices.say(low(south, "c", 1))
    assert [notice.branch for notice in house.notices.items] == ["North", "South", "North"]


def test_the_same_item_may_run_low_in_two_branches() -> None:
    house = LocalHouse("North", "South")
    for desk in house.desks.values():
        desk.notices.say(low(desk))
    assert len({notice.id for notice in house.notices.items}) == house.notices.unread == 2


def test_one_branch_alone_is_not_named() -> None:
    house = LocalHouse("North")
    house.home.notices.say(low(house.home))
    (notice,) = house.notices.items
    assert (notice.id, notice.branch) == ("low", "")


def test_each_new_notice_is_told_once_with_its_name() -> None:
    house = LocalHouse("North", "South")
    heard: list[Notice | None] = []
    house.notices.changed.connect(heard.append)
    house.desks["South"].notices.say(low(house.home))
    assert [notice.branch for notice in heard if notice] == ["South"]


def test_a_branch_that_is_gone_rings_no_more() -> None:
    house = LocalHouse("North", "South")
    house.desks["South"].notices.say(low(house.home))
    house.have("North")
    assert house.notices.items == ()
    house.desks["South"].notices.say(low(house.home, "later"))
    assert house.notices.items == ()


def test_the_list_is_as_long_as_that_of_one_branch() -> None:
    house = LocalHouse("North", "South")
    for desk in house.desks.values():
        desk.notices.say(*(low(desk, str(number), number) for number in range(KEPT)))
    assert len(house.notices.items) == KEPT


async def test_reading_one_leaves_its_namesake_unread() -> None:
    house = LocalHouse("North", "South")
    north, south = house.desks.values()
    for desk in (north, south):
        desk.notices.say(low(desk))
    await house.notices.mark_read("south/low")
    assert (north.notices.unread, south.notices.unread) == (1, 0)
    await house.notices.mark_read("south/unknown")
    await house.notices.mark_all_read()
    assert house.notices.unread == 0
