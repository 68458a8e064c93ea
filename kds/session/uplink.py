"""A terminal's way to the server, as its screens and its operating system deal with it."""

from __future__ import annotations

from kds.connection.manager import Connection
from kds.connection.metrics import LinkMetrics
from kds.session.metrics import ChannelInfo, info_of


class Uplink:
    """The face of a `connection`; all branches of a house have the same one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def channels(self) -> tuple[ChannelInfo, ...]:
        """Every channel that this device holds, in the order they were asked for."""
        return tuple(map(info_of, self._connection.channels))

    def measure(self) -> LinkMetrics:
        """How well it has done lately, as of now."""
        return self._connection.measure()

    def set_visible(self, visible: bool) -> None:
        """Whether anybody can see the window; who is here is not followed for a hidden one."""
        self._connection.set_visible(visible)

    def network_up(self) -> None:
        """The operating system says that the network is back: try at once."""
        self._connection.network_up()

    def network_down(self) -> None:
        """The operating system says that the network is gone: make sure soon."""
        self._connection.network_down()
