"""PostgREST's query strings, parsed and written as SQL."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.hub.query import (
    EVERYTHING,
    OPERATORS,
    Field,
    Filter,
    Logic,
    NoRelationship,
    OrderTerm,
    Query,
    QueryError,
    SelectItem,
    Unsupported,
    parse_query,
)
from kds.hub.query_sql import Params, array_literal, identifier, literal, read_sql, where_sql


def where(text: str) -> tuple[str, list[str | None]]:
    """The WHERE clause of `key=value` and its parameters."""
    params = Params()
    sql = where_sql(parse_query([tuple(text.split("=", 1))]).where, params)  # type: ignore[list-item]
    return sql.removeprefix(" where "), params.values


def test_nothing_asks_for_every_column_of_every_row() -> None:
    assert parse_query([]) == Query()
    assert Query().select == EVERYTHING


def test_select_takes_names_aliases_casts_and_json_paths() -> None:
    query = parse_query([("select", 'id, total:amount::text,args->order->>id,"odd ,name",*')])
    assert query.select == (
        SelectItem(Field("id")),
        SelectItem(Field("amount"), alias="total", cast="text"),
        SelectItem(Field("args", (("->", "order"), ("->>", "id")))),
        SelectItem(Field("odd ,name")),
        SelectItem(Field("*")),
    )


def test_order_takes_directions_and_nulls() -> None:
    query = parse_query([("order", "a.desc.nullslast,b.asc,c.nullsfirst,d->>e")])
    assert query.order == (
        OrderTerm(Field("a"), descending=True, nulls="last"),
        OrderTerm(Field("b")),
        OrderTerm(Field("c"), nulls="first"),
        OrderTerm(Field("d", (("->>", "e"),))),
    )


def test_limit_and_offset_are_whole_numbers_and_anything_else_is_passed_over() -> None:
    query = parse_query([("limit", "10"), ("offset", "20")])
    assert (query.limit, query.offset) == (10, 20)
    query = parse_query([("limit", "ten"), ("offset", "9" * 50)])
    assert (query.limit, query.offset) == (None, 0)


def test_pairs_without_an_operator_are_arguments_of_a_call() -> None:
    query = parse_query([("id", "5"), ("name", "eq.Anna"), ("note", "x.y")], is_call=True)
    assert query.params == (("id", "5"), ("note", "x.y"))
    assert query.where == (Filter(Field("name"), "eq", "Anna"),)


@pytest.mark.parametrize("value", ["5", "x.y", "noop.1", "eq"])
def test_pairs_without_an_operator_are_refused_for_a_table(value: str) -> None:
    with pytest.raises(QueryError):
        parse_query([("id", value)])


@pytest.mark.parametrize(
    ("text", "sql", "params"),
    [
        ("a=eq.1", '(t."a" = $1)', ["1"]),
        ("a=neq.x.y", '(t."a" <> $1)', ["x.y"]),
        ("a=not.gte.2", 'not (t."a" >= $1)', ["2"]),
        ("a=like.*pizza*", '(t."a" like $1)', ["%pizza%"]),
        ("a=ilike(any).{*a*,b}", '(t."a" ilike any($1))', ["{%a%,b}"]),
        ("a=is.null", '(t."a" is null)', []),
        ("a=not.is.not_null", 'not (t."a" is not null)', []),
        ("a=is.TRUE", '(t."a" is true)', []),
        ("a=in.()", '(t."a" = any($1))', ["{}"]),
        ('a=in.(1,"b,c",d"e)', '(t."a" = any($1))', ['{"1","b,c","d\\"e"}']),
        ("a=isdistinct.1", '(t."a" is distinct from $1)', ["1"]),
        ("a=cs.{1,2}", '(t."a" @> $1)', ["{1,2}"]),
        ("a->b->0->>c=eq.x", "((to_jsonb(t.\"a\")->'b'->0->>'c') = $1)", ["x"]),
        ("a=eq.", '(t."a" = $1)', [""]),
        (
            'or=(a.eq.1,and(b.gt.2,not.or(c.is.null,d.in.(x,y))),e.eq."q,)")',
            '((t."a" = $1) or ((t."b" > $2) and not ((t."c" is null) or (t."d" = any($3)))) '
            'or (t."e" = $4))',
            ["1", "2", '{"x","y"}', "q,)"],
        ),
        (
            "not.and=(a.eq.1,b.cs.{1,2})",
            'not ((t."a" = $1) and (t."b" @> $2))',
            ["1", "{1,2}"],
        ),
    ],
)
def test_filters_as_sql(text: str, sql: str, params: list[str]) -> None:
    assert where(text) == (sql, params)


@pytest.mark.parametrize(
    ("pair", "details"),
    [
        (("a", "not.noop.1"), "unknown single value operator noop"),
        (("a", "is.maybe"), "unexpected 'maybe'"),
        (("a", "in.1"), 'unexpected "1" expecting "\\("'),
        (("a", "in.(1"), "unexpected end of input"),
        (("a", "in.(1)x"), 'unexpected "x"'),
        (("select", "a,,b"), "expecting field name"),
        (("select", "a b:::c"), "unexpected"),
        (("order", "a.sideways"), 'unexpected "\\."'),
        (("or", "a.eq.1"), 'expecting "\\("'),
        (("or", "(" + "and(" * 60 + "a.eq.1" + ")" * 61), "too deeply"),
        (("or", '(a.eq."x)'), "unexpected end of input"),
        (("columns", "a,"), "expecting field name"),
    ],
)
def test_what_cannot_be_read_is_said(pair: tuple[str, str], details: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query([pair])
    assert __import__("re").search(details, caught.value.details)
    assert caught.value.message.startswith('"failed to parse ')


@pytest.mark.parametrize(
    "pair",
    [
        ("select", "id,lines(id)"),
        ("select", "...lines(id)"),
        ("select", "x:lines!inner(id)"),
        ("lines.id", "eq.1"),
        ("order", "lines(id)"),
    ],
)
def test_embedding_is_told_apart(pair: tuple[str, str]) -> None:
    with pytest.raises(NoRelationship, match="lines"):
        parse_query([pair])


@pytest.mark.parametrize("pair", [("a", "fts.word"), ("a", "not.wfts.word"), ("select", "n.sum()")])
def test_what_a_hub_has_not_is_named(pair: tuple[str, str]) -> None:
    with pytest.raises(Unsupported):
        parse_query([pair])


def test_a_page_selects_filters_orders_and_cuts() -> None:
    query = parse_query(
        [("select", "id,n:x->>y"), ("a", "eq.1"), ("order", "id"), ("limit", "5"), ("offset", "2")]
    )
    params = Params()
    sql = read_sql('public."orders"', query, params, count="exact", single=False)
    assert sql == (
        'with pgrst_page as (select t."id" as "id", (to_jsonb(t."x")->>\'y\') as "n" '
        'from public."orders" as t where (t."a" = $1) order by t."id" limit 5 offset 2) '
        "select coalesce(json_agg(pgrst_page), '[]')::text, count(*), "
        '(select count(*) from public."orders" as t where (t."a" = $1)) from pgrst_page'
    )


texts = st.text(max_size=40)
signs = st.text(alphabet=string.ascii_letters + string.digits + "().,\"'\\{}:->!* _%", max_size=60)


@given(st.lists(st.tuples(texts | signs | st.sampled_from(["select", "order", "or"]), signs)))
def test_any_query_string_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    try:
        query = parse_query(pairs)
    except (QueryError, NoRelationship, Unsupported):
        return
    params = Params()
    sql = read_sql('public."t"', query, params, count="", single=True)
    assert all(f"${n}" in sql for n in range(1, len(params.values) + 1))


@given(texts)
def test_a_value_never_becomes_sql(value: str) -> None:
    sql, params = where(f"a=eq.{value}")
    assert sql == '(t."a" = $1)'
    assert params == [value]


@given(st.sampled_from(sorted(OPERATORS)), signs)
def test_quoted_values_in_a_tree_come_back_whole(operator: str, value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    (tree,) = parse_query([("or", f'(a.{operator}."{quoted}")')]).where
    assert tree == Logic("or", (Filter(Field("a"), operator, value),))


@given(texts)
def test_names_and_literals_cannot_be_left(text: str) -> None:
    assert identifier(text)[1:-1].replace('""', "").count('"') == 0
    assert literal(text)[1:-1].replace("''", "").count("'") == 0


@given(st.lists(texts))
def test_array_literals_keep_their_elements(items: list[str]) -> None:
    text = array_literal(items)
    assert text.startswith("{")
    assert text.endswith("}")
    inside = text[1:-1].replace("\\\\", "").replace('\\"', "")
    assert inside.count('"') == 2 * len(items)
