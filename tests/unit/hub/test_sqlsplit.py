"""SQL text into statements."""

from __future__ import annotations

import pytest

from kds.hub.sqlsplit import Statement, split


def texts(sql: str) -> list[str]:
    return [statement.text for statement in split(sql)]


@pytest.mark.parametrize(
    "statement",
    [
        "select ';'",
        "select 'it''s; fine'",
        r"select E'it\'s; fine'",
        'select 1 as "a;""b"',
        "select $$ ; $$",
        "do $body$ begin; $$ ; $$ end $body$",
        "select 1 -- no; end\n + 1",
        "select 1 /* no; /* nested; */ end; */ + 1",
        "select /* never closed ;",
        "select a$1; x"[:10],
    ],
)
def test_a_semicolon_inside_something_ends_no_statement(statement: str) -> None:
    assert texts(f"{statement};\nselect 2") in (
        [statement, "select 2"],
        [f"{statement};\nselect 2"],
    )
    assert texts(statement) == [statement]


def test_a_closed_statement_is_followed_by_the_next() -> None:
    assert texts("select $$;$$; select ';'; select 3;") == [
        "select $$;$$",
        "select ';'",
        "select 3",
    ]


def test_each_statement_knows_its_line() -> None:
    assert list(split("\nselect 1;\n\n  select\n 2;")) == [
        Statement("select 1", 2),
        Statement("select\n 2", 4),
    ]


@pytest.mark.parametrize(
    "nothing", ["", " \n", "-- only this", "/* or /* this */ */ -- and that\n"]
)
def test_comments_alone_are_no_statement(nothing: str) -> None:
    assert texts(nothing) == []
    assert texts(f"select 1;{nothing}") == ["select 1"]


def test_a_comment_stays_with_the_statement_behind_it() -> None:
    assert texts("select 1;\n-- why\nselect 2;") == ["select 1", "-- why\nselect 2"]
