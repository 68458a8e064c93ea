"""`/rest/v1`: functions and tables, with the official client and by hand."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
import pytest
from postgrest import APIError, CountMethod
from supabase import AsyncClient

from tests.support.hub import RunningHub, Site, official_client

TABLE = """
create schema if not exists extra;
drop table if exists public.notes;
create table public.notes (
    id int primary key, owner text default 'nobody', body text, data jsonb, tags text[],
    at timestamptz
);
insert into public.notes (id, owner, body, data, tags) values
    (1, 'ann', 'salt', '{"n": 1, "deep": {"s": "x"}}', '{a,b}'),
    (2, 'bob', 'pepper', '{"n": 2}', '{b}'),
    (3, 'ann', 'sugar, brown', null, '{}');
create or replace function public.add(a int, b int default 10) returns int language sql immutable
    as $$ select a + b $$;
create or replace function public.echo(value jsonb) returns jsonb language sql volatile
    as $$ select value $$;
create or replace function public.nothing() returns void language sql volatile as $$ $$;
create or replace function public.numbers(up_to int) returns setof int language sql stable
    as $$ select generate_series(1, up_to) $$;
create or replace function public.notes_of(who text) returns setof public.notes language sql stable
    as $$ select * from public.notes where owner = who order by id $$;
create or replace function public.one_note() returns public.notes language sql stable
    as $$ select * from public.notes where id = 1 $$;
create or replace function public.fail(code text, text text) returns void language plpgsql as $$
    begin raise exception using errcode = code, message = text, detail = 'd', hint = 'h'; end $$;
create or replace function public.nap(seconds float) returns void language sql volatile
    as $$ select pg_sleep(seconds) $$;
create or replace function public.whoami() returns jsonb language sql stable as $$
    select jsonb_build_object('role', current_user, 'email', auth.email(), 'tz',
        current_setting('TimeZone')) $$;
create or replace function public.write_note(id int) returns void language sql volatile as $$
    insert into public.notes (id) values (write_note.id) $$;
create or replace function public.pick(a int) returns text language sql as $$ select 'int' $$;
create or replace function public.pick(a text) returns text language sql as $$ select 'text' $$;
"""


@pytest.fixture(scope="session")
def server(hub: RunningHub) -> RunningHub:
    hub.sql(TABLE)
    return hub


@pytest.fixture
async def notes(server: RunningHub) -> AsyncIterator[AsyncClient]:
    """The official client with the service key, in front of three notes."""
    server.sql("delete from public.notes where id > 3")
    async with official_client(server, server.keys.service) as client:
        yield client


async def rpc(
    hub: RunningHub, name: str, body: Any = None, *, token: str | None = None, **options: Any
) -> httpx.Response:
    async with hub.http(token=token or hub.keys.service) as http:
        content = body if isinstance(body, bytes) else json.dumps(body or {})
        return await http.post(f"/rest/v1/rpc/{name}", content=content, **options)


async def get(hub: RunningHub, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async with hub.http(token=hub.keys.service) as http:
        return await http.request(method, f"/rest/v1/{path}", headers=headers)


def data(answer: Any) -> Any:
    """What the official client got; its own type is any JSON at all."""
    return answer.data


# -- functions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("add", {"a": 1, "b": 2}, 3),
        ("add", {"a": 1}, 11),
        ("add", {"a": None}, None),
        ("echo", {"value": {"å": [1, "🍕", None]}}, {"å": [1, "🍕", None]}),
        ("echo", {"value": None}, None),
        ("numbers", {"up_to": 3}, [1, 2, 3]),
        ("numbers", {"up_to": 0}, []),
    ],
)
async def test_functions_take_named_arguments(
    notes: AsyncClient, name: str, arguments: dict[str, Any], result: Any
) -> None:
    assert (await notes.rpc(name, arguments).execute()).data == result


async def test_functions_of_rows_answer_with_objects(notes: AsyncClient) -> None:
    mine = await notes.rpc("notes_of", {"who": "ann"}).select("id").gt("id", 1).execute()
    assert mine.data == [{"id": 3}]
    one = await notes.rpc("one_note", {}).execute()
    assert isinstance(one.data, dict)
    assert one.data["body"] == "salt"


async def test_functions_can_be_called_with_get_unless_they_write(server: RunningHub) -> None:
    assert (await get(server, "rpc/add?a=1&b=5")).json() == 6
    assert (await get(server, "rpc/notes_of?who=ann&select=id&order=id.desc")).json() == [
        {"id": 3},
        {"id": 1},
    ]
    answer = await get(server, "rpc/write_note?id=50")
    assert answer.status_code == 405
    assert answer.json()["code"] == "25006"


async def test_a_function_without_a_result_answers_204(server: RunningHub) -> None:
    answer = await rpc(server, "nothing")
    assert (answer.status_code, answer.content) == (204, b"")


async def test_an_unknown_function_is_told_as_postgrest_does(server: RunningHub) -> None:
    answer = await rpc(server, "apply_opps", {"b": 1, "a": 2})
    assert answer.status_code == 404
    assert answer.json() == {
        "code": "PGRST202",
        "details": "Searched for the function public.apply_opps with parameters a, b or with a "
        "single unnamed json/jsonb parameter, but no matches were found in the schema cache.",
        "hint": "Perhaps you meant to call the function public.apply_ops",
        "message": "Could not find the function public.apply_opps(a, b) in the schema cache",
    }
    wrong = (await rpc(server, "add", {"c": 1})).json()
    assert wrong["hint"] == "Perhaps you meant to call the function public.add(a, b)"
    assert (await rpc(server, "add")).json()["message"] == (
        "Could not find the function public.add without parameters in the schema cache"
    )


async def test_overloads_that_cannot_be_told_apart_are_refused(server: RunningHub) -> None:
    answer = await rpc(server, "pick", {"a": 1})
    assert answer.status_code == 300
    assert answer.json()["code"] == "PGRST203"


async def test_a_function_made_later_is_found(server: RunningHub) -> None:
    server.sql("drop function if exists public.latecomer()")
    assert (await rpc(server, "latecomer")).status_code == 404
    server.sql("create function public.latecomer() returns int language sql as 'select 1'")
    assert (await rpc(server, "latecomer")).json() == 1


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("P0001", 400),
        ("23505", 409),
        ("23503", 409),
        ("42501", 403),
        ("PT409", 409),
        ("PTABC", 500),
        ("40001", 500),
        ("40P01", 500),
        ("22023", 400),
        ("53300", 503),
        ("54001", 500),
    ],
)
async def test_errors_of_the_database_become_http(
    server: RunningHub, code: str, status: int
) -> None:
    answer = await rpc(server, "fail", {"code": code, "text": "a sentence"})
    assert answer.status_code == status
    body = {"code": code, "details": "d", "hint": "h", "message": "a sentence"}
    assert answer.json() == body


async def test_the_public_key_alone_gets_401_where_a_person_gets_403(server: RunningHub) -> None:
    answer = await rpc(server, "fail", {"code": "42501", "text": "no"}, token=server.keys.anon)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_statement_that_takes_too_long_is_cancelled(server: RunningHub) -> None:
    started = time.monotonic()
    answer = await rpc(server, "nap", {"seconds": 60}, token=server.keys.anon)
    assert time.monotonic() - started < 10
    assert answer.status_code == 500
    assert answer.json()["code"] == "57014"


async def test_a_call_runs_as_its_caller(site: Site, server: RunningHub) -> None:
    async with site.client() as client:
        session = await client.auth.get_session()
        who = (await client.rpc("whoami", {}).execute()).data
    assert session is not None
    assert who == {"role": "authenticated", "email": session.user.email, "tz": "UTC"}
    anonymous = (await rpc(server, "whoami", token=server.keys.anon)).json()
    assert anonymous == {"role": "anon", "email": None, "tz": "UTC"}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"5",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"value": NaN}',
        b"[" * 200_000,
        b'{"value": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"value": ' + b"9" * 5_000 + b"}",
    ],
)
async def test_a_body_that_is_no_json_object_gets_400(server: RunningHub, body: bytes) -> None:
    answer = await rpc(server, "echo", body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "PGRST102"


@pytest.mark.parametrize("value", [r"\u0000", r"\ud800", r"\ud83d x"])
async def test_text_that_postgresql_cannot_hold_gets_400(server: RunningHub, value: str) -> None:
    answer = await rpc(server, "echo", b'{"value": "%s"}' % value.encode())
    assert answer.status_code == 400
    assert answer.json()["code"] in ("22P05", "22P02")


async def test_a_value_of_the_wrong_type_gets_400(server: RunningHub) -> None:
    answer = await rpc(server, "add", {"a": "one"})
    assert (answer.status_code, answer.json()["code"]) == (400, "22P02")
    assert (await rpc(server, "add", {"a": 1})).json() == 11


async def test_a_body_over_the_limit_gets_413(server: RunningHub) -> None:
    answer = await rpc(server, "echo", {"value": "x" * (1 << 20)})
    assert answer.status_code == 413
    assert answer.json() == {"message": "Request size limit exceeded"}
    fits = await rpc(server, "echo", {"value": "x" * 1_000_000})
    assert len(fits.json()) == 1_000_000


# -- the terminals' own functions ---------------------------------------------------------


async def test_the_official_client_writes_commands_and_reads_changes(site: Site) -> None:
    stream = f"floor:{site.branch_id}"
    async with site.client("manager") as client:
        device = await site.device(client, "manager")
        op = {"op_id": "o1", "seq": 1, "kind": "nonsense", "v": 1, "lane": "x", "actor": "Ann"}
        op |= {"at": "2026-11-21T08:00:00+00:00", "args": {}}
        answer = await client.rpc("apply_ops", {"device_id": device, "ops": [op]}).execute()
        outcomes = data(answer)["outcomes"]
        assert [outcome["result"] for outcome in outcomes] == ["rejected"]
        cursors = {stream: {"epoch": "", "rev": 0}}
        answer = await client.rpc("changes_since", {"cursors": cursors}).execute()
        assert data(answer)["streams"][stream]["reset"] is True


async def test_another_branch_is_out_of_sight_and_out_of_reach(site: Site) -> None:
    other = Site(site.hub)
    await other.open()
    async with site.client() as client:
        rows = await client.table("branches").select("id").execute()
        assert [row["id"] for row in data(rows)] == [site.branch_id]
        with pytest.raises(APIError) as caught:
            await client.rpc("snapshot", {"streams": [f"floor:{other.branch_id}"]}).execute()
    assert caught.value.code == "42501"


# -- reading tables -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [1, 2, 3]),
        ("&owner=eq.ann", [1, 3]),
        ("&owner=not.eq.ann", [2]),
        ("&id=in.(1,3)&body=like.s*", [1, 3]),
        ('&body=in.("sugar, brown",x)', [3]),
        ("&data=is.null", [3]),
        ("&data->deep->>s=eq.x", [1]),
        ("&data->n=eq.2", [2]),
        ("&tags=cs.{b}", [1, 2]),
        ("&or=(id.eq.1,and(owner.eq.bob,body.ilike.PEP*))", [1, 2]),
        ("&limit=1&offset=1", [2]),
        ("&id=gt.1&id=lt.3", [2]),
    ],
)
async def test_rows_are_filtered(server: RunningHub, query: str, ids: list[int]) -> None:
    server.sql("delete from public.notes where id > 3")
    answer = await get(server, f"notes?select=id&order=id{query}")
    assert answer.status_code == 200, answer.text
    assert [row["id"] for row in answer.json()] == ids


async def test_the_official_client_selects(notes: AsyncClient) -> None:
    table = notes.table("notes")
    rows = (
        await table.select("n:id,data:data->>n,id::text").order("id", desc=True).limit(2).execute()
    )
    assert rows.data == [
        {"n": 3, "data": None, "id": "3"},
        {"n": 2, "data": "2", "id": "2"},
    ]
    counted = (
        await table.select("*", count=CountMethod.exact).eq("owner", "ann").range(0, 0).execute()
    )
    assert (counted.count, len(counted.data)) == (2, 1)
    single = await table.select("body").eq("id", 1).single().execute()
    assert single.data == {"body": "salt"}
    assert await table.select("*").eq("id", 99).maybe_single().execute() is None
    with pytest.raises(APIError) as caught:
        await table.select("*").single().execute()
    assert caught.value.code == "PGRST116"
    assert caught.value.details == "The result contains 3 rows"


async def test_a_page_says_where_it_stands(server: RunningHub) -> None:
    server.sql("delete from public.notes where id > 3")
    answer = await get(server, "notes?order=id", Range="0-1", Prefer="count=exact")
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, "0-1/3")
    answer = await get(server, "notes?id=eq.9")
    assert (answer.status_code, answer.headers["Content-Range"]) == (200, "*/*")
    answer = await get(server, "notes?offset=10", Prefer="count=exact")
    assert (answer.status_code, answer.json()["code"]) == (416, "PGRST103")
    answer = await get(server, "notes", "HEAD", Prefer="count=exact")
    assert (answer.headers["Content-Range"], answer.content) == ("0-2/3", b"")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("note", 404, "PGRST205"),
        ("notes?select=id,lines(*)", 400, "PGRST200"),
        ("notes?id=not.noop.1", 400, "PGRST100"),
        ("notes?select=id::nonsense", 400, "42704"),
        ("notes?select=missing", 400, "42703"),
        ("notes?id=eq.x", 400, "22P02"),
        ("notes?body=fts.salt", 400, "PGRST127"),
        ("notes?body=eq.%00", 400, "22021"),
        ("notes?body=eq.%ff", 400, "PGRST100"),
        ("notes?limit=-1", 416, "PGRST103"),
        ("notes/1", 404, "PGRST125"),
        ("", 404, "PGRST126"),
    ],
)
async def test_what_cannot_be_read_is_refused(
    server: RunningHub, path: str, status: int, code: str
) -> None:
    answer = await get(server, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert set(answer.json()) == {"code", "details", "hint", "message"}


async def test_other_media_types_schemas_and_methods_are_refused(server: RunningHub) -> None:
    for method, headers, status, code in (
        ("GET", {"Accept": "text/csv"}, 406, "PGRST107"),
        ("GET", {"Accept-Profile": "extra"}, 406, "PGRST106"),
        ("PUT", {}, 405, "PGRST117"),
    ):
        answer = await get(server, "notes", method, **headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await get(server, "rpc/add", "DELETE")).json()["code"] == "PGRST101"


# -- writing tables -----------------------------------------------------------------------


async def test_the_official_client_writes(notes: AsyncClient) -> None:
    table = notes.table("notes")
    made = await table.insert({"id": 10, "body": "x"}).execute()
    assert data(made)[0]["owner"] == "nobody"
    many = await table.insert([{"id": 11}, {"id": 12}]).execute()
    assert len(many.data) == 2
    with pytest.raises(APIError) as caught:
        await table.insert({"id": 11}).execute()
    assert caught.value.code == "23505"
    merged = await table.upsert([{"id": 11, "body": "y"}, {"id": 13, "body": "z"}]).execute()
    assert [row["body"] for row in data(merged)] == ["y", "z"]
    kept = await table.upsert({"id": 11, "body": "no"}, ignore_duplicates=True).execute()
    assert kept.data == []
    changed = await table.update({"body": "new", "data": {"a": 1}}).gte("id", 12).execute()
    assert [row["data"] for row in data(changed)] == [{"a": 1}, {"a": 1}]
    gone = await table.delete().gte("id", 10).execute()
    assert len(gone.data) == 4
    assert await table.insert([]).execute()


async def test_writing_says_what_happened(server: RunningHub) -> None:
    server.sql("delete from public.notes where id > 3")
    async with server.http(token=server.keys.service) as http:
        url = "/rest/v1/notes"
        made = await http.post(url, json={"id": 20}, headers={"Prefer": "count=exact"})
        assert (made.status_code, made.content) == (201, b"")
        assert made.headers["Content-Range"] == "*/1"
        changed = await http.patch(f"{url}?id=eq.20", json={"body": "b"})
        assert changed.status_code == 204
        unchanged = await http.patch(f"{url}?id=eq.20", json={})
        assert unchanged.status_code == 204
        unknown = await http.post(url, json={"id": 21, "colour": "red"})
        assert (unknown.status_code, unknown.json()["code"]) == (400, "PGRST204")
        uneven = await http.post(url, json=[{"id": 21}, {"body": "b"}])
        assert uneven.json()["message"] == "All object keys must match"
        empty = await http.post(url, json={})
        assert empty.json()["code"] == "23502"


async def test_one_row_or_none_is_decided_before_anything_is_written(server: RunningHub) -> None:
    async with server.http(token=server.keys.service) as http:
        answer = await http.patch(
            "/rest/v1/notes?owner=eq.ann",
            json={"body": "spoilt"},
            headers={
                "Accept": "application/vnd.pgrst.object+json",
                "Prefer": "return=representation",
            },
        )
    assert (answer.status_code, answer.json()["code"]) == (406, "PGRST116")
    assert server.sql("select count(*) from public.notes where body = 'spoilt'") == [(0,)]


# -- tokens and keys ----------------------------------------------------------------------


def token(hub: RunningHub, **claims: Any) -> str:
    return jwt.encode(claims, hub.keys.jwt_secret, algorithm="HS256")


async def test_an_expired_token_gets_401(server: RunningHub) -> None:
    old = token(server, role="authenticated", exp=int(time.time()) - 60)
    answer = await rpc(server, "whoami", token=old)
    assert answer.status_code == 401
    assert answer.json() == {
        "code": "PGRST303",
        "details": None,
        "hint": None,
        "message": "JWT expired",
    }
    assert "JWT expired" in answer.headers["WWW-Authenticate"]


async def test_tokens_that_are_not_ours_get_401(server: RunningHub) -> None:
    forged = jwt.encode({"role": "service_role"}, "x" * 40, algorithm="HS256")
    for bad in (forged, "a.b.c", "abc"):
        answer = await rpc(server, "whoami", token=bad)
        assert (answer.status_code, answer.json()["code"]) == (401, "PGRST301")
    superuser = token(server, role="postgres")
    answer = await rpc(server, "whoami", token=superuser)
    assert (answer.status_code, answer.json()["message"]) == (
        401,
        'role "postgres" does not exist',
    )


async def test_every_route_wants_a_key(hub: RunningHub) -> None:
    async with httpx.AsyncClient(base_url=hub.url, trust_env=False) as http:
        for path in ("/rest/v1/orders", "/auth/v1/user", "/realtime/v1/websocket", "/nowhere"):
            answer = await http.get(path)
            assert answer.status_code == 401
            assert answer.json()["message"] == "No API key found in request"
            answer = await http.get(path, headers={"apikey": "nonsense"})
            assert answer.json()["message"] == "Invalid API key"
        answer = await http.get("/rest/v1/branches", params={"apikey": hub.keys.service})
        assert answer.status_code == 200
        answer = await http.get("/nowhere", params={"apikey": hub.keys.anon})
        assert answer.json() == {"message": "no Route matched with those values"}
        assert (await http.get("/health")).json() == {"status": "ok"}


async def test_a_web_page_may_ask(hub: RunningHub) -> None:
    async with httpx.AsyncClient(base_url=hub.url, trust_env=False) as http:
        asked = {"Origin": "https://x.example", "Access-Control-Request-Headers": "apikey"}
        answer = await http.options("/rest/v1/orders", headers=asked)
        assert answer.status_code == 204
        assert answer.headers["Access-Control-Allow-Headers"] == "apikey"
        answer = await http.get("/rest/v1/orders", headers={"Origin": "https://x.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_many_at_once_are_all_answered(server: RunningHub) -> None:
    async with server.http() as http:
        answers = await asyncio.gather(
            *(http.post("/rest/v1/rpc/add", json={"a": n}) for n in range(100))
        )
    assert [answer.json() for answer in answers] == [n + 10 for n in range(100)]
