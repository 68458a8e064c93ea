"""Tokens that are refused, renewed, lost and replayed: no op is rejected for it, none is lost."""

from __future__ import annotations

from math import inf

import pytest

from kds.base.errors import Unauthorized
from tests.support import faults
from tests.support.fault_proxy import Fault, FaultProxy
from tests.support.hub import PASSWORD
from tests.support.scene import Scene, world
from tests.support.sessions import Place, set_up, started, wait_for

EXPIRED = faults.answer(401, b'{"code": "PGRST303", "message": "JWT expired"}')
REFUSED = faults.answer(
    400, b'{"error_code": "invalid_credentials", "msg": "Invalid login credentials"}'
)
REFRESH = "grant_type=refresh_token"


async def test_a_refused_token_is_renewed_once_and_the_op_goes_again(scene: Scene) -> None:
    scene.proxy.on("rpc/apply_ops", EXPIRED)
    await scene.order()
    await scene.ends_well()
    assert scene.proxy.count(REFRESH) == 1
    first, second, *_ = [call for call in scene.proxy.calls if "apply_ops" in call.path]
    assert first.body == second.body


@pytest.mark.parametrize(
    "trouble",
    [
        faults.answer(502),
        faults.answer(429),
        faults.reset,
        faults.lose_answer,
        faults.cut_short,
        faults.mangle,
        faults.give(faults.PORTAL),
        faults.give(faults.PORTAL_REDIRECT),
    ],
    ids=["502", "429", "reset", "lost", "cut short", "half of its JSON", "portal", "redirect"],
)
async def test_a_renewal_that_goes_wrong_signs_nobody_out(scene: Scene, trouble: Fault) -> None:
    scene.proxy.on("rpc/apply_ops", EXPIRED)
    scene.proxy.on(REFRESH, trouble)
    await scene.order()
    await scene.ends_well()
    assert scene.proxy.count("grant_type=password") == 2  # one a terminal, at the start
    assert "signed_out" not in {status.reason for status in scene.said}


async def test_a_till_that_is_signed_out_says_so_and_keeps_its_orders(scene: Scene) -> None:
    scene.proxy.on("rpc/", EXPIRED, times=inf)
    scene.proxy.on("grant_type", REFUSED, times=inf)
    await scene.order()
    await wait_for(scene.till.status_changed, lambda: scene.till.needs_sign_in)
    await scene.order(2)
    status = scene.till.status
    assert (status.link, status.reason) == ("disconnected", "signed_out")
    assert status.problem == "The e-mail or password was not accepted."
    assert (status.waiting, status.blocked) == (2, 0)
    await wait_for(scene.kitchen.status_changed, lambda: scene.kitchen.needs_sign_in)
    scene.proxy.heal()
    for session, name in ((scene.till, "pos"), (scene.kitchen, "kitchen")):
        await session.sign_in(await scene.place.site.account(name), PASSWORD)
    await scene.ends_well()


async def test_a_request_replayed_with_its_old_token_changes_nothing(scene: Scene) -> None:
    await scene.order()
    await scene.ends_well()
    (old,) = [call for call in scene.proxy.calls if "apply_ops" in call.path]
    scene.proxy.on("rpc/apply_ops", EXPIRED)
    await scene.order(2)
    await scene.ends_well()
    answer = await scene.proxy.ask(old)
    assert answer.status == 200
    assert b'"duplicate"' in answer.body
    await scene.ends_well()


@pytest.mark.parametrize("part", ["grant_type=password", "register_device", "rpc/snapshot"])
@pytest.mark.parametrize(
    "trouble",
    [
        faults.answer(502),
        faults.lose_answer,
        faults.cut_short,
        faults.mangle,
        faults.answer(200, b'{"id": 7}'),
    ],
    ids=["502", "lost", "cut short", "half of its JSON", "other JSON"],
)
async def test_a_first_start_gets_through(
    place: Place, proxy: FaultProxy, part: str, trouble: Fault
) -> None:
    proxy.on(part, trouble)
    options = await place.options("till", url=proxy.url)
    async with started(options, world(options)) as till:
        await set_up(till)
        assert await till.audit()
        assert till.status.problem is None


async def test_a_wrong_password_is_not_taken_for_an_outage(place: Place, proxy: FaultProxy) -> None:
    proxy.on("grant_type=password", REFUSED)
    options = await place.options("till", url=proxy.url)
    async with started(options, world(options)) as till:
        await wait_for(till.status_changed, lambda: till.needs_sign_in)
        proxy.on("grant_type=password", REFUSED)
        with pytest.raises(Unauthorized):
            await till.sign_in(options.email, "wrong")
        await till.sign_in(options.email, PASSWORD)
        await set_up(till)
