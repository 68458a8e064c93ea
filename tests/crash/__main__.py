"""`python -m tests.crash --rounds 200`: kills and compares; ends with 1 at the first difference."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from math import inf
from pathlib import Path
from random import Random

from tests.crash.matrix import Matrix, Result, report, table
from tests.crash.plan import plans
from tests.crash.site import Site
from tests.support.postgres import remove_clusters_of


async def play(rounds: int, seed: int, until: float, folder: Path) -> list[Result]:
    """`until`: the monotonic second after which no round is begun."""
    results: list[Result] = []
    async with Site.opened(folder) as site:
        matrix = Matrix(site)
        for plan in plans(rounds, Random(seed)):
            results.append(await matrix.round(plan))
            print(".", end="", flush=True)
            if results[-1].wrong or time.monotonic() > until:
                break
    print()
    return results


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=inf, help="then stop, wherever it is")
    parser.add_argument("--report", type=Path, metavar="FILE.json")
    options = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kds-crash-") as folder:
        try:
            until = started + options.minutes * 60
            results = asyncio.run(play(options.rounds, options.seed, until, Path(folder)))
        finally:
            remove_clusters_of(Path(folder))
    figures = report(results, time.monotonic() - started)
    print(table(figures))
    if options.report:
        options.report.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 1 if figures["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
