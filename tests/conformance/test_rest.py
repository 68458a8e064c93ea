"""`/rest/v1`: filtered reads, pages, counts, one row, and what is said when it cannot be."""

from __future__ import annotations

import httpx
import pytest

from tests.conformance.servers import Place, Server

ROWS = "menu_items?select=id&order=position"


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["margherita", "caesar", "water"]),
        ("&id=eq.water", ["water"]),
        ("&id=neq.water", ["margherita", "caesar"]),
        ("&category=in.(pizza,drink)", ["margherita", "water"]),
        ("&position=gt.1&position=lte.3", ["caesar", "water"]),
        ("&position=lt.2", ["margherita"]),
        ("&position=gte.3", ["water"]),
        ("&name=like.*Salad", ["caesar"]),
        ("&name=ilike.*SALAD", ["caesar"]),
        ("&name=eq.Wässerchen", ["water"]),
        ('&name=in.("Caesar Salad",x)', ["caesar"]),
        ("&out_since=is.null", ["margherita", "caesar", "water"]),
        ("&out_since=not.is.null", []),
        ("&category=not.in.(pizza,drink)", ["caesar"]),
        ("&or=(id.eq.water,and(category.eq.pizza,position.eq.1))", ["margherita", "water"]),
        ('&allergens=cs.["egg"]', ["caesar"]),
        ("&variants->0->>price=eq.950", ["caesar"]),
        ("&limit=1&offset=1", ["caesar"]),
        ("&id=eq.nothing", []),
    ],
)
async def test_rows_are_filtered(place: Place, query: str, ids: list[str]) -> None:
    answer = await place.get(await place.person(), ROWS + query)
    assert answer.status_code == 200, answer.text
    assert [row["id"] for row in answer.json()] == ids


async def test_rows_come_in_the_order_asked_for(place: Place) -> None:
    person = await place.person()
    for order, ids in (
        ("position.desc", ["water", "caesar", "margherita"]),
        ("category.asc,position.desc", ["water", "margherita", "caesar"]),
        ("out_since.desc.nullslast,id.asc", ["caesar", "margherita", "water"]),
    ):
        answer = await place.get(person, f"menu_items?select=id&order={order}")
        assert [row["id"] for row in answer.json()] == ids


async def test_columns_are_picked_renamed_and_dug_out(place: Place) -> None:
    query = "menu_items?id=eq.margherita&select=key:id,first:variants->0->>name,position::text"
    answer = await place.get(await place.person(), query)
    assert answer.json() == [{"key": "margherita", "first": "M", "position": "1"}]


async def test_a_page_says_where_it_stands(place: Place) -> None:
    person = await place.person()
    answer = await place.get(person, ROWS, Range="0-1", Prefer="count=exact")
    assert (answer.status_code, answer.headers["Content-Range"]) == (206, "0-1/3")
    assert len(answer.json()) == 2
    answer = await place.get(person, ROWS, Prefer="count=exact")
    assert (answer.status_code, answer.headers["Content-Range"]) == (200, "0-2/3")
    async with place.server.http(person.token) as http:
        answer = await http.head(f"/rest/v1/{ROWS}", headers={"Prefer": "count=exact"})
    assert (answer.headers["Content-Range"], answer.content) == ("0-2/3", b"")


async def test_a_page_beyond_the_end_is_refused(place: Place) -> None:
    answer = await place.get(await place.person(), f"{ROWS}&offset=10", Prefer="count=exact")
    assert (answer.status_code, answer.json()["code"]) == (416, "PGRST103")


async def test_one_row_is_an_object_and_any_other_number_an_error(place: Place) -> None:
    person = await place.person()
    single = {"Accept": "application/vnd.pgrst.object+json"}
    answer = await place.get(person, f"{ROWS}&id=eq.water", **single)
    assert answer.json() == {"id": "water"}
    for query in ("", "&id=eq.nothing"):
        answer = await place.get(person, ROWS + query, **single)
        assert (answer.status_code, answer.json()["code"]) == (406, "PGRST116")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("no_such_table", 404, "PGRST205"),
        ("menu_items?select=missing", 400, "42703"),
        ("menu_items?position=eq.x", 400, "22P02"),
        ("menu_items?position=nonsense.1", 400, "PGRST100"),
        ("rpc/no_such_function", 404, "PGRST202"),
    ],
)
async def test_what_cannot_be_read_is_said_in_one_shape(
    place: Place, path: str, status: int, code: str
) -> None:
    answer = await place.get(await place.person(), path)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert set(answer.json()) == {"code", "details", "hint", "message"}


async def test_a_token_that_is_not_the_servers_gets_401(server: Server) -> None:
    async with server.http("a.b.c") as http:
        answer = await http.get("/rest/v1/menu_items")
    assert answer.status_code == 401


async def test_a_key_is_needed(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=20) as http:
        answer = await http.get("/rest/v1/menu_items")
    assert answer.status_code == 401


@pytest.mark.beyond_lite  # it grants every table to everybody: an empty list
async def test_the_public_key_alone_is_told_that_it_reads_no_table(server: Server) -> None:
    async with server.http() as http:
        answer = await http.get("/rest/v1/orders")
    assert (answer.status_code, answer.json()["code"]) == (401, "42501")


async def test_the_public_key_alone_calls_no_function(server: Server) -> None:
    async with server.http() as http:
        answer = await http.post("/rest/v1/rpc/changes_since", json={"cursors": {}})
    assert (answer.status_code, answer.json()["code"]) == (401, "42501")


async def test_another_branch_is_out_of_sight(place: Place) -> None:
    elsewhere = await place.make_branch("00000000" + place.branch_id[8:])
    person = await place.person(branches=[elsewhere])
    assert (await place.get(person, "menu_items")).json() == []
    assert [row["id"] for row in (await place.get(person, "branches")).json()] == [elsewhere]


async def test_terminals_write_no_rows(place: Place) -> None:
    """Where tables are granted to everybody, row-level security leaves nothing to write."""
    person = await place.person("manager")
    async with place.server.http(person.token) as http:
        answer = await http.patch("/rest/v1/menu_items?id=eq.water", json={"name": "Wine"})
    assert answer.status_code in (403, 204)
    [row] = (await place.get(person, "menu_items?id=eq.water&select=name")).json()
    assert row == {"name": "Wässerchen"}


async def test_the_service_key_writes_rows(place: Place) -> None:
    own = f"branch_id=eq.{place.branch_id}"
    whole = "return=representation"
    row = {"id": "ann", "branch_id": place.branch_id, "name": "Ann", "role": "pos"}
    [made] = await place.write("POST", "staff", row, whole)
    assert made == row | {"active": True}
    merge = f"resolution=merge-duplicates,{whole}"
    [merged] = await place.write("POST", "staff", row | {"name": "Anna"}, merge)
    assert merged["name"] == "Anna"
    [changed] = await place.write("PATCH", f"staff?{own}", {"active": False}, whole)
    assert changed["active"] is False
    assert await place.write("DELETE", f"staff?{own}&select=id", prefer=whole) == [{"id": "ann"}]
    async with place.server.admin() as http:
        await http.post("/rest/v1/staff", json=row)
        twice = await http.post("/rest/v1/staff", json=row)
    assert (twice.status_code, twice.json()["code"]) == (409, "23505")


@pytest.mark.beyond_lite  # it answers 500 with a code of its own
async def test_what_a_table_checks_is_the_callers_fault(place: Place) -> None:
    row = {"id": "bob", "branch_id": place.branch_id, "name": "Bob", "role": "king"}
    async with place.server.admin() as http:
        answer = await http.post("/rest/v1/staff", json=row)
    assert (answer.status_code, answer.json()["code"]) == (400, "23514")


async def test_a_mistyped_filter_removes_nothing(place: Place) -> None:
    async with place.server.admin() as http:
        answer = await http.delete(f"/rest/v1/staff?branch_id={place.branch_id}")
    assert (answer.status_code, answer.json()["code"]) == (400, "PGRST100")
