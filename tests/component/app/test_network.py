"""What the operating system says of the network, passed on to the session."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation
from PySide6.QtWidgets import QApplication

from kds.app.network import NetworkWatch, system_source

Reach = QNetworkInformation.Reachability


class FakeSource(QObject):
    """An operating system whose network a test switches."""

    reachabilityChanged = Signal(object)

    def __init__(self, now: Reach) -> None:
        super().__init__()
        self._now = now

    def reachability(self) -> Reach:
        return self._now

    def become(self, now: Reach) -> None:
        self._now = now
        self.reachabilityChanged.emit(now)


class Told:
    """A session that remembers what it was told."""

    def __init__(self) -> None:
        self.news: list[str] = []

    def network_up(self) -> None:
        self.news.append("up")

    def network_down(self) -> None:
        self.news.append("down")


@pytest.mark.parametrize(
    ("first", "changes", "news"),
    [
        (Reach.Online, [Reach.Disconnected, Reach.Online], ["down", "up"]),
        (Reach.Online, [Reach.Local, Reach.Disconnected], ["down"]),
        (Reach.Online, [Reach.Unknown, Reach.Online], ["up"]),
        (Reach.Disconnected, [Reach.Local, Reach.Site, Reach.Online], ["up"]),
        (Reach.Unknown, [Reach.Disconnected], []),
    ],
)
def test_good_news_and_bad_news_are_told_once(
    qapp: QApplication, first: Reach, changes: list[Reach], news: list[str]
) -> None:
    source, told, parent = FakeSource(first), Told(), QObject()
    NetworkWatch(told, source, parent)  # type: ignore[arg-type]
    assert told.news == []
    for change in changes:
        source.become(change)
    assert told.news == news


def test_a_machine_that_cannot_be_asked_tells_nothing(qapp: QApplication) -> None:
    told = Told()
    NetworkWatch(told, None, QObject())
    assert told.news == []


def test_the_system_is_asked_without_a_warning(qapp: QApplication) -> None:
    source = system_source()
    assert source is None or source.reachability() in Reach
