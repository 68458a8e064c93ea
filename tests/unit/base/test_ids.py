"""UUIDv7: the layout of RFC 9562 section 5.7."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kds.base.ids import id_source, uuid7

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_the_example_of_the_rfc() -> None:
    """RFC 9562 appendix A.6: 2022-02-22T14:22:22-05:00, rand_a 0xCC3, rand_b as printed."""
    when = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    bits = (0xCC3 << 62) | 0x18C4DC0C0C07398F
    assert uuid7(when, bits) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.integers(0, 2**74 - 1), st.integers(0, 10**9))
def test_version_variant_and_time_can_be_read_back(bits: int, seconds: int) -> None:
    when = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    made = uuid.UUID(uuid7(when, bits))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == int(when.timestamp()) * 1000


def test_an_id_source_never_says_the_same_twice() -> None:
    new_id = id_source(lambda: NOON)
    assert len({new_id() for _ in range(1000)}) == 1000
