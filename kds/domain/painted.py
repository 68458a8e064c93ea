"""What a kitchen screen says it has on the glass: the announcement behind every receipt.

    {device_id, name, stations: [id], epoch, rev, shown: [order id]}

`stations` is empty for all. `rev`: every change of the floor stream up to it has been taken in
and painted. `shown` names the orders that stand on the page in front of the cook; an order that
the rev covers and `shown` lacks is on another page (or not on this board any more). Naming what
is seen keeps the list as short as a page and makes a receipt positive evidence; naming what is
not seen would grow with the backlog, and a list cut short would vouch for what nobody sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

PAINTED: Final = "painted"
"""The event under which it is broadcast."""
CLOSED: Final = "closed"
"""The event under which a screen that is switched off on purpose says goodbye: {device_id}. One of
its own, so that an older terminal does not take it for an announcement."""
MOST_SHOWN = 200  # more tickets than any page has
_MOST_STATIONS = 100
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Painted:
    """One announcement of one screen."""

    device_id: str
    name: str
    stations: frozenset[str]
    epoch: str
    rev: int
    shown: frozenset[str]

    def shows_station(self, station_id: str) -> bool:
        return not self.stations or station_id in self.stations

    def to_payload(self) -> dict[str, Any]:
        """As it is broadcast; with more than `MOST_SHOWN` orders some are kept back."""
        return {
            "device_id": self.device_id,
            "name": self.name,
            "stations": sorted(self.stations),
            "epoch": self.epoch,
            "rev": self.rev,
            "shown": sorted(self.shown)[:MOST_SHOWN],
        }


def read_painted(payload: Mapping[str, Any]) -> Painted:
    """The announcement in a broadcast's payload; other fields are ignored.

    Raises ValueError for anything that is not one: another program may speak on the channel.
    """
    rev = payload.get("rev")
    if type(rev) is not int or rev < 0:
        raise ValueError(f"no rev: {rev!r}")
    return Painted(
        device_id=_text(payload.get("device_id")),
        name=_text(payload.get("name")),
        stations=_texts(payload.get("stations"), _MOST_STATIONS),
        epoch=_text(payload.get("epoch")),
        rev=rev,
        shown=_texts(payload.get("shown"), MOST_SHOWN),
    )


def read_closed(payload: Mapping[str, Any]) -> str:
    """The id of the device that says goodbye; ValueError as above."""
    return _text(payload.get("device_id"))


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ValueError(f"no short text: {str(value)[:_LONGEST]!r}")
    return value


def _texts(value: object, most: int) -> frozenset[str]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("no short list")
    return frozenset(map(_text, value))
