"""How figures are told."""

from __future__ import annotations

from tests.bench.figures import Figure, spread, table


def test_a_missed_budget_is_marked_whichever_way_is_better() -> None:
    figures = [
        Figure("slow", 12.0, "ms", budget=10.0),
        Figure("fast", 8.0, "ms", budget=10.0),
        Figure("weak", 900.0, "ops/s", budget=1000.0, better="higher"),
        Figure("free", 1e9, "ms"),
    ]
    assert [figure.missed for figure in figures] == [True, False, True, False]
    assert [line.endswith("MISSED") for line in table(figures).splitlines()[1:]] == [
        figure.missed for figure in figures
    ]


def test_a_spread_puts_each_percentile_beside_the_same_one_of_the_floor() -> None:
    values, floors = list(range(1, 101)), [2.0 * n for n in range(1, 101)]
    p50, p95, p99 = spread("tap", values, floors, {"p99": 50.0})
    assert (p50.value, p50.floor, p50.ratio, p50.budget) == (50, 100, 0.5, None)
    assert (p95.value, p99.value, p99.budget) == (95, 99, 50.0)


def test_a_figure_is_json_under_the_names_of_the_report() -> None:
    assert Figure("n", 3.0, "ms", floor=2.0, budget=4.0).to_json() == {
        "value": 3.0,
        "unit": "ms",
        "better": "lower",
        "floor": 2.0,
        "ratio": 1.5,
        "budget": 4.0,
    }
