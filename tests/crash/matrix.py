"""Round after round on one site, and the table of what came of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.crash.books import Books
from tests.crash.plan import POINTS, VICTIMS, Plan
from tests.crash.round import Round
from tests.crash.site import Site

ROUND_S = 120


@dataclass(frozen=True)
class Result:
    """`accepted`: taps that the till said it took. `instants`: taken in the instant of death."""

    plan: Plan
    wrong: tuple[str, ...]
    accepted: int
    instants: int


class Matrix:
    """The books go on from round to round: what was right once must stay right."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._books = Books()

    async def round(self, plan: Plan) -> Result:
        """One death, and all that must be true after it."""
        books = self._books
        accepted, instants = books.taps, books.instants
        async with asyncio.timeout(ROUND_S):
            wrong = await Round(self._site, plan, books).play()
            accepted = books.taps - accepted
            wrong += books.settle(await self._site.found(), died=plan.till_dies)
            if not await self._site.kitchen_is_equal(books.orders):
                wrong.append("the kitchen differs from the server")
        return Result(plan, tuple(wrong), accepted, books.instants - instants)


def report(results: Sequence[Result], seconds: float) -> dict[str, Any]:
    """The figures as JSON."""
    return {
        "rounds": len(results),
        "seconds": round(seconds, 1),
        "accepted": sum(result.accepted for result in results),
        "accepted_in_the_instant_of_death": sum(result.instants for result in results),
        "wrong": [f"{result.plan}: {text}" for result in results for text in result.wrong],
        "points": {
            point: {
                victim: _cell(
                    [r for r in results if (r.plan.point, r.plan.victim) == (point, victim)]
                )
                for victim in VICTIMS
            }
            for point in POINTS
        },
    }


def _cell(results: Iterable[Result]) -> dict[str, int]:
    counts: Counter[str] = Counter(rounds=0, whole=0, instants=0)
    for result in results:
        counts.update(rounds=1, whole=not result.wrong, instants=result.instants)
    return dict(counts)


def table(figures: dict[str, Any]) -> str:
    """Point by victim: rounds with nothing lost and nothing doubled / rounds."""
    lines = [f"{'kill -9':36}" + "".join(f"{victim:>10}" for victim in VICTIMS)]
    for point, row in figures["points"].items():
        cells = (f"{row[victim]['whole']}/{row[victim]['rounds']}" for victim in VICTIMS)
        lines.append(f"{point:36}" + "".join(f"{cell:>10}" for cell in cells))
    lines.append(
        f"{figures['rounds']} rounds in {figures['seconds']} s;"
        f" {figures['accepted']} taps accepted,"
        f" {figures['accepted_in_the_instant_of_death']} more in the instant of death"
    )
    return "\n".join([*lines, *figures["wrong"]])
