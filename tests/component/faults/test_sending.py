"""What can happen to an order on its way to the server, and to the answer on its way back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import pairwise
from math import inf

import pytest

from tests.support import faults, frames
from tests.support.fault_proxy import Call, Fault, FaultProxy
from tests.support.scene import Scene
from tests.support.sessions import Place
from tests.support.terminals import QUICK

PASSING: dict[str, Fault] = {
    "the answer is lost after the commit": faults.lose_answer,
    "the request is doubled": faults.double,
    "the request is doubled at the same time": faults.race,
    "the answer is cut short": faults.cut_short,
    "the answer is half of its JSON": faults.mangle,
    "the connection is reset": faults.reset,
    "429": faults.answer(429),
    "502 before the commit": faults.answer(502),
    "502 after the commit": faults.answer_after(502),
    "504 before the commit": faults.answer(504),
    "504 after the commit": faults.answer_after(504),
    "a portal answers": faults.give(faults.PORTAL),
    "a portal redirects": faults.give(faults.PORTAL_REDIRECT),
    "an answer that is no answer": faults.answer(200, b'{"outcomes": 7}'),
    "an empty answer": faults.answer(200, b""),
}

STALLS: dict[str, Fault] = {
    "no byte arrives": faults.swallow,
    "no byte comes back": faults.silence,
    "it arrives long after the till gave up": faults.late,
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
async def test_an_order_arrives_once_although(scene: Scene, fault: Fault) -> None:
    scene.proxy.on("rpc/apply_ops", fault, times=2)
    await scene.order(2)
    assert scene.till.status.waiting == 1
    await scene.until_called("rpc/apply_ops")
    await scene.order()
    await scene.ends_well()


@pytest.mark.parametrize("fault", [faults.lose_answer, faults.answer_after(502)])
async def test_what_was_done_and_not_heard_of_is_asked_for_again_and_done_once(
    scene: Scene, fault: Fault
) -> None:
    # With no news of the rows either, nothing but the second answer can settle the op.
    scene.proxy.edit(frames.drop("down", "poke"))
    scene.proxy.on("rpc/changes_since", faults.answer(502), times=inf)
    scene.proxy.on("rpc/apply_ops", fault, times=2)
    await scene.order(2)
    await scene.until_called("rpc/apply_ops", 3)
    assert scene.on_server() == scene.orders
    scene.proxy.heal()
    await scene.ends_well()


@pytest.mark.parametrize("stall", STALLS.values(), ids=STALLS.keys())
async def test_an_order_arrives_once_although_half_open(scene: Scene, stall: Fault) -> None:
    scene.proxy.on("rpc/apply_ops", stall, times=2)
    await scene.order(2)
    assert scene.till.status.waiting == 1
    await scene.until_called("rpc/apply_ops")
    scene.proxy.heal()
    await scene.order()
    await scene.ends_well()


async def test_an_answer_that_drips_does_not_hold_up_what_comes_after_it(scene: Scene) -> None:
    scene.proxy.on("rpc/apply_ops", faults.drip(0.3))  # whole after minutes, no byte of it late
    await scene.order(2)
    await scene.until_called("rpc/apply_ops")
    await scene.order()
    await scene.ends_well()


async def test_a_link_that_is_silent_both_ways_is_left_and_made_anew(scene: Scene) -> None:
    scene.proxy.on("", faults.swallow, times=inf)
    scene.proxy.edit(lambda _: ())
    await scene.order()
    await scene.until(lambda status: status.link == "reconnecting")
    assert scene.till.status.waiting == 1
    assert scene.till.status.quality == "offline"
    scene.proxy.heal()
    await scene.ends_well()
    await scene.until(lambda status: status.link == "connected")


async def test_a_portal_before_everything_is_told_and_survived(scene: Scene) -> None:
    scene.proxy.on("", faults.give(faults.PORTAL), times=inf)
    await scene.proxy.hang_up(1001)
    await scene.order()
    await scene.until(lambda status: status.link == "reconnecting" and bool(status.problem))
    assert scene.till.status.waiting == 1
    scene.proxy.heal()
    await scene.ends_well()


async def test_a_batch_that_is_too_large_is_halved_until_it_fits(scene: Scene) -> None:
    scene.proxy.on("rpc/apply_ops", faults.reset, times=inf)
    await asyncio.gather(*(scene.order() for _ in range(50)))
    scene.proxy.heal()
    too_many = faults.only(lambda call: call.ops > 1, faults.answer(413))
    scene.proxy.on("rpc/apply_ops", too_many, times=inf)
    await scene.ends_well()
    sizes = {call.ops for call in scene.proxy.calls if "apply_ops" in call.path}
    assert 1 in sizes


async def test_one_op_that_is_too_large_is_put_aside_and_blocks_nothing_else(scene: Scene) -> None:
    good = await scene.order()
    await scene.ends_well()
    huge = faults.only(lambda call: b"huge" in call.body, faults.answer(413))
    scene.proxy.on("rpc/apply_ops", huge, times=inf)
    await asyncio.gather(
        scene.order(),
        scene.till.actions.void_order(good, "huge"),
        scene.order(),
    )
    await scene.until(lambda status: status.waiting == 0)
    assert scene.till.status.blocked == 1
    (notice,) = scene.till.notices.items
    assert notice.kind == "refused"
    assert notice.body == "This is too large for the server to take."
    assert scene.on_server() == scene.orders


async def test_the_till_waits_longer_each_time_it_is_told_to_slow_down(
    place: Place, proxy: FaultProxy
) -> None:
    pace = replace(QUICK, retry=0.1, retry_most=5.0)
    async with Scene.opened(place, proxy, pace=pace) as scene:
        slow_down = faults.answer(429, headers={"Retry-After": "1"})
        proxy.on("rpc/apply_ops", slow_down, times=4)
        times: list[float] = []

        def note(call: Call) -> None:
            if "apply_ops" in call.path:
                times.append(asyncio.get_running_loop().time())

        proxy.called.connect(note)
        await scene.order()
        await scene.ends_well()
        waits = [after - before for before, after in pairwise(times)]
        assert len(waits) == 4  # one request at a time, and none more than was refused
        assert all(wait >= 0.05 * 2**n for n, wait in enumerate(waits))
