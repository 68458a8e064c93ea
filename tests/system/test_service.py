"""The busiest hour of a made-up day, on four stations with expo; `python -m tests.service` plays
that of a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from tests.service.__main__ import sound
from tests.service.crew import Expo
from tests.service.hour import busiest_hour, made_up_day
from tests.service.run import Plan, Service
from tests.support.hub import RunningHub, Site, hub
from tests.support.qtloop import run

__all__ = ["hub"]

Play = Callable[[Plan], dict[str, Any]]


@pytest.fixture
def play(qapp: QApplication, hub: RunningHub, tmp_path: Path) -> Play:
    return lambda plan: run(qapp, Service(Site(hub), tmp_path, plan).play())


def hour(orders: int, **plan: Any) -> Plan:
    """A busy hour in a few seconds."""
    _, found = busiest_hour(made_up_day(7, busy_orders=orders))
    return Plan(found, speed=1200.0, pace_s=24.0, patience_s=30.0, **plan)


def test_every_ticket_passes_every_station_it_should_once_and_in_turn(play: Play) -> None:
    report = play(hour(8))
    assert sound(report), report
    assert report["orders"] == report["handed_over"] == 8
    assert report["stops_passed"] == report["stops_expected"] > 2 * report["lines"]
    assert report["terminals"] == 7


def test_the_backup_of_a_dark_station_makes_its_lines_once(play: Play) -> None:
    report = play(hour(8, fault="station-dark", silent_s=2.0))
    assert sound(report), report
    assert (report["handed_over"], report["terminals"]) == (8, 6)


def test_a_service_that_stands_still_says_what_it_waits_for(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Expo, "give_away", lambda *_: asyncio.Event().wait())
    plan = replace(hour(8, fault="station-dark"), patience_s=8.0)
    with pytest.raises(TimeoutError, match=r"stands still, and waits for .*Grill to be given away"):
        play(plan)
