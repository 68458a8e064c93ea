"""`/realtime/v1/websocket` frame by frame: the parts that terminals stand on."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from tests.conformance.servers import Person, Phone, Place
from tests.support.realtime import Client

pytestmark = pytest.mark.realtime
TALK = {"private": True, "broadcast": {"self": True, "ack": True}}


def message(n: int) -> dict[str, Any]:
    return {"type": "broadcast", "event": "said", "payload": {"n": n}}


def changes(place: Place, event: str = "*", **more: str) -> dict[str, Any]:
    binding = {"event": event, "schema": "public", "table": "stock_items"}
    return {"postgres_changes": [binding | {"filter": f"branch_id=eq.{place.branch_id}"} | more]}


async def subscribed(client: Client, topic: str, config: Any, person: Person) -> dict[str, Any]:
    """Join and wait for the word on the subscription; that word."""
    reply = await client.join(topic, config, person.token)
    assert reply["status"] == "ok", reply
    return dict((await client.until("system"))["payload"])


async def level(place: Place, item: str, to: int) -> None:
    await place.write(
        "PATCH", f"stock_items?branch_id=eq.{place.branch_id}&id=eq.{item}", {"level": to}
    )


async def test_a_heartbeat_is_answered_in_either_version(phone: Phone) -> None:
    old, new = await phone.call(), await phone.call(vsn="2.0.0")
    await old.send('{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"7"}')
    answer = await old.next()
    assert (answer["topic"], answer["event"], answer["ref"]) == ("phoenix", "phx_reply", "7")
    assert answer["payload"] == {"status": "ok", "response": {}}
    await new.send('[null,"8","phoenix","heartbeat",{}]')
    assert await new.next() == [
        None, "8", "phoenix", "phx_reply", {"status": "ok", "response": {}},
    ]  # fmt: skip


async def test_a_socket_needs_the_servers_key(phone: Phone) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await phone.call(key="garbage")
    assert refused.value.status in (401, 403)


async def test_members_of_a_branch_hear_each_other(place: Place, phone: Phone) -> None:
    topic = f"branch:{place.branch_id}"
    here, there = await phone.call(), await phone.call()
    for client in (here, there):
        reply = await client.join(topic, TALK, (await place.person()).token)
        assert reply["status"] == "ok", reply
    ref = await here.push(f"realtime:{topic}", "broadcast", message(1))
    assert (await there.until("broadcast"))["payload"] == message(1)
    got = {frame["event"]: frame for frame in (await here.next(), await here.next())}
    assert got["broadcast"]["payload"] == message(1)
    assert (got["phx_reply"]["ref"], got["phx_reply"]["payload"]["status"]) == (ref, "ok")


async def test_a_strange_branch_may_not_be_joined(place: Place, phone: Phone) -> None:
    stranger, client = await place.person(branches=[]), await phone.call()
    reply = await client.join(f"branch:{place.branch_id}", TALK, stranger.token)
    assert reply["status"] == "error"
    assert reply["response"]["reason"].startswith("Unauthorized: You do not have permissions")


@pytest.mark.parametrize(("role", "status"), [("kitchen", "error"), ("pos", "ok")])
async def test_the_office_is_heard_by_those_it_concerns(
    place: Place, phone: Phone, role: Any, status: str
) -> None:
    client, person = await phone.call(), await place.person(role)
    reply = await client.join(f"stream:office:{place.branch_id}", {"private": True}, person.token)
    assert reply["status"] == status


async def test_a_change_pokes_those_who_listen_with_its_rows(place: Place, phone: Phone) -> None:
    stream = f"floor:{place.branch_id}"
    client, person = await phone.call(), await place.person("kitchen")
    reply = await client.join(f"stream:{stream}", {"private": True}, person.token)
    assert reply["status"] == "ok", reply
    await level(place, "dough", 3)
    said = (await client.until("broadcast"))["payload"]
    assert (said["event"], said["type"]) == ("poke", "broadcast")
    poke = said["payload"]
    assert poke["stream"] == stream
    [row] = poke["rows"]
    assert (row["rev"], row["table"], row["op"], row["row"]["level"]) == (
        poke["rev"], "stock_items", "U", 3,
    )  # fmt: skip
    await level(place, "dough", 2)
    assert (await client.until("broadcast"))["payload"]["payload"]["rev"] == poke["rev"] + 1


async def test_only_the_database_speaks_on_a_stream(place: Place, phone: Phone) -> None:
    """A terminal's own message there goes nowhere, without a word."""
    topic = f"stream:floor:{place.branch_id}"
    forger, listener = await phone.call(), await phone.call()
    for client in (forger, listener):
        await client.join(topic, TALK, (await place.person()).token)
    await forger.push(f"realtime:{topic}", "broadcast", message(1))
    await forger.quiet()
    await level(place, "dough", 3)
    assert (await listener.until("broadcast"))["payload"]["event"] == "poke"


async def test_presence_says_who_comes_and_who_goes(place: Place, phone: Phone) -> None:
    topic = f"branch:{place.branch_id}"
    watcher, guest = await phone.call(), await phone.call()
    for client, key in ((watcher, "watcher"), (guest, "guest")):
        config = {"private": True, "presence": {"key": key, "enabled": True}}
        await client.join(topic, config, (await place.person()).token)
    await guest.push(f"realtime:{topic}", "presence", track({"name": "Till"}))
    joins = await presence_of(watcher, "joins", "guest")
    assert [meta["name"] for meta in joins["metas"]] == ["Till"]
    late = await phone.call()
    config = {"private": True, "presence": {"key": "late", "enabled": True}}
    await late.join(topic, config, (await place.person()).token)
    state = (await late.until("presence_state"))["payload"]
    assert state["guest"]["metas"][0]["name"] == "Till"
    await guest.ws.close()
    leaves = await presence_of(watcher, "leaves", "guest")
    assert leaves["metas"][0]["phx_ref"] == joins["metas"][0]["phx_ref"]


def track(payload: dict[str, Any]) -> dict[str, Any]:
    return {"type": "presence", "event": "track", "payload": payload}


async def presence_of(client: Client, side: str, key: str) -> Any:
    """The next entry of `key` in a diff."""
    while True:
        diff = (await client.until("presence_diff"))["payload"]
        if key in diff[side]:
            return diff[side][key]


async def test_rows_are_followed_through_insert_update_and_delete(
    place: Place, phone: Phone
) -> None:
    client = await phone.call()
    said = await subscribed(client, "stock", changes(place), await place.person())
    assert (said["status"], said["message"]) == ("ok", "Subscribed to PostgreSQL")
    row = {"id": "salt", "branch_id": place.branch_id, "name": "Salt", "unit": "g", "level": 5}
    await place.write("POST", "stock_items", row | {"low_level": 1, "par_level": 9})
    made = await change(client)
    assert (made["type"], made["schema"], made["table"]) == ("INSERT", "public", "stock_items")
    assert made["record"] == row | {"low_level": 1, "par_level": 9}
    assert made["errors"] is None
    assert {column["name"]: column["type"] for column in made["columns"]}["level"] == "int8"
    await level(place, "salt", 4)
    changed = await change(client)
    assert (changed["type"], changed["record"]["level"]) == ("UPDATE", 4)
    key = {"id": "salt", "branch_id": place.branch_id}
    assert changed["old_record"] == key
    await place.write("DELETE", f"stock_items?branch_id=eq.{place.branch_id}&id=eq.salt")
    gone = await change(client)
    assert (gone["type"], gone["old_record"]) == ("DELETE", key)


async def change(client: Client) -> dict[str, Any]:
    return dict((await client.until("postgres_changes"))["payload"]["data"])


async def test_a_filter_and_an_event_leave_out_the_rest(place: Place, phone: Phone) -> None:
    client = await phone.call()
    await subscribed(
        client, "stock", changes(place, "UPDATE", filter="level=gt.100"), await place.person()
    )
    await level(place, "dough", 3)
    await level(place, "lettuce", 500)
    assert (await change(client))["record"]["id"] == "lettuce"


async def test_rows_of_another_branch_are_not_shown(place: Place, phone: Phone) -> None:
    elsewhere = await place.make_branch("00000000" + place.branch_id[8:])
    client = await phone.call()
    every = {"postgres_changes": [{"event": "*", "schema": "public", "table": "stock_items"}]}
    await subscribed(client, "stock", every, await place.person(branches=[elsewhere]))
    await level(place, "dough", 3)
    row = {"id": "ours", "branch_id": elsewhere, "name": "Ours", "unit": "g", "level": 1}
    await place.write("POST", "stock_items", row | {"low_level": 0, "par_level": 0})
    assert (await change(client))["record"]["id"] == "ours"


async def test_a_bad_filter_is_told_after_the_join(place: Place, phone: Phone) -> None:
    client = await phone.call()
    config = changes(place, filter="no_such_column=eq.1")
    said = await subscribed(client, "stock", config, await place.person())
    assert said["status"] == "error"
    assert said["extension"] == "postgres_changes"


async def test_a_fresh_token_keeps_the_channel(place: Place, phone: Phone) -> None:
    topic, person = f"branch:{place.branch_id}", await place.person()
    client = await phone.call()
    await client.join(topic, TALK, person.token)
    fresh = (await place.refresh(person.refresh_token)).json()["access_token"]
    await client.push(f"realtime:{topic}", "access_token", {"access_token": fresh})
    await client.push(f"realtime:{topic}", "broadcast", message(2))
    assert (await client.until("broadcast"))["payload"] == message(2)


async def test_a_bad_token_ends_its_channel_and_no_other(place: Place, phone: Phone) -> None:
    topic, person = f"branch:{place.branch_id}", await place.person()
    client = await phone.call()
    await client.join(topic, TALK, person.token, join_ref="1")
    other = f"stream:floor:{place.branch_id}"
    await client.join(other, {"private": True}, person.token, join_ref="2")
    await client.push(f"realtime:{topic}", "access_token", {"access_token": "garbage"})
    assert (await client.until("system"))["payload"]["status"] == "error"
    assert (await client.until("phx_close"))["topic"] == f"realtime:{topic}"
    await level(place, "dough", 3)
    assert (await client.until("broadcast"))["topic"] == f"realtime:{other}"


async def test_a_channel_that_was_left_can_be_joined_again(place: Place, phone: Phone) -> None:
    topic, person = f"branch:{place.branch_id}", await place.person()
    client = await phone.call()
    await client.join(topic, TALK, person.token, join_ref="1")
    ref = await client.push(f"realtime:{topic}", "phx_leave", {}, join_ref="1")
    reply = await client.until("phx_reply")
    assert (reply["ref"], reply["payload"]["status"]) == (ref, "ok")
    assert (await client.until("phx_close"))["ref"] == "1"
    assert (await client.join(topic, TALK, person.token, join_ref="2"))["status"] == "ok"
    await client.push(f"realtime:{topic}", "broadcast", message(3), join_ref="2")
    assert (await client.until("broadcast"))["payload"] == message(3)


async def test_joining_a_live_topic_again_closes_the_old_channel(
    place: Place, phone: Phone
) -> None:
    topic, person = f"branch:{place.branch_id}", await place.person()
    client = await phone.call()
    frames = []
    for ref in ("1", "2"):
        payload = {"config": TALK, "access_token": person.token}
        frame = {"topic": f"realtime:{topic}", "event": "phx_join", "payload": payload}
        await client.send(json.dumps(frame | {"ref": ref, "join_ref": ref}))
    while len(frames) < 3:
        frame = await client.next()
        if frame["event"] in ("phx_reply", "phx_close"):
            frames.append((frame["event"], frame["ref"]))
    assert sorted(frames) == [("phx_close", "1"), ("phx_reply", "1"), ("phx_reply", "2")]
    await client.push(f"realtime:{topic}", "broadcast", message(4), join_ref="2")
    assert (await client.until("broadcast"))["payload"] == message(4)
