"""`python -m tests.bench`: the figures beside their floors, as text and as JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from tests.bench import commit_to_client, start_up, tap_to_durable
from tests.bench.figures import Figure, table


async def measure(quick: bool) -> list[Figure]:
    figures: list[Figure] = []
    for bench in (tap_to_durable, commit_to_client, start_up):
        with tempfile.TemporaryDirectory(prefix="kds-bench-") as folder:
            figures += await bench.measure(Path(folder), quick=quick)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--report", type=Path, metavar="FILE.json")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under 60 s")
    options = parser.parse_args()
    figures = asyncio.run(measure(options.quick))
    print(table(figures))
    if options.report:
        report = {figure.name: figure.to_json() for figure in figures}
        options.report.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
