"""Past days of a kitchen, made up, as the server tells them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from kds.base.clock import to_iso
from kds.base.events import Event
from kds.session.prep import PrepDesk
from tests.support.qt import ITEMS, STATIONS, LocalSession, menu_rows
from tests.support.restaurant import BRANCH

TODAY = datetime(2026, 11, 21, tzinfo=UTC)
COOKS = ("Amina", "Jonas", "Li Wei", "")
BUSY = (1, 1, 2, 4, 6, 5, 3, 2, 1, 1, 2, 5, 7, 4, 2)  # from 09:00 on, on a branch in New York


def line(number: int, due: datetime, took_s: float, **fields: Any) -> dict[str, Any]:
    """One dish of `prep_lines`."""
    return {
        "line_id": f"l{number}",
        "item_id": "hawaiian",
        "name": "Hawaiian",
        "variant": "M",
        "qty": 1,
        "station_id": "pizza",
        "order_type": "dine_in",
        "course": 1,
        "made_by": "Amina",
        "number": f"A-{number:03d}",
        "due_at": to_iso(due),
        "started_at": None,
        "ready_at": to_iso(due + timedelta(seconds=took_s)),
        "placed_at": to_iso(due),
        "order_ready_at": None,
        "handed_at": None,
        **fields,
    }


def days(count: int, orders: int, *, seed: int = 3) -> Iterator[dict[str, Any]]:
    """Dishes of `count` days up to TODAY, of `orders` orders of three a day."""
    rng, number = Random(seed), 0
    for back in range(count - 1, -1, -1):
        for _ in range(orders):
            hour = rng.choices(range(len(BUSY)), BUSY)[0]
            slow = 1 + BUSY[hour] / 9
            due = TODAY - timedelta(days=back) + timedelta(hours=hour + 14 - 24)
            due += timedelta(seconds=rng.randrange(3600))
            for _ in range(3):
                number += 1
                place = rng.randrange(len(ITEMS))
                key, name, category, _allergens = ITEMS[place]
                station = next(s for s, _, categories in STATIONS if category in categories)
                took = rng.lognormvariate(5.1 + 0.07 * (place % 7), 0.45) * slow
                yield line(
                    number,
                    due,
                    round(took),
                    item_id=key,
                    name=name,
                    station_id=station,
                    made_by=rng.choice(COOKS),
                )


class PrepServer:
    """Answers `prep_lines` (and `prep_load`) as the server does, `page` lines at a time."""

    def __init__(self, lines: list[dict[str, Any]], loads: Any = (), *, page: int = 2000) -> None:
        self.lines, self.loads, self.page = lines, list(loads), page
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.fails: Exception | None = None
        self.answers: Any = None
        self.arrived: Event[str] = Event()
        self._open = asyncio.Event()
        self._open.set()

    def hold(self) -> None:
        """Answer nothing until `go`."""
        self._open.clear()

    def go(self) -> None:
        self._open.set()

    def overtake(self) -> asyncio.Event:
        """What is asked from now on is answered at once; what was held waits for this event."""
        held, self._open = self._open, asyncio.Event()
        self._open.set()
        return held

    async def __call__(self, function: str, parameters: dict[str, Any]) -> Any:
        self.asked.append((function, parameters))
        await asyncio.sleep(0)
        opens = self._open
        self.arrived.emit(function)
        await opens.wait()
        if self.fails is not None:
            raise self.fails
        if self.answers is not None:
            return self.answers
        return {"loads": self.loads} if function == "prep_load" else self._lines(parameters)

    def _lines(self, parameters: dict[str, Any]) -> Any:
        since, until = (datetime.fromisoformat(parameters[name]) for name in ("since", "until"))
        found = [
            one for one in self.lines if since <= datetime.fromisoformat(one["due_at"]) < until
        ]
        start = parameters["after"]["id"] if parameters["after"] else 0
        page = found[start : start + self.page]
        more = start + len(page) < len(found)
        return {"lines": page, "next": {"id": start + len(page)} if more else None}


class PrepSession(LocalSession):
    """A session whose past is that of a `PrepServer`."""

    def __init__(self, server: PrepServer, start: datetime = TODAY + timedelta(hours=17)) -> None:
        super().__init__(start=start)
        self.server = server
        self.put(*menu_rows(), initiator="load")

    def prep_desk(self) -> PrepDesk:
        return PrepDesk(self.server, lambda: BRANCH)
