"""A station's screen is dark: who stands in? One tap gives its orders away, one takes them back."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from kds.domain.coverage import Offer
from kds.ui.kit import Button, Strip, spawn
from kds.ui.kitchen.words import time_text
from kds.ui.shell.clock import zone_of

if TYPE_CHECKING:
    from kds.session.session import Session

MOST_CHOICES = 3
Key = tuple[str, str, datetime]


class DarkStrip(Strip):
    """Stands over every screen while a station needs somebody; the longest dark one first."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("alarm", "alert", padding=8, parent=parent)
        self._session = session
        self._put_off: set[Key] = set()
        self.choices: list[Button] = []
        self.later = Button("Not now")
        self.later.clicked.connect(self._put_it_off)
        self.box.addWidget(self.later)
        self.destroyed.connect(session.coverage.changed.connect(lambda _: self.refresh()))
        self.refresh()

    def refresh(self) -> None:
        """Show what is to be decided first."""
        self._put_off &= set(map(_key, self._session.coverage.offers))
        offer = self._first
        for button in self.choices:
            button.hide()
            button.deleteLater()
        self.choices = []
        if offer is None:
            self.say("")
            return
        stations = self._session.store.rows("stations")
        if offer.kind == "back":
            self._add("Take back", offer.station_id, "")
        else:
            for key in offer.by[:MOST_CHOICES]:
                self._add(f"Send to {stations[key]['name']}", offer.station_id, key)
        zone = zone_of(self._session.store.branch)
        self.say(offer_text(offer, stations[offer.station_id]["name"], zone))

    @property
    def _first(self) -> Offer | None:
        offers = self._session.coverage.offers
        return next((offer for offer in offers if _key(offer) not in self._put_off), None)

    def _add(self, text: str, station_id: str, by: str) -> None:
        button = Button(text)
        button.clicked.connect(
            lambda: spawn(self._session.actions.cover(station_id, by), f"cover {station_id}")
        )
        self.choices.append(button)
        self.box.insertWidget(self.box.count() - 1, button)

    def _put_it_off(self) -> None:
        if (offer := self._first) is not None:
            self._put_off.add(_key(offer))
            self.refresh()


def _key(offer: Offer) -> Key:
    """It is the same matter, whoever can stand in by now."""
    return offer.kind, offer.station_id, offer.since


def offer_text(offer: Offer, station: str, zone: tzinfo) -> str:
    """`Grill's screen is dark since 19:42. Who makes its orders?`, `Grill is back.`"""
    since = time_text(offer.since, zone)
    if offer.kind == "back":
        return f"{station}'s screen is back since {since}. Take its orders back?"
    ask = "Who makes its orders?" if offer.by else "No other screen is on: tell its cooks."
    return f"{station}'s screen is dark since {since}. {ask}"
