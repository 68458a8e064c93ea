"""The kitchen of the service: four stations in three stages, and who makes which pizza.

    grill ─┐
           ├─> oven ──> cut ──> the pass
    cold ──┘

A classic goes straight to the oven; chicken is grilled first, vegetables come from the cold
station, and a supreme is made by both of them at the same time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from kds.sim.service import SimOrder, menu_of
from tests.support.hub import Site


@dataclass(frozen=True, slots=True)
class Station:
    """`stage`: it gets a line when all stations of lower stages have bumped it."""

    id: str
    stage: int
    categories: tuple[str, ...]
    backup: str = ""

    @property
    def name(self) -> str:
        return self.id.title()


EVERY = ("classic", "chicken", "veggie", "supreme")
STATIONS = (
    Station("grill", 1, ("chicken", "supreme"), backup="cold"),
    Station("cold", 1, ("veggie", "supreme"), backup="grill"),
    Station("oven", 2, EVERY),
    Station("cut", 3, EVERY),
)


def route_of(category: str) -> dict[str, int]:
    """The stations that a pizza has to pass, and their stages."""
    return {one.id: one.stage for one in STATIONS if category in one.categories}


def furnish(site: Site, orders: Iterable[SimOrder]) -> None:
    """Give a branch this kitchen, the menu of `orders`, and a pass of two stages."""
    menu = menu_of(line for order in orders for line in order.lines)
    menu["stations"] = [
        {"id": one.id, "name": one.name, "categories": list(one.categories)} for one in STATIONS
    ]
    call = "select public.import_menu(%s::uuid, %s::jsonb)"
    site.hub.sql(call, site.branch_id, json.dumps(menu))
    for one in STATIONS:
        site.hub.sql(
            "update public.stations set stage = %s, backup_id = %s"
            " where branch_id = %s and id = %s",
            *(one.stage, one.backup, site.branch_id, one.id),
        )
    site.hub.sql("update public.branches set expo_stages = 2 where id = %s", site.branch_id)
