"""Checksums are compared with PostgreSQL's, so the text has to be PostgreSQL's."""

from __future__ import annotations

import json

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kds.sync.canonical import canonical, row_sum

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=5),
    max_leaves=12,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=values)
def test_postgresql_prints_the_same_text_and_sums_the_same(dsn: str, value: object) -> None:
    query = """
        select v::text, ('x' || substr(md5(v::text), 1, 12))::bit(48)::bigint
        from (select %s::jsonb) as given(v)
    """
    with psycopg.connect(dsn) as connection:
        found = connection.execute(query, (json.dumps(value),)).fetchone()
    assert found == (canonical(value), row_sum(canonical(value)))
