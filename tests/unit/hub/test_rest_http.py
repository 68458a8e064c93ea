"""PostgREST's conventions in HTTP headers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kds.hub.errors import RestError
from kds.hub.query import Query
from kds.hub.rest_http import (
    Preferences,
    content_range,
    preferences,
    range_status,
    require_one,
    wants_object,
    within_range,
)


def test_preferences_come_from_every_header_and_the_first_of_a_kind_counts() -> None:
    found = preferences(["return=representation, count=exact", "return=minimal,odd=1,tx=commit"])
    assert found == Preferences(
        returns="representation",
        count="exact",
        applied=("return=representation", "count=exact"),
    )
    assert preferences([]) == preferences(["return=everything"]) == Preferences()


@pytest.mark.parametrize(
    ("accept", "single"),
    [
        ("", False),
        ("*/*", False),
        ("application/json; charset=utf-8", False),
        ("text/html, */*;q=0.8", False),
        ("application/vnd.pgrst.object+json", True),
        ("application/vnd.pgrst.object+json;nulls=stripped, application/json", True),
        ("application/json, application/vnd.pgrst.object+json", False),
    ],
)
def test_one_object_is_made_when_it_is_asked_for(accept: str, single: bool) -> None:
    assert wants_object(accept) is single


def test_what_cannot_be_made_is_406() -> None:
    with pytest.raises(RestError) as caught:
        wants_object("text/csv")
    assert caught.value.status == 406
    assert caught.value.body["message"] == "None of these media types are available: text/csv"


@pytest.mark.parametrize(
    ("header", "offset", "limit"),
    [
        (None, 0, None),
        ("0-24", 0, 25),
        ("items=10-", 10, None),
        ("5-5", 5, 1),
        ("bytes", 0, None),
        ("-5", 0, None),
    ],
)
def test_a_range_header_cuts_like_limit_and_offset(
    header: str | None, offset: int, limit: int | None
) -> None:
    assert within_range(Query(), header) == replace(Query(), offset=offset, limit=limit)


def test_the_narrower_of_header_and_query_counts() -> None:
    assert within_range(Query(limit=3, offset=2), "0-9") == Query(limit=3, offset=2)


@pytest.mark.parametrize(("query", "header"), [(Query(limit=-1), None), (Query(), "9-1")])
def test_a_range_that_cannot_be_is_416(query: Query, header: str | None) -> None:
    with pytest.raises(RestError) as caught:
        within_range(query, header)
    assert (caught.value.status, caught.value.body["code"]) == (416, "PGRST103")


def test_a_page_says_where_it_stands() -> None:
    assert content_range(10, 5, None) == "10-14/*"
    assert content_range(0, 0, 0) == "*/0"
    assert range_status(0, 5, None) == 200
    assert range_status(0, 5, 5) == 200
    assert range_status(0, 5, 6) == 206
    with pytest.raises(RestError, match="PGRST103"):
        range_status(7, 0, 6)


def test_one_row_means_one_row() -> None:
    require_one(b"1")
    for count in (b"0", b"2", None):
        with pytest.raises(RestError, match="PGRST116"):
            require_one(count)
