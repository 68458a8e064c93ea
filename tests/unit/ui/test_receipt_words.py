"""The words and marks of a receipt at the till."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kds.domain.absences import Screenless
from kds.domain.receipts import Receipt, Stage, StationReceipt
from kds.domain.sightings import Sight
from kds.ui.pos.receipt_words import (
    alarm_text,
    chain,
    names,
    receipt_pill,
    screenless_text,
    spoken,
    station_pill,
    station_rows,
    station_words,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NOWHERE = StationReceipt("grill", "Grill", None, "", at_work=False)
SEEN = StationReceipt("oven", "Oven", Sight("Oven screen", NOON), "", at_work=False)
QUEUED = StationReceipt("bar", "Bar", None, "Bar screen", at_work=False)
AT_WORK = StationReceipt("fry", "Fryer", None, "", at_work=True)
ABSENT = StationReceipt("wok", "Wok", None, "", at_work=False, absent=True)
UNATTENDED = StationReceipt("cellar", "Cellar", None, "", at_work=False, unattended=True)
LATER = StationReceipt("pass", "Pass", None, "", at_work=False, later=True)


def receipt(stage: Stage, *stations: StationReceipt, alarm: bool = False) -> Receipt:
    return Receipt("o1", "A-017", stage, stations, NOON, alarm)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (receipt("stored", NOWHERE), "Stored here"),
        (receipt("server", NOWHERE), "Sent"),
        (receipt("server", SEEN, QUEUED), "Next page: Bar"),
        (receipt("painted", SEEN), "On Oven"),
        (receipt("server", SEEN, NOWHERE, alarm=True), "Not on Grill"),
        (receipt("server", SEEN, ABSENT), "No screen: Wok"),
        (receipt("server", NOWHERE, ABSENT), "Sent"),
        (receipt("server", NOWHERE, ABSENT, alarm=True), "Not on Grill"),
        (receipt("server", UNATTENDED), "Sent"),
        (receipt("server", LATER), "Held"),
    ],
)
def test_each_step_has_its_own_words(said: Receipt, text: str) -> None:
    assert receipt_pill(said)[0] == text


def test_each_step_has_its_own_shape() -> None:
    said = [
        receipt("stored", NOWHERE),
        receipt("server", NOWHERE),
        receipt("server", QUEUED),
        receipt("painted", SEEN),
        receipt("server", NOWHERE, alarm=True),
        receipt("server", ABSENT),
    ]
    assert len({receipt_pill(one)[2] for one in said}) == len(said)


def test_many_stations_are_counted() -> None:
    assert names(["Oven", "Grill", "Bar"]) == "Oven, Grill +1"


@pytest.mark.parametrize(
    ("stage", "steps"),
    [
        ("stored", "done next later later later"),
        ("server", "done done next later later"),
        ("ready", "done done done done done"),
    ],
)
def test_the_chain_shows_what_is_done_and_what_comes_next(stage: Stage, steps: str) -> None:
    assert " ".join(step.step for step in chain(receipt(stage, NOWHERE))) == steps


def test_an_alarm_stands_on_the_step_that_is_missing() -> None:
    found = chain(receipt("server", NOWHERE, alarm=True))
    assert found[2].text == "On screen"
    assert found[2].step == "alarm"


def test_each_station_says_where_the_order_is() -> None:
    assert station_words(SEEN, UTC) == "on Oven screen, 12:00"
    assert station_words(NOWHERE) == "on no screen yet"
    assert station_words(QUEUED) == "on another page of Bar screen"
    assert station_words(AT_WORK) == "at work"
    assert station_words(LATER) == "later"
    assert station_words(ABSENT) == "no screen is there"
    assert station_words(UNATTENDED) == "has no screen"
    shown = (SEEN, NOWHERE, QUEUED, AT_WORK, ABSENT)
    assert len({station_pill(one, alarm=False)[1] for one in shown}) == 5
    assert station_pill(UNATTENDED, alarm=True) == station_pill(LATER, alarm=True)


def test_stations_in_the_same_case_are_told_together() -> None:
    said = receipt("server", LATER, SEEN, replace(LATER, name="Oven"), NOWHERE, alarm=True)
    assert station_rows(said) == (
        ("Pass, Oven: later", "neutral", "ring"),
        ("Oven: on Oven screen", "ok", "dot"),
        ("Grill: on no screen yet", "danger", "triangle"),
    )


def test_the_alarm_names_the_order_and_where_it_is_missing() -> None:
    late = receipt("server", SEEN, NOWHERE, alarm=True)
    text = "A-017 is not on the screen of Grill after 10 s. Tell the kitchen."
    assert alarm_text(late, 0) == text
    assert alarm_text(late, 1) == f"{text} 1 more order is waiting too."
    assert alarm_text(late, 4) == f"{text} 4 more orders are waiting too."
    both = replace(late, stations=(NOWHERE, replace(NOWHERE, name="Wok")))
    assert "the screen of Grill and Wok after" in alarm_text(both, 0)


def test_a_station_without_a_screen_is_told_of_for_all_its_orders() -> None:
    bar = Screenless("bar", "Bar", None, ("o1", "o2"))
    said = screenless_text(bar, NOON, UTC)
    assert said == "No screen has ever shown Bar. 2 orders wait there. Tell its cooks."
    lately = replace(bar, since=NOON - timedelta(hours=13), orders=("o1",))
    assert screenless_text(lately, NOON, UTC) == (
        "No screen has shown Bar since 23:00 on 20 November. 1 order waits there. Tell its cooks."
    )
    today = screenless_text(lately, NOON + timedelta(hours=11), UTC)
    assert today.startswith("No screen has shown Bar since 23:00 on 20 November.")
    early = replace(lately, since=NOON - timedelta(hours=12))
    assert screenless_text(early, NOON, UTC).startswith("No screen has shown Bar since 00:00. ")


def test_a_screen_reader_hears_the_whole_way() -> None:
    assert spoken(receipt("started", AT_WORK)) == "In the kitchen. Fryer: at work"
    assert spoken(receipt("painted", SEEN)) == "On Oven. Oven: on Oven screen"
