"""What the top bar says, for every state that a device can be in."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kds.session.status import Status
from kds.ui.shell.words import complete_word, link_word, waiting_word

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
        (Status(), "Offline · orders are kept here", "danger", "cross"),
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
