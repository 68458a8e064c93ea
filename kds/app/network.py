"""What the operating system knows of the network, told to the session.

It is a hint: a machine may be "offline" and reach a hub on itself, or "online" without a server.
So good news makes the session try at once, bad news makes it test what it has, and neither keeps
it from trying.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, SignalInstance
from PySide6.QtNetwork import QNetworkInformation

Reachability = QNetworkInformation.Reachability


class Told(Protocol):
    """Who wants to know: the uplink of a session."""

    def network_up(self) -> None: ...

    def network_down(self) -> None: ...


class Source(Protocol):
    """`QNetworkInformation`, or a stand-in."""

    @property
    def reachabilityChanged(self) -> SignalInstance: ...

    def reachability(self) -> QNetworkInformation.Reachability: ...


def system_source() -> QNetworkInformation | None:
    """The operating system's own; None where Qt has no way to ask it."""
    if not QNetworkInformation.loadDefaultBackend():
        return None
    return QNetworkInformation.instance()


class NetworkWatch(QObject):
    """Follows `source` for as long as `parent` lives; without one nothing is ever told."""

    def __init__(self, told: Told, source: Source | None, parent: QObject) -> None:
        super().__init__(parent)
        self._told = told
        if source is not None:
            self._last = source.reachability()
            source.reachabilityChanged.connect(self._on_change)

    def _on_change(self, now: QNetworkInformation.Reachability) -> None:
        """Every change between networks counts; "unknown" says nothing."""
        before, self._last = self._last, now
        if now == Reachability.Online:
            self._told.network_up()
        elif now != Reachability.Unknown and before == Reachability.Online:
            self._told.network_down()
