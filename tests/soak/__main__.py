"""`python -m tests.soak`: a million events through a kitchen window, and whether anything grows."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.soak.growth import Sample, Trend, table, trends
from tests.soak.run import soak

SAMPLES = 20


def tell(sample: Sample, rate: float) -> None:
    values = "  ".join(f"{name} {value:g}" for name, value in _rounded(sample).items())
    print(f"{sample.events:>9,}  {rate:6.0f}/s  {values}", flush=True)


def _rounded(sample: Sample) -> dict[str, float]:
    return {name: round(value, 1) for name, value in sample.values.items()}


def report(samples: list[Sample], found: list[Trend]) -> str:
    everything = {
        "samples": [{"events": sample.events, **_rounded(sample)} for sample in samples],
        "trends": [asdict(trend) for trend in found],
        "flat": not any(trend.grows for trend in found),
    }
    return json.dumps(everything, indent=2) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--report", type=Path, metavar="FILE.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kds-soak-") as folder:
        every = max(1, options.events // SAMPLES)
        samples = asyncio.run(soak(Path(folder), options.events, every, tell))
    found = trends(samples)
    print(table(found))
    if options.report:
        options.report.write_text(report(samples, found), encoding="utf-8")
    return int(any(trend.grows for trend in found))


if __name__ == "__main__":
    sys.exit(main())
