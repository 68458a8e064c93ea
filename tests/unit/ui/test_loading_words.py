"""What a first start says, for every state that it can be in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kds.session.status import Status
from kds.ui.shell.loading_words import loading_words

HERE = Status("connected", quality="good")
AWAY = Status("reconnecting", "offline", problem="The server cannot be reached.")


@pytest.mark.parametrize(
    ("status", "title", "done"),
    [
        (Status(), "Opening this terminal…", None),
        (Status("connecting"), "Connecting to the restaurant…", None),
        (Status("disconnected", "signed_out"), "Connecting to the restaurant…", None),
        (HERE, "Loading the restaurant: 0 %", 0.0),
        (replace(HERE, bootstrapping=0.62), "Loading the restaurant: 62 %", 0.62),
        (replace(AWAY, polling=True, bootstrapping=1.0, problem=None), "Loading the", 1.0),
        (AWAY, "This terminal must reach the restaurant once", None),
        (replace(AWAY, link="disconnected"), "This terminal must reach the restaurant once", None),
        (replace(AWAY, bootstrapping=0.5), "This terminal must reach the restaurant once", None),
    ],
)
def test_a_first_start_says_what_it_waits_for(
    status: Status, title: str, done: float | None
) -> None:
    words = loading_words(status, False)
    assert words.title.startswith(title)
    assert (words.done, words.sign_in) == (done, False)


def test_a_first_start_without_a_network_says_what_to_check() -> None:
    assert loading_words(AWAY, False).hint == (
        "The server cannot be reached. Check the network and that the hub is on. "
        "It goes on by itself as soon as the restaurant answers."
    )


def test_a_first_start_that_needs_a_password_asks_for_it() -> None:
    words = loading_words(replace(AWAY, problem="This account has no branch."), True)
    assert words.sign_in
    assert words.hint.startswith("This account has no branch. Ask the manager")


def test_a_first_start_that_was_declined_says_why() -> None:
    words = loading_words(replace(HERE, problem="The server is older than this terminal."), False)
    assert words.hint == "The server is older than this terminal."
    assert words.done is None
