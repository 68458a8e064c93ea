"""What the top bar says, for every state that a device can be in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kds.session.status import Status
from kds.ui.shell.words import (
    banner_text,
    complete_word,
    link_word,
    waiting_word,
    with_key,
)

NOW = datetime(2026, 3, 14, 18, 30, tzinfo=UTC)
GOOD = Status("connected", "", "excellent", 3.2, complete_to=4821, head=4821, verified=True)


@pytest.mark.parametrize(
    ("status", "text", "tone", "shape"),
    [
        (GOOD, "Connected · excellent · 3 ms", "ok", "dot"),
        (replace(GOOD, quality="good", rtt_ms=211.6), "Connected · good · 212 ms", "ok", "dot"),
        (replace(GOOD, quality="fair", rtt_ms=800), "Connected · fair · 800 ms", "warn", "dot"),
        (replace(GOOD, quality="poor", rtt_ms=None), "Connected · poor", "warn", "dot"),
        (Status("connecting"), "Connecting…", "info", "half"),
        (Status("reconnecting"), "Reconnecting…", "warn", "half"),
        (
            Status("reconnecting", retry_at=NOW + timedelta(seconds=3.2)),
            "Reconnecting in 4 s",
            "warn",
            "half",
        ),
        (
            Status("reconnecting", retry_at=NOW - timedelta(seconds=1)),
            "Reconnecting…",
            "warn",
            "half",
        ),
        (Status(), "Opening…", "info", "half"),
        (
            Status("disconnected", "server_error"),
            "Offline · orders are kept here",
            "danger",
            "cross",
        ),
        (Status("disconnected", "signed_out"), "Signed out", "danger", "cross"),
        (Status("disconnected", "stopped"), "Disconnected", "neutral", "ring"),
    ],
)
def test_the_link_is_told_in_words_tone_and_shape(
    status: Status, text: str, tone: str, shape: str
) -> None:
    word = link_word(status, NOW)
    assert (word.text, word.tone, word.shape) == (text, tone, shape)


def test_a_link_problem_is_told_in_the_detail() -> None:
    word = link_word(Status("reconnecting", problem="The hub is not answering."), NOW)
    assert word.detail.startswith("The hub is not answering.")


@pytest.mark.parametrize(
    ("status", "text", "tone", "shape"),
    [
        (GOOD, "Complete to #4,821", "ok", "check"),
        (replace(GOOD, verified=None), "Complete to #4,821", "neutral", "ring"),
        (replace(GOOD, verified=False), "Checking #4,821", "danger", "triangle"),
        (replace(GOOD, head=4830), "Behind by 9", "warn", "triangle"),
        (replace(GOOD, link="reconnecting"), "Last synced #4,821", "warn", "half"),
        (Status("connected"), "Waiting for first sync", "info", "half"),
    ],
)
def test_completeness_is_claimed_only_when_it_is_known(
    status: Status, text: str, tone: str, shape: str
) -> None:
    word = complete_word(status)
    assert (word.text, word.tone, word.shape) == (text, tone, shape)


@pytest.mark.parametrize(
    ("status", "text", "tone"),
    [
        (GOOD, "", "neutral"),
        (replace(GOOD, waiting=3), "3 waiting", "warn"),
        (replace(GOOD, waiting=3, blocked=1), "1 refused", "danger"),
    ],
)
def test_waiting_ops_are_counted_and_refused_ones_come_first(
    status: Status, text: str, tone: str
) -> None:
    word = waiting_word(status)
    assert (word.text, word.tone) == (text, tone)


POLLING = replace(GOOD, link="reconnecting", quality="offline", rtt_ms=None, polling=True)


def test_polling_is_said_with_its_pace_and_that_orders_still_arrive() -> None:
    word = link_word(POLLING, NOW)
    assert (word.text, word.tone, word.shape) == ("Polling every 2 s", "warn", "half")
    assert "Orders still arrive." in word.detail


def test_a_polling_terminal_is_as_complete_as_a_connected_one() -> None:
    assert complete_word(POLLING).text == "Complete to #4,821"
    assert complete_word(replace(POLLING, head=4830)).text == "Behind by 9"


def test_ops_that_wait_while_polling_are_on_their_way() -> None:
    assert waiting_word(replace(POLLING, waiting=2)).detail == (
        "These are on their way to the server."
    )


def test_the_banner_of_a_polling_terminal_speaks_of_polling_and_not_of_missing_news() -> None:
    text = banner_text(replace(POLLING, problem="The server cannot be reached."), False)
    assert text.startswith("The server cannot be reached.")
    assert "Orders still arrive." in text
    assert "missing" not in text


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (replace(GOOD, bootstrapping=0.0), "Loading 0 %"),
        (replace(GOOD, bootstrapping=0.62), "Loading 62 %"),
        (replace(GOOD, bootstrapping=0.62, verified=False), "Loading 62 %"),
        (replace(POLLING, bootstrapping=1.0), "Loading 100 %"),
        (replace(GOOD, bootstrapping=0.62, link="reconnecting"), "Last synced #4,821"),
    ],
)
def test_loading_anew_is_told_while_the_server_can_be_reached(status: Status, text: str) -> None:
    assert complete_word(status).text == text


def test_a_pill_says_which_key_shows_more() -> None:
    assert with_key(link_word(GOOD, NOW)).detail == "Ctrl+K shows more."
    assert with_key(complete_word(GOOD)).detail == (
        "Compared with the server: equal. Ctrl+K shows more."
    )


@pytest.mark.parametrize(
    "problem",
    [
        "Two machines are using this terminal's data. It is locked until a manager has looked.",
        "This terminal cannot save: its disk is full. Free some space, then try again.",
    ],
)
def test_what_only_a_person_can_mend_stands_in_the_banner_while_connected(problem: str) -> None:
    assert banner_text(replace(GOOD, problem=problem), False) == problem
