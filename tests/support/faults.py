"""Faults of HTTP requests, for `tests.support.fault_proxy`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from aiohttp import web

from tests.support.fault_proxy import Answer, Call, Exchange, Fault

HTML = {"Content-Type": "text/html"}
PORTAL = Answer(200, HTML, b"<html><body>Welcome to Hotel Wi-Fi. Please sign in.</body></html>")
PORTAL_REDIRECT = Answer(302, {**HTML, "Location": "http://portal.invalid/login"})


async def lose_answer(exchange: Exchange) -> web.StreamResponse:
    """The server has done it; nobody hears of that."""
    await exchange.forward()
    return exchange.reset()


async def double(exchange: Exchange) -> web.StreamResponse:
    """The server gets it twice, one after the other."""
    await exchange.forward()
    return exchange.reply(await exchange.forward())


async def race(exchange: Exchange) -> web.StreamResponse:
    """The server gets it twice at the same time."""
    one, _ = await asyncio.gather(exchange.forward(), exchange.forward())
    return exchange.reply(one)


async def cut_short(exchange: Exchange) -> web.StreamResponse:
    """Half of the answer, then the end of the connection."""
    return await exchange.begin(await exchange.forward(), 0.5)


async def mangle(exchange: Exchange) -> web.StreamResponse:
    """A whole answer of half the JSON."""
    answer = await exchange.forward()
    half = answer.body[: len(answer.body) // 2]
    return exchange.reply(Answer(answer.status, answer.headers, half))


def drip(every_s: float) -> Fault:
    """The server has done it; its answer comes a byte at a time, each in time for itself."""

    async def fault(exchange: Exchange) -> web.StreamResponse:
        return await exchange.drip(await exchange.forward(), every_s)

    return fault


async def reset(exchange: Exchange) -> web.StreamResponse:
    """The server never hears of it."""
    return exchange.reset()


async def swallow(exchange: Exchange) -> web.StreamResponse:
    """Half-open on the way there: no word of it arrives, and nothing comes back until healed."""
    await exchange.healed.wait()
    return exchange.reset()


async def silence(exchange: Exchange) -> web.StreamResponse:
    """Half-open on the way back: the server has done it, and nothing comes back until healed."""
    await exchange.forward()
    await exchange.healed.wait()
    return exchange.reset()


async def late(exchange: Exchange) -> web.StreamResponse:
    """Held until healed, and only then passed to the server: long after the client gave up."""
    await exchange.healed.wait()
    return exchange.reply(await exchange.forward())


def answer(status: int, body: bytes = b"{}", headers: Mapping[str, str] | None = None) -> Fault:
    """Answered by something in between; the server never hears of it."""
    return give(Answer(status, {"Content-Type": "application/json", **(headers or {})}, body))


def give(made_up: Answer) -> Fault:
    async def fault(exchange: Exchange) -> web.StreamResponse:
        return exchange.reply(made_up)

    return fault


def answer_after(status: int) -> Fault:
    """The server has done it; something in between says otherwise."""

    async def fault(exchange: Exchange) -> web.StreamResponse:
        await exchange.forward()
        return exchange.reply(Answer(status, HTML, b"<html>Bad gateway</html>"))

    return fault


def only(condition: Callable[[Call], bool], fault: Fault) -> Fault:
    """`fault` for the requests that meet the condition."""

    async def chosen(exchange: Exchange) -> web.StreamResponse:
        return await (fault(exchange) if condition(exchange.call) else exchange.plain())

    return chosen
