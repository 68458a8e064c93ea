"""What a person is told when a live connection is declined."""

from __future__ import annotations

import pytest

from kds.base.errors import Refused, Unreachable
from kds.connection.handshake import declined, is_crowded


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "The server does not accept this program's key."),
        (403, "The server does not allow this program a live connection."),
        (404, "There is no live connection at the server's address."),
        (429, "The server has too many live connections now."),
        (502, "The server declined a live connection (error 502)."),
        (200, "The server declined a live connection (error 200)."),
    ],
)
def test_a_declined_handshake_is_told_in_words_and_keeps_its_status(
    status: int, words: str
) -> None:
    error = declined(status)
    assert (str(error), error.code) == (words, str(status))


def test_only_429_means_too_many() -> None:
    assert is_crowded(declined(429))
    for other in (declined(403), Unreachable("429"), Refused("no code")):
        assert not is_crowded(other)
