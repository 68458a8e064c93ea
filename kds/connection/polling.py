"""Is it only WebSockets that do not pass? Pure.

Some networks let requests through and WebSockets not. A socket that fails and a request that is
answered after it are one sign of that; at `poll_after` signs in a row the link is `polling`:

    a sign          a socket that did not open, or did not hold; then an answer over HTTP
    no sign at all  a request that found nobody, or trouble on the server; a link that held

A server that was away gives one sign when it is back, and then a live link.
"""

from __future__ import annotations

from kds.connection.signals import Reason


class Signs:
    """`answers`: the last request over HTTP was answered, as far as it says something of now."""

    def __init__(self, poll_after: int) -> None:
        self._poll_after = poll_after
        self.answers = False
        self._signs = 0
        self._failed = False  # a socket did, since the last request

    @property
    def polling(self) -> bool:
        """Requests are answered, and sockets are not."""
        return self.answers and self._signs >= self._poll_after

    def forget(self) -> None:
        """A new start."""
        self.answers = self._failed = False
        self._signs = 0

    def socket_failed(self) -> None:
        self._failed = True

    def link_lost(self, *, held: bool) -> None:
        """A live link is gone: what requests met before says nothing any more."""
        self.answers = False
        self._failed = True
        if held:
            self._signs = 0

    def contact(self, reason: Reason) -> bool:
        """What a request met, "" an answer; True when that is news of a server that is back."""
        news = reason == "" and not self.answers
        self.answers = reason == ""
        if not self.answers:
            self._signs = 0
        elif self._failed:
            self._signs += 1
        self._failed = False
        return news
