"""Quotes for new orders: what the stations needed in the last weeks, and what waits there now.

What the server says of the weeks is kept on the disk too, so that a till can quote offline.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Final

from kds.base.alarm import Alarm
from kds.base.clock import Clock
from kds.base.errors import RemoteError, StorageError
from kds.base.events import Event
from kds.domain.cart import Cart, new_lines
from kds.domain.quote import NO_HISTORY, Busy, Dish, History, Pace, Quote, quote
from kds.domain.routing import waiting
from kds.session.prep import WHAT
from kds.session.reports import Ask, BranchId, Reports
from kds.session.store import Store
from kds.sync.settings import Settings
from kds.sync.shapes import objects, text, whole

log = logging.getLogger(__name__)

Start = Callable[[Coroutine[Any, Any, None], str], object]
"""`(work, name)`: run a task that ends with its owner."""

WEEKS: Final = 4
REFRESH_S: Final = 3600.0
RETRY_S: Final = 60.0  # while it has not come yet
KEPT: Final = "prep_load"
"""The key of the settings under which the history is kept."""


class Quotes:
    """How long a new order will take; `changed` fires when more is known than before.

    It knows what was known last time once it is loaded, and asks the server, now and every hour,
    from `keep_up` until `detach`.
    """

    def __init__(
        self,
        ask: Ask,
        branch_id: BranchId,
        store: Store,
        settings: Callable[[], Settings],
        clock: Clock,
        now: Callable[[], datetime],
        start: Start,
    ) -> None:
        self._reports = Reports(ask, branch_id, WHAT)
        self._store, self._settings, self._now = store, settings, now
        self._clock, self._start = clock, start
        self._alarm = Alarm(clock, self.keep_up)
        self.history: History = NO_HISTORY
        self.changed: Event[None] = Event()

    async def load(self) -> None:
        """Know what was known last time."""
        self._learn(await self._settings().get(KEPT, read_history) or NO_HISTORY)

    def keep_up(self) -> None:
        """Ask from now on; the server knows this terminal."""
        self._start(self._refresh(), "quotes")

    def detach(self) -> None:
        """Ask no more; no timer is left."""
        self._alarm.stop()

    def of(self, cart: Cart) -> Quote | None:
        """For this cart, if it were sent now; None when nobody can tell. Quick."""
        stations, menu = self._store.rows("stations"), self._store.rows("menu_items")
        dishes = [_dish(line) for line in new_lines(cart, stations, menu)]
        return quote(dishes, self._busy(), self.history)

    def _busy(self) -> dict[str, Busy]:
        """What waits at the stations now, as `prep_load` counts it."""
        found: dict[str, Busy] = defaultdict(Busy)
        for line, stop in waiting(self._store.open_lines(), self._now()):
            busy = found[stop.station_id]
            prep_s = busy.prep_s + int(line.get("prep_s") or 0)
            found[stop.station_id] = Busy(busy.open + 1, prep_s)
        return found

    # -- history --------------------------------------------------------------------------

    async def _refresh(self) -> None:
        wait = RETRY_S
        try:
            answer = await self._reports.ask("prep_load", {"weeks": WEEKS})
            self._learn(read_history(answer["loads"]))
            wait = REFRESH_S
            await self._settings().put(KEPT, answer["loads"])
        except (KeyError, ValueError) as error:
            log.error("prep_load gave an answer of another shape: %s", error)  # noqa: TRY400
            wait = REFRESH_S
        except (RemoteError, StorageError) as error:
            log.info("kitchen times: %s", error)
        self._alarm.set(self._clock.monotonic() + wait)

    def _learn(self, history: History) -> None:
        if history != self.history:
            self.history = history
            self.changed.emit(None)


def read_history(loads: Any) -> History:
    """From the `loads` of `prep_load`; ValueError for anything else."""
    paces: dict[str, dict[int, Pace]] = {}
    for one in objects(loads):
        try:
            pace = Pace(whole(one["n"]), whole(one["median_s"]), whole(one["p90_s"]))
            paces.setdefault(text(one["station_id"]), {})[whole(one["load"])] = pace
        except KeyError as error:
            raise ValueError(f"a load without {error}") from error
    return History(paces)


def _dish(line: Mapping[str, Any]) -> Dish:
    """Of a `NewLine`."""
    route = line.get("route") or [{"station_id": line["station_id"], "stage": 1}]
    stops = tuple((str(stop["station_id"]), int(stop["stage"])) for stop in route)
    return Dish(stops, int(line.get("prep_s") or 0))
