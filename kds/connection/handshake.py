"""What a declined WebSocket handshake means; pure."""

from __future__ import annotations

from kds.base.errors import Refused

TOO_MANY = 429

_WORDS = {
    401: "The server does not accept this program's key.",
    403: "The server does not allow this program a live connection.",
    404: "There is no live connection at the server's address.",
    TOO_MANY: "The server has too many live connections now.",
}


def declined(status: int) -> Refused:
    """The refusal in words for a person; its `code` is the HTTP status."""
    words = _WORDS.get(status, f"The server declined a live connection (error {status}).")
    return Refused(words, str(status))


def is_crowded(error: Exception) -> bool:
    """The server declined because it has too many connections: rushing back makes it worse."""
    return isinstance(error, Refused) and error.code == str(TOO_MANY)
