"""The kitchen's times as a file: what is read back is what was written."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from kds.base.clock import from_iso
from kds.domain.prep_csv import BOM, COLUMNS, to_csv
from tests.unit.domain.test_prep import HOUSE, NOON, made

names = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))


def rows(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(BOM)
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


@given(st.lists(st.tuples(names, names, st.integers(0, 9999))))
def test_every_name_survives_the_way_there_and_back(dishes: list[tuple[str, str, int]]) -> None:
    data = to_csv((made(took, name=name, made_by=by) for name, by, took in dishes), HOUSE)
    assert [(row["item"], row["cook"], int(row["seconds"])) for row in rows(data)] == dishes


def test_it_is_as_the_rfc_wants_it() -> None:
    text = to_csv([made(name='The "Big", one')], HOUSE).decode("utf-8-sig")
    assert text.startswith(",".join(COLUMNS) + "\r\n")
    assert '"The ""Big"", one"' in text
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")


def test_instants_are_iso_on_the_branch_s_clock_and_times_plain_seconds() -> None:
    dish = made(500, started_at=NOON + timedelta(seconds=20))
    (row,) = rows(to_csv([dish], HOUSE))
    assert row["due_at"] == "2026-11-21T13:00:00+01:00"
    assert from_iso(row["started_at"]) == dish.started_at
    assert from_iso(row["ready_at"]) == dish.ready_at
    assert (row["handed_at"], row["seconds"], row["late_after_seconds"]) == ("", "500", "480")
    assert (row["station"], row["late"], row["order"]) == ("Grill", "yes", "A-001")


def test_without_dishes_there_are_the_heads() -> None:
    assert to_csv([], HOUSE) == BOM + (",".join(COLUMNS) + "\r\n").encode()
