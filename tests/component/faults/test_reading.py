"""What can happen to the news on its way to a screen: requests, frames, sockets."""

from __future__ import annotations

import logging
from dataclasses import replace
from math import inf

import pytest

from tests.support import faults, frames
from tests.support.fault_proxy import Fault, FaultProxy
from tests.support.frames import Edit
from tests.support.scene import Scene
from tests.support.sessions import Place, wait_for
from tests.support.terminals import QUICK

GARBAGE: list[str | bytes] = [
    "",
    "garbage",
    "null",
    "7",
    "[]",
    "{}",
    '["1", "1", "realtime:x"]',
    '{"topic": "realtime:nobody", "event": "broadcast", "payload": {}, "ref": null}',
    '{"topic": 7, "event": null, "payload": "x", "ref": {}}',
    '{"topic": "phoenix", "event": "phx_reply", "payload": {}, "ref": "no number"}',
    "[" * 10_000,
    "\U0001f600\u202e\x00",
    b"",
    b"\xff\xfe\x00garbage",
    b"\x04" + b"\xff" * 8,
]


TROUBLE: dict[str, Fault] = {
    "502": faults.answer(502),
    "429": faults.answer(429),
    "401": faults.answer(401),
    "lost": faults.lose_answer,
    "cut short": faults.cut_short,
    "half of its JSON": faults.mangle,
    "other JSON": faults.answer(200, b'{"streams": []}'),
    "portal": faults.give(faults.PORTAL),
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE.keys())
async def test_news_that_did_not_come_is_asked_for_again(scene: Scene, trouble: Fault) -> None:
    scene.proxy.edit(frames.drop("down", "poke"))
    scene.proxy.on("rpc/changes_since", trouble, times=2)
    asked = scene.proxy.count("rpc/changes_since")
    await scene.order(2)
    await scene.until_called("rpc/changes_since", asked + 2)
    await scene.ends_well()


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE.keys())
async def test_a_comparison_that_was_not_answered_is_made_again(
    place: Place, proxy: FaultProxy, trouble: Fault
) -> None:
    proxy.on("rpc/checksum", trouble, times=4)
    pace = replace(QUICK, audit_first=0.01, audit=0.1)
    async with Scene.opened(place, proxy, pace=pace) as scene:
        await scene.order(2)
        await scene.until(lambda status: bool(status.verified))
        await scene.ends_well()
        assert False not in {status.verified for status in scene.said}


@pytest.mark.parametrize(
    "edit",
    [
        frames.drop("down", "poke"),
        frames.double("down"),
        frames.double("up"),
        frames.swap("down", "poke"),
        frames.truncate("down", "poke"),
        frames.truncate("up"),
    ],
    ids=["dropped", "doubled", "doubled up", "out of order", "truncated", "truncated up"],
)
async def test_pokes_may_be(scene: Scene, edit: Edit) -> None:
    scene.proxy.edit(edit)
    for pieces in (1, 2, 3):
        await scene.order(pieces)
        await scene.until(lambda status: status.waiting == 0)
    await scene.ends_well()


@pytest.mark.parametrize("data", GARBAGE, ids=lambda data: repr(data)[:30])
async def test_a_frame_of_garbage_is_logged_and_the_channel_lives_on(
    scene: Scene, data: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    await scene.order()
    await scene.ends_well()
    sockets = scene.proxy.count("websocket")
    with caplog.at_level(logging.WARNING, "kds"):
        await scene.proxy.inject(data)
        # Without pulls nothing but the channel can bring the order.
        scene.proxy.on("rpc/changes_since", faults.answer(502), times=inf)
        order = await scene.order()
        await wait_for(
            scene.kitchen.store.changed, lambda: bool(scene.kitchen.store.lines_of(order))
        )
    assert scene.proxy.count("websocket") == sockets
    assert not [record for record in caplog.records if record.exc_info]
    scene.proxy.heal()
    await scene.ends_well()


@pytest.mark.parametrize("code", [1000, 1001, 1008, 1009, 1011, 1012, 4000])
async def test_a_socket_that_the_server_closes_is_replaced(scene: Scene, code: int) -> None:
    await scene.proxy.hang_up(code)
    await scene.until(lambda status: status.link == "reconnecting")
    await scene.order()
    await scene.until(lambda status: status.link == "connected")
    await scene.ends_well()


async def test_a_link_without_answered_heartbeats_is_not_called_connected(scene: Scene) -> None:
    scene.proxy.edit(frames.drop("down", "phoenix"))
    await scene.until(lambda status: status.link == "reconnecting")
    assert scene.till.status.reason in ("offline", "server_error")
    await scene.order()
    await scene.ends_well()  # HTTP is enough
    scene.proxy.heal()
    await scene.until(lambda status: status.link == "connected")


@pytest.mark.parametrize("way", ["up", "down"])
async def test_a_socket_that_is_silent_one_way_is_left(scene: Scene, way: frames.Way) -> None:
    scene.proxy.edit(frames.drop(way))
    await scene.until(lambda status: status.link == "reconnecting")
    await scene.order()
    scene.proxy.heal()
    await scene.until(lambda status: status.link == "connected")
    await scene.ends_well()


@pytest.mark.parametrize("status", [200, 401, 403, 404, 429, 502, 503])
async def test_orders_pass_without_a_socket(scene: Scene, status: int) -> None:
    scene.proxy.on("websocket", faults.answer(status), times=inf)
    await scene.proxy.hang_up(1001)
    await scene.until(lambda now: now.link == "reconnecting" and now.reason == "server_error")
    assert scene.till.status.problem
    await scene.order(2)
    await scene.ends_well()
    scene.proxy.heal()
    await scene.until(lambda now: now.link == "connected")
