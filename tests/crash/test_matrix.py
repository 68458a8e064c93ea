"""One round of each point; `python -m tests.crash` plays hundreds."""

from __future__ import annotations

import pytest

from tests.crash.matrix import Matrix, Result, report, table
from tests.crash.plan import POINTS, Plan
from tests.crash.site import Site


@pytest.mark.timeout(300)
async def test_what_was_accepted_survives_every_death_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    plans = [Plan(point) for point in POINTS]
    plans += [Plan("before the server commits", "hub"), Plan("after the answer", "power")]
    async with Site.opened(tmp_path_factory.mktemp("crash")) as site:
        matrix = Matrix(site)
        results = [await matrix.round(plan) for plan in plans]
    assert [result for result in results if result.wrong] == []
    assert sum(result.accepted for result in results) > len(plans)


def test_the_table_counts_rounds_that_were_whole() -> None:
    plan = Plan("before the send", "power")
    figures = report([Result(plan, (), 9, 1), Result(plan, ("order a is lost",), 5, 0)], 2.0)
    assert figures["points"]["before the send"]["power"] == {
        "rounds": 2,
        "whole": 1,
        "instants": 1,
    }
    assert "1/2" in table(figures)
    assert "order a is lost" in table(figures)
