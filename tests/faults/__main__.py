"""Any number of runs: `python -m tests.faults --seeds N [--start S] [--jobs J] [--report FILE]`.

`--seed S [--trace]` plays one seed. A failing seed is made smaller, and its trace printed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.faults.scenario import Scenario, scenario, shrink
from tests.faults.simulation import Result, play, run

SHRUNK_AT_MOST = 5  # failures that are made smaller: each costs a hundred runs
LAST_LINES = 60


def main() -> int:
    options = _options()
    if options.seed is not None:
        return _one(options.seed, trace=options.trace)
    began = time.perf_counter()
    results = list(_play(range(options.start, options.start + options.seeds), options.jobs))
    report = _report(results, time.perf_counter() - began)
    _print(report)
    for failure in report["failures"][:SHRUNK_AT_MOST]:
        failure["smallest"] = _explain(scenario(failure["seed"]))
    if options.report:
        Path(options.report).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 1 if report["failures"] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--seeds", type=int, default=500, help="how many runs")
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--report", help="write the figures to this JSON file")
    parser.add_argument("--seed", type=int, help="play this one seed")
    parser.add_argument("--trace", action="store_true", help="with --seed: print all of it")
    return parser.parse_args()


def _play(seeds: range, jobs: int) -> Iterator[Result]:
    """Results in the order of the seeds, whoever was faster."""
    if jobs == 1:
        yield from map(play, seeds)
        return
    with get_context("spawn").Pool(jobs) as pool:
        for done, result in enumerate(pool.imap(play, seeds, chunksize=20), 1):
            if done % 1000 == 0:
                print(f"{done} of {len(seeds)}", file=sys.stderr, flush=True)
            yield result


def _report(results: list[Result], seconds: float) -> dict[str, Any]:
    faults: Counter[str] = Counter()
    digest = hashlib.sha256()
    for result in results:
        faults.update(result.faults)
        digest.update(result.digest.encode())
    return {
        "seeds": len(results),
        "failures": [
            {"seed": one.seed, "problems": one.problems} for one in results if one.problems
        ],
        "seconds": round(seconds, 1),
        "seeds_per_s": round(len(results) / seconds, 1),
        "virtual_hours": round(sum(one.seconds for one in results) / 3600, 1),
        "settled_s_max": round(max((one.settled_s for one in results), default=0.0), 1),
        "ops": sum(one.ops for one in results),
        "steps": sum(one.steps for one in results),
        "faults": dict(sorted(faults.items())),
        "digest": digest.hexdigest(),
    }


def _print(report: dict[str, Any]) -> None:
    for name, value in report.items():
        if name == "faults":
            for kind, times in value.items():
                print(f"  fault {kind:<14}{times:>10}")
        elif name != "failures":
            print(f"{name:<20}{value:>12}" if name != "digest" else f"{name} {value}")
    print(f"{'failures':<20}{len(report['failures']):>12}")


def _one(seed: int, *, trace: bool) -> int:
    result = run(scenario(seed), keep_trace=trace)
    print("\n".join(result.trace))
    print(f"seed {seed}: {len(result.problems)} problems, digest {result.digest}")
    if result.problems:
        _explain(scenario(seed))
    return 1 if result.problems else 0


def _explain(failing: Scenario) -> dict[str, Any]:
    """Print the smallest scenario that fails in the same way, and how it goes."""
    reason = _reason(run(failing))
    small = shrink(failing, lambda one: _reason(run(one)) == reason)
    result = run(small, keep_trace=True)
    print(f"\nseed {failing.seed} fails: {result.problems[0]}")
    print(f"smallest: {len(small.taps)} taps, {len(small.faults)} faults")
    for happening in (*small.taps, *small.faults):
        print(f"  {happening}")
    print("\n".join(line[:240] for line in result.trace[-LAST_LINES:]))
    print(f"again: python -m tests.faults --seed {failing.seed} --trace")
    return {
        "problems": result.problems,
        "taps": [str(tap) for tap in small.taps],
        "faults": [str(fault) for fault in small.faults],
        "trace": result.trace,
    }


def _reason(result: Result) -> str:
    """Which invariant broke first; details differ from run to run of a shrinking scenario."""
    return result.problems[0].split(":")[0] if result.problems else ""


if __name__ == "__main__":
    sys.exit(main())
