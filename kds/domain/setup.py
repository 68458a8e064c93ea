"""How the kitchen is set up: what each station makes, what nobody makes, and settings in words.
Pure. What may be set, and to what: `verbs.setup`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kds.domain.routing import route_for
from kds.domain.rows import Row

TYPES: Final = {"dine_in": "Dine-in", "takeaway": "Takeaway", "delivery": "Delivery"}


@dataclass(frozen=True, slots=True)
class StationSetup:
    """A station on the set-up page. `dishes`: how many of the menu are made there."""

    id: str
    name: str
    position: int
    stage: int
    warn_after_s: int
    late_after_s: int
    dishes: int

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands in the list."""
        return self.position, self.id


def stations_set_up(stations: Mapping[str, Row], items: Iterable[Row]) -> tuple[StationSetup, ...]:
    """Every station, in order."""
    makes = dict.fromkeys(stations, 0)
    for item in items:
        for stop in route_for(item["id"], item["category"], (), stations.values()):
            makes[stop["station_id"]] += 1
    found = (
        StationSetup(
            row["id"],
            row["name"],
            row["position"],
            row.get("stage", 1),
            row["warn_after_s"],
            row["late_after_s"],
            makes[row["id"]],
        )
        for row in stations.values()
    )
    return tuple(sorted(found, key=lambda station: station.place))


def categories(items: Iterable[Row]) -> tuple[str, ...]:
    """The categories of the menu, in its order."""
    ordered = sorted(items, key=lambda item: (item["position"], item["id"]))
    return tuple(dict.fromkeys(item["category"] for item in ordered))


def nobody_makes(stations: Iterable[Row], items: Iterable[Row]) -> tuple[str, ...]:
    """The categories with a dish that no station claims; the first station of all gets it."""
    claims = list(stations)
    kinds = {category for row in claims for category in row["categories"]}
    dishes = {item_id for row in claims for item_id in row.get("items", ())}
    return categories(
        item for item in items if item["category"] not in kinds and item["id"] not in dishes
    )


# -- words ----------------------------------------------------------------------------------------


def span(seconds: int) -> str:
    """`45 s`, `5 min`, `4 min 30 s`."""
    minutes, rest = divmod(seconds, 60)
    parts = (f"{minutes} min" if minutes else "", f"{rest} s" if rest or not minutes else "")
    return " ".join(filter(None, parts))


def told(settings: Mapping[str, Any], name_of: Callable[[str], str]) -> str:
    """`due after 5 min, late after 8 min`; settings of any shape, "" for none that is known.
    `name_of`: a station by its id, "" when there is none."""
    parts = (_told(name, value, name_of) for name, value in settings.items())
    return ", ".join(filter(None, parts))


def _told(name: str, value: Any, name_of: Callable[[str], str]) -> str:
    match name, value:
        case "warn_after_s" | "late_after_s", int() | None:
            word = "due" if name == "warn_after_s" else "late"
            return f"{word} as its station says" if value is None else f"{word} after {span(value)}"
        case "prep_s", int():
            return f"takes {span(value)}" if value else "takes nobody knows how long"
        case "stage", int():
            return f"stage {value}"
        case "expo_stages", int():
            return "assembled, then handed over" if value == 2 else "handed over in one step"
        case "unattended", bool():
            return "has no screen" if value else "has a screen"
        case "backup_id", str():
            return f"{name_of(value) or 'nobody'} can stand in"
        case "type_ages", Mapping():
            return ", ".join(_type_told(value))
        case "name", str():
            return f"called “{value}”"
        case "categories", [*kinds]:
            return f"makes {', '.join(map(str, kinds)) or 'no category'}"
        case "items", [*items]:
            return f"{_count(len(items), 'dish', 'dishes')} named"
        case "modifiers", [*extras]:
            return f"lines with {_count(len(extras), 'extra', 'extras')}"
        case "position", int():
            return "another place in the list"
    return ""


def _count(number: int, one: str, more: str) -> str:
    return f"1 {one}" if number == 1 else f"{number or 'no'} {more}"


def _type_told(ages: Mapping[str, Any]) -> Iterator[str]:
    for order_type, pair in ages.items():
        word = TYPES.get(order_type, order_type)
        match pair:
            case [int() as warn, int() as late]:
                yield f"{word} due after {span(warn)}, late after {span(late)}"
            case _:
                yield f"{word} as the station says"
