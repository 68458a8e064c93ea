"""A replay desk: a service from the server's pages, and any instant of it in a store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from kds.base.errors import Refused, RemoteError, Unreachable
from kds.domain.changes import ChangeSet
from kds.session.replay import SPEEDS, ReplayDesk
from kds.session.reports import NOT_SET_UP, UNREADABLE
from tests.support.replay import START, Log, LogServer, evening
from tests.support.restaurant import BRANCH

END = START + timedelta(hours=1)


@pytest.fixture
def server() -> LogServer:
    return LogServer(evening())


@pytest.fixture
def desk(server: LogServer) -> ReplayDesk:
    return ReplayDesk(server, lambda: BRANCH)


@pytest.fixture
async def loaded(desk: ReplayDesk) -> ReplayDesk:
    await desk.load(START, END)
    assert desk.phase == "ready", desk.problem
    return desk


def seconds(desk: ReplayDesk) -> float:
    return (desk.now() - START).total_seconds()


def numbers(desk: ReplayDesk) -> list[str]:
    return sorted(ticket.number for ticket in desk.store.tickets())


async def test_the_days_that_the_server_has_are_offered(desk: ReplayDesk) -> None:
    (service,) = await desk.services()
    assert (service.day.isoformat(), service.orders) == ("2026-11-26", 3)
    assert service.start == START + timedelta(seconds=60)


async def test_a_service_comes_in_pages_and_says_how_far_it_is(
    desk: ReplayDesk, server: LogServer
) -> None:
    heard: list[tuple[str, float]] = []
    desk.changed.connect(lambda _: heard.append((desk.phase, round(desk.progress, 2))))
    await desk.load(START, END)
    assert heard == [
        ("loading", 0.0), ("loading", 0.43), ("loading", 0.86), ("ready", 1.0),
    ]  # fmt: skip
    assert [asked["after_rev"] for _, asked in server.asked] == [None, 3, 6]
    assert len(desk.show.deeds) == 7


async def test_it_begins_before_the_first_order_with_the_menu_in_place(loaded: ReplayDesk) -> None:
    assert seconds(loaded) == 0
    assert numbers(loaded) == []
    assert loaded.store.row("menu_items", "water") is not None


@pytest.mark.parametrize(
    ("at", "open_orders"),
    [(59, []), (60, ["A-001"]), (299, ["A-001", "A-002"]), (300, ["A-002"]),
     (700, ["A-002", "A-003"]), (3600, ["A-003"])],
)  # fmt: skip
async def test_a_seek_shows_the_instant(
    loaded: ReplayDesk, at: int, open_orders: list[str]
) -> None:
    """Nobody has acknowledged that a line of A-003 is void, so its ticket stays."""
    for detour in (3600, 0):
        loaded.seek(START + timedelta(seconds=detour))
        loaded.seek(START + timedelta(seconds=at))
        assert numbers(loaded) == open_orders
        assert seconds(loaded) == at


async def test_a_seek_is_one_change_however_far_it_is(loaded: ReplayDesk) -> None:
    heard: list[ChangeSet] = []
    loaded.store.changed.connect(heard.append)
    loaded.seek(END)
    loaded.seek(START)
    assert [change_set.initiator for change_set in heard] == ["remote", "load"]
    assert {len(change_set.changes) for change_set in heard} == {8}


async def test_a_moment_of_the_way_forward_without_an_event_is_no_change(
    loaded: ReplayDesk,
) -> None:
    heard: list[ChangeSet] = []
    loaded.seek(START + timedelta(seconds=60))
    loaded.store.changed.connect(heard.append)
    loaded.seek(START + timedelta(seconds=61))
    assert heard == []


async def test_a_seek_stays_within_the_service(loaded: ReplayDesk) -> None:
    loaded.seek(END + timedelta(days=1))
    assert (loaded.now(), loaded.ended) == (END, True)
    loaded.seek(START - timedelta(days=1))
    assert loaded.now() == START
    loaded.seek_place(-3)
    assert loaded.place == 0
    loaded.seek_place(999)
    assert (loaded.place, seconds(loaded)) == (7, 960)


async def test_time_passes_at_the_chosen_speed_while_it_plays(loaded: ReplayDesk) -> None:
    loaded.advance(10)
    assert seconds(loaded) == 0
    loaded.set_playing(True)
    for speed, passed in ((0.5, 5), (120.0, 1200)):
        loaded.seek(START)
        loaded.set_speed(speed)
        loaded.advance(10)
        assert seconds(loaded) == passed


async def test_it_stops_at_the_end_and_plays_from_the_beginning_again(loaded: ReplayDesk) -> None:
    loaded.set_playing(True)
    loaded.set_speed(120.0)
    loaded.advance(3600)
    assert (loaded.playing, loaded.ended) == (False, True)
    loaded.set_playing(True)
    assert (loaded.playing, seconds(loaded)) == (True, 0)


async def test_the_speed_changes_step_by_step_between_its_ends(loaded: ReplayDesk) -> None:
    loaded.change_speed(1)
    assert loaded.speed == 2.0
    loaded.change_speed(-99)
    assert loaded.speed == SPEEDS[0]
    loaded.change_speed(99)
    assert loaded.speed == SPEEDS[-1]


async def test_another_service_takes_the_place_of_the_first(
    loaded: ReplayDesk, server: LogServer
) -> None:
    loaded.seek(START + timedelta(seconds=700))
    server.log = Log()
    server.log.order(5, 9)
    await loaded.load(START, END)
    assert (loaded.phase, numbers(loaded)) == ("ready", [])
    loaded.seek(END)
    assert numbers(loaded) == ["A-009"]


async def test_a_closed_service_leaves_nothing(loaded: ReplayDesk) -> None:
    loaded.seek(START + timedelta(seconds=700))
    loaded.close()
    assert loaded.phase == "idle"
    assert numbers(loaded) == []
    assert not loaded.store.rows("menu_items")
    assert not loaded.ended
    with pytest.raises(RuntimeError, match="no service"):
        _ = loaded.show


async def test_a_board_on_its_way_out_still_has_a_time(loaded: ReplayDesk) -> None:
    loaded.seek(START + timedelta(seconds=700))
    loaded.close()
    assert seconds(loaded) == 700


async def test_there_is_no_time_before_the_first_service(desk: ReplayDesk) -> None:
    with pytest.raises(RuntimeError, match="no service"):
        desk.now()


async def test_a_load_that_was_given_up_is_not_shown(desk: ReplayDesk, server: LogServer) -> None:
    loading = asyncio.create_task(desk.load(START, END))
    await asyncio.sleep(0)
    desk.close()
    await loading
    assert desk.phase == "idle"
    assert len(server.asked) == 1


async def test_a_failure_of_a_load_that_was_given_up_is_not_shown() -> None:
    heard: list[str] = []

    async def give_up(function: str, parameters: dict[str, Any]) -> Any:
        desk.close()
        raise Unreachable("gone")

    desk = ReplayDesk(give_up, lambda: BRANCH)
    desk.changed.connect(lambda _: heard.append(desk.phase))
    await desk.load(START, END)
    assert heard == ["loading", "idle"]


FAILURES: Iterable[tuple[Exception, str]] = [
    (Unreachable("The server does not answer."), "The server does not answer."),
    (Refused("The log does not go back so far.", "PT410"), "The log does not go back so far."),
    (
        Refused("Could not find the function", "PGRST202"),
        "The server is older than this program and keeps no services to replay.",
    ),
]


@pytest.mark.parametrize(("failure", "said"), FAILURES)
async def test_what_goes_wrong_is_said_in_a_sentence(
    desk: ReplayDesk, server: LogServer, failure: Exception, said: str
) -> None:
    server.fails = failure
    await desk.load(START, END)
    assert (desk.phase, desk.problem) == ("failed", said)
    with pytest.raises(RemoteError, match=said[:20]):
        await desk.services()


@pytest.mark.parametrize("answer", [None, [], {}, {"services": 1, "tables": 1}])
async def test_an_answer_of_another_shape_is_said_so(answer: Any) -> None:
    async def ask(function: str, parameters: dict[str, Any]) -> Any:
        return answer

    desk = ReplayDesk(ask, lambda: BRANCH)
    await desk.load(START, END)
    assert (desk.phase, desk.problem) == ("failed", UNREADABLE)
    with pytest.raises(RemoteError, match="could not be read"):
        await desk.services()


async def test_a_terminal_that_was_never_set_up_has_no_services(server: LogServer) -> None:
    desk = ReplayDesk(server, lambda: None)
    await desk.load(START, END)
    assert (desk.phase, desk.problem) == ("failed", NOT_SET_UP)
    assert server.asked == []
