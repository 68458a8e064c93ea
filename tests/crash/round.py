"""One round of the matrix: work, die, come back, settle."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import get_args

import aiohttp
from aiohttp import web

from kds.base.events import until
from kds.base.tasks import end
from tests.crash.books import Books
from tests.crash.plan import Plan, TillPoint
from tests.crash.processes import Till
from tests.crash.site import Site
from tests.support.fault_proxy import Exchange


class Round:
    """`play` it once."""

    def __init__(self, site: Site, plan: Plan, books: Books) -> None:
        self._site = site
        self._plan = plan
        self._books = books
        self._killing = False
        self._killed = asyncio.Event()
        at_till = plan.point in get_args(TillPoint)
        self._till = Till(
            replace(
                site.job(),
                point=plan.point if at_till else None,
                nth=plan.nth,
                suicide=plan.victim == "till",
            )
        )
        if not at_till:
            lurk = self._before_commit if plan.point.startswith("before") else self._after_commit
            site.proxy.on("rpc/apply_ops", lurk, skip=plan.nth - 1)

    async def play(self) -> list[str]:
        """What went wrong, as sentences; the hub and a till that has settled are there again."""
        if not await self._somebody_dies():
            return [f"never came to the point; the till said {self._till.said[-3:]}"]
        self._site.proxy.heal()
        if self._plan.hub_dies:
            await self._site.hub.start()
        self._till.enough()
        if self._plan.till_dies:
            await self._end_of_till()
            self._till = Till(replace(self._site.job(), orders=1))
        return await self._settled()

    # -- the end of one -------------------------------------------------------------------

    async def _somebody_dies(self) -> bool:
        """False when the till has done all its work without coming to the point."""
        till = self._till
        at_point = asyncio.ensure_future(
            until(till.heard, lambda: till.ended or bool(till.of("reached")))
        )
        settled = asyncio.ensure_future(until(till.heard, lambda: bool(till.of("settled"))))
        killed = asyncio.ensure_future(self._killed.wait())
        waits = (at_point, settled, killed)
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if settled.done():
                return False
            await self._kill()
            return True
        finally:
            await end(waits)

    async def _kill(self) -> None:
        """Once, whoever asks first; all who ask wait for it."""
        if not self._killing:
            self._killing = True
            if self._plan.till_dies:
                self._till.kill()
            if self._plan.hub_dies:
                await self._site.hub.kill(power=self._plan.victim == "power")
            self._killed.set()
        await self._killed.wait()

    async def _before_commit(self, exchange: Exchange) -> web.StreamResponse:
        """The server has begun, and waits for a lock that is ours."""
        async with self._site.locked() as until_somebody_waits:
            request = asyncio.create_task(exchange.forward())
            await until_somebody_waits()
            await self._kill()
        with suppress(aiohttp.ClientError):
            await request
        return exchange.reset()

    async def _after_commit(self, exchange: Exchange) -> web.StreamResponse:
        """The answer has come as far as here."""
        await exchange.forward()
        await self._kill()
        return exchange.reset()

    # -- and what comes after -------------------------------------------------------------

    async def _settled(self) -> list[str]:
        code = await self._end_of_till()
        if code or self._till.of("settled") != [("settled", True, 0)]:
            return [f"the till did not settle: {self._till.said[-1:]}, exit code {code}"]
        return []

    async def _end_of_till(self) -> int:
        """Its exit code; what it said that it accepted is in the books."""
        till = self._till
        await until(till.heard, lambda: till.ended)
        code = await till.gone()
        for _, what, order_id in till.of("accepted"):
            self._books.accepted(what, order_id)
        return code
