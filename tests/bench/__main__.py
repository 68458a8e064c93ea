"""`python -m tests.bench`: the figures beside their floors, as text and as JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import Awaitable, Sequence
from pathlib import Path
from typing import Protocol

import psycopg

from tests.bench import (
    catch_up,
    commit_to_client,
    flush,
    kitchen_load,
    start_up,
    taps,
)
from tests.bench.figures import Figure, table
from tests.bench.terminals import furnished_hub
from tests.bench.writes import put_all_away
from tests.support.commands import HubProcess


class Bench(Protocol):
    """What each module here is: `measure` gets a hub without orders and an empty folder."""

    def measure(self, hub: HubProcess, folder: Path, *, quick: bool) -> Awaitable[list[Figure]]: ...


BENCHES: dict[str, Bench] = {
    "taps": taps,
    "commit": commit_to_client,
    "catch-up": catch_up,
    "load": kitchen_load,
    "flush": flush,
    "start": start_up,
}


async def measure(names: Sequence[str], *, quick: bool) -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="kds-bench-") as place:
        async with furnished_hub(Path(place)) as hub:
            for name in names:
                folder = Path(place) / name
                folder.mkdir()
                figures += await BENCHES[name].measure(hub, folder, quick=quick)
                async with await psycopg.AsyncConnection.connect(hub.dsn) as writer:
                    await put_all_away(writer)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--report", type=Path, metavar="FILE.json")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, under 60 s")
    parser.add_argument("--only", action="append", choices=BENCHES, help="may be repeated")
    options = parser.parse_args()
    os.environ["KDS_TOKENS"] = "file"  # nothing of these terminals belongs into the key ring
    figures = asyncio.run(measure(options.only or list(BENCHES), quick=options.quick))
    print(table(figures))
    if options.report:
        report = {figure.name: figure.to_json() for figure in figures}
        options.report.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
