"""Filters and bindings: parsed, applied, and refused in a real server's words."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.hub.realtime.bindings import BindingError, binding_id, inspect, parse_binding
from kds.hub.realtime.filters import Filter, FilterError, parse_filters, passes
from kds.hub.realtime.pgoutput import UNCHANGED

TYPES = {"n": "int4", "s": "text", "t": "timestamptz", "b": "bool"}
ROW = {"n": "10", "s": "new", "t": "2026-11-21 07:00:00+00", "b": "t", "z": None, "u": UNCHANGED}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", True),
        ("  ", True),
        ("n=eq.10", True),
        ("n=eq.10.0", True),
        ("n=gt.9", True),
        ("n=lt.9", False),
        ("n=gte.10,n=lte.10", True),
        ("n=in.(1,10)", True),
        ("n=in.(1,2)", False),
        ("n=not.in.(1,2)", True),
        ("s=neq.new", False),
        ("s=neq.old", True),
        ('s=eq."new"', True),
        ("s=like.n%", True),
        ("s=like.N_w", False),
        ("s=ilike.N_W", True),
        ("s=match.^n", True),
        ("s=imatch.^N", True),
        ("s=match.(", False),
        ("t=gt.2026-11-21 06:59:00+00", True),
        ("t=lt.2026-11-21 06:59:00+00", False),
        ("b=is.true", True),
        ("b=is.false", False),
        ("z=is.null", True),
        ("z=eq.1", False),
        ("z=not.eq.1", False),
        ("z=isdistinct.1", True),
        ("s=isdistinct.new", False),
        ("u=eq.1", False),
        ("missing=eq.1", False),
    ],
)
def test_a_row_passes_as_in_sql(text: str, verdict: bool) -> None:
    assert passes(parse_filters(text), ROW, TYPES) is verdict


def test_no_row_passes_only_without_filters() -> None:
    assert passes((), None, TYPES)
    assert not passes(parse_filters("n=eq.1"), None, TYPES)


def test_commas_inside_of_lists_and_quotes_do_not_split() -> None:
    assert parse_filters('a=in.(1,2),b=eq."x,\\"y",c=not.gt.3') == (
        Filter("a", "in", "{1,2}"),
        Filter("b", "eq", 'x,"y'),
        Filter("c", "gt", "3", negate=True),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("status=foo.bar", '["foo", "bar"]'),
        ("undefined", '["undefined"]'),
        ("a=eq", '["eq"]'),
        ("a=in.1", "`in` filter value must be wrapped by parentheses"),
        ("a=eq.1,", "filter must not contain empty segments (check for extra commas)"),
    ],
)
def test_what_is_no_filter_is_told(text: str, message: str) -> None:
    with pytest.raises(FilterError) as error:
        parse_filters(text)
    assert str(error.value) == message


@given(st.text())
def test_any_text_is_filters_or_a_filter_error(text: str) -> None:
    with contextlib.suppress(FilterError):
        assert isinstance(parse_filters(text), tuple)


NO_PARAMS = (
    "No subscription params provided. "
    "Please provide at least a `schema` or `table` to subscribe to: "
)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"event": "*"}, NO_PARAMS + '%{"event" => "*"}'),
        (
            {"event": 5, "schema": "public", "table": ["orders"]},
            NO_PARAMS + '%{"event" => 5, "schema" => "public", "table" => ["orders"]}',
        ),
        (
            {"schema": "public", "table": "t", "filter": "a=foo.b"},
            'Error parsing `filter` params: ["foo", "b"]',
        ),
        (
            {"schema": "public", "select": ["id"]},
            "Column selection is not supported for wildcard subscriptions. "
            "Provide an explicit schema and table name.",
        ),
        (
            {"table": "t", "select": "id"},
            "Error parsing `select` params: expected a list of column name strings, "
            'e.g. select: ["col1", "col2"]',
        ),
    ],
)
def test_a_senseless_binding_is_told(params: dict[str, Any], message: str) -> None:
    with pytest.raises(BindingError) as error:
        parse_binding(params)
    assert str(error.value) == message


def test_a_table_alone_is_of_schema_public_and_a_schema_alone_all_its_tables() -> None:
    assert parse_binding({"table": "t"}).schema == "public"
    assert parse_binding({"schema": "s"}).table == "*"


@pytest.mark.parametrize(("event", "action"), [("insert", "INSERT"), ("UPSERT", "*"), (5, "*")])
def test_events_are_of_any_case_and_unknown_ones_mean_all(event: Any, action: str) -> None:
    assert parse_binding({"event": event, "table": "t"}).event == action


def test_a_binding_wants_its_table_and_action_only() -> None:
    binding = parse_binding({"event": "INSERT", "schema": "public", "table": "t"})
    assert binding.wants("public", "t", "INSERT")
    assert not binding.wants("public", "t", "DELETE")
    assert not binding.wants("other", "t", "INSERT")


def test_errors_describe_a_binding_as_elixir_does() -> None:
    params = {"schema": "public", "table": "t", "filter": "a=eq.1", "select": ["id"]}
    assert parse_binding(params).described == (
        '[event: *, schema: public, table: t, filters: [{"a", "eq", "1", false}], select: ["id"]]'
    )


def test_equal_bindings_have_equal_ids() -> None:
    assert binding_id({"a": 1, "b": 2}) == binding_id({"b": 2, "a": 1})
    assert binding_id({"a": 1}) != binding_id({"a": 2})


def test_nothing_is_nil() -> None:
    assert inspect({"a": None, "b": [True, 1.5]}) == '%{"a" => nil, "b" => [true, 1.5]}'


@pytest.mark.parametrize(
    ("pattern", "value", "verdict"),
    [
        ("", "", True), ("", "a", False), ("%", "", True), ("a", "a", True), ("a%", "abc", True),
        ("%c", "abc", True), ("%b%", "abc", True), ("a%a", "a", False), ("a%a", "aa", True),
        ("%ab%ab%", "abab", True), ("%ab%ab%", "aba", False), ("_%_", "a", False),
        ("a\\%", "a%", True), ("a\\%", "ab", False), ("%%", "x", True), ("a_c", "a\nc", True),
    ],
)  # fmt: skip
def test_like_means_what_it_means_in_sql(pattern: str, value: str, verdict: bool) -> None:
    assert passes(parse_filters(f"a=like.{pattern}"), {"a": value}, {"a": "text"}) is verdict


def test_no_pattern_keeps_the_hub_from_its_work() -> None:
    hard = "%a" * 200 + "%b"
    assert not passes(parse_filters(f"a=like.{hard}"), {"a": "a" * 5000}, {"a": "text"})
    for costly in ("(a+)+$", "(.*)*x", "a*a*a*b", "(a|aa){9,}"):
        with pytest.raises(FilterError, match="too complex"):
            parse_filters(f'a=match."{costly}"')
    assert not passes(parse_filters("a=match.a*a*b"), {"a": "a" * 5000}, {"a": "text"})
