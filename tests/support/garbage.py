"""Strategies for what a network or a file may hold, and the settings under which they run.

The same examples in every run (`derandomize`), few enough for a check after every change.
`KDS_TEST_EXAMPLES=20000` makes that many, and other ones each time.
"""

from __future__ import annotations

import json
import os
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

_WANTED = int(os.environ.get("KDS_TEST_EXAMPLES", "0"))

many = settings(
    max_examples=_WANTED or 150,
    derandomize=not _WANTED,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

texts = st.one_of(
    st.text(max_size=20),
    st.text(st.characters(categories=["Cs", "Cc", "Lu"]), max_size=5),  # surrogates, controls
    st.sampled_from(["", "\0", "\ufeff", "\ud800", "0", "-1", "1e999", "nan", "null", "true"]),
)
instants = st.sampled_from(
    [
        "2026-11-21T08:00:00+00:00", "2026-11-21T08:00:00", "2026-11-21", "now", "infinity",
        "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "10000-01-01T00:00:00Z",
        "0000-00-00T00:00:00Z", "2026-11-21T25:61:00Z", "２０２６-11-21T08:00:00Z",
    ]
)  # fmt: skip
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**31, 2**53, 2**63, -(2**63) - 1, 10**400]),
    st.floats(),
    texts,
    instants,
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
"""Any JSON value, and some that are none (NaN)."""


def near(shape: Any) -> st.SearchStrategy[Any]:
    """Values like `shape`, with some parts missing, replaced or added: what fuzzing of the outer
    form alone never gets to."""
    if isinstance(shape, dict):
        required = {key: near(value) for key, value in shape.items()}
        whole = st.fixed_dictionaries(required)
        partial = st.fixed_dictionaries({}, optional={**required, "more": values})
        return st.one_of(whole, whole, whole, partial, values)
    if isinstance(shape, list):
        return st.one_of(st.lists(near(shape[0]), max_size=3) if shape else st.just([]), values)
    return st.one_of(st.just(shape), st.just(shape), st.just(shape), values)


BROKEN = [
    "", " ", "{", "}", "null", "[]", '"', "\ufeff{}", "NaN", "-Infinity", "1e999", "9" * 5000,
    "[" * 20_000, '{"a":' * 20_000, '{"a":1,"a":2}', '"\\ud800"', '"\\u0000"', "\0", "tru",
    "{'a': 1}", "<html>",
]  # fmt: skip
"""Texts that are no JSON, or JSON of the kind that breaks readers."""


def written(value: Any) -> str:
    """A value as JSON text, with NaN, surrogates and all."""
    return json.dumps(value)


texts_on_the_wire = st.one_of(
    st.sampled_from(BROKEN), st.text(max_size=60), values.map(written), values.map(str)
)
bytes_on_the_wire = st.one_of(
    st.binary(max_size=60),
    texts_on_the_wire.map(lambda text: text.encode("utf-8", "surrogatepass")),
)
