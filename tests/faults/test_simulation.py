"""The simulation over its first 500 seeds, and the proof that it can fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.planted import BUGS, planted
from tests.faults.scenario import Fault, Scenario, Tap, scenario, shrink
from tests.faults.simulation import run

SEEDS = 500
SHARE = 25
WITHIN = 120
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("first", range(0, SEEDS, SHARE))
def test_nothing_is_lost_doubled_or_stuck(first: int) -> None:
    for seed in range(first, first + SHARE):
        problems = run(scenario(seed)).problems
        assert not problems, f"python -m tests.faults --seed {seed} --trace"


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str) -> None:
    with planted(bug):
        assert any(run(scenario(seed)).problems for seed in range(WITHIN))


def test_the_same_seed_gives_the_same_trace_in_any_process() -> None:
    script = (
        "from tests.faults.scenario import scenario; from tests.faults.simulation import run\n"
        "print([run(scenario(seed)).digest for seed in (2, 18, 46, 53, 58, 300049)])"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": salt},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for salt in ("1", "2")
    }
    assert len(digests) == 1


def test_a_failing_scenario_is_shrunk_to_what_it_needs() -> None:
    guilty = Fault(3.0, "kill", 0, 1.0, 0.5)
    innocent = tuple(Fault(float(n), "drop", 0, 1.0, 0.5) for n in range(6))
    taps = tuple(Tap(float(n), 0, n, 0, 0) for n in range(20))
    failing = Scenario(1, ("pos",), taps, (*innocent, guilty))
    small = shrink(failing, lambda one: guilty in one.faults and taps[13] in one.taps)
    assert (small.taps, small.faults) == ((taps[13],), (guilty,))
