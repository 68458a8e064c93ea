"""`python -m tests.service --orders CSV`: the busiest hour of a file on four stations with expo.

Ends with 1 when a ticket missed a station, came twice or out of turn, or was not handed over.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from kds.sim.orders_csv import read_sales
from tests.service.hour import busiest_hour, made_up_day
from tests.service.run import FAULTS, Plan, Service
from tests.support.hub import Site, running_hub
from tests.support.postgres import remove_clusters_of
from tests.support.qtloop import run

NONE_OF = ("missed", "twice", "out_of_turn", "astray")


def sound(report: dict[str, Any]) -> bool:
    """Whether the service went as it must."""
    complete = report["handed_over"] == report["orders"] and report["checksum_equal"]
    return complete and not any(report[name] for name in NONE_OF)


def play(plan: Plan, folder: Path) -> dict[str, Any]:
    """Play it on a hub of its own."""
    from PySide6.QtWidgets import QApplication

    from kds.app import qtlog

    qtlog.install()
    with running_hub(folder / "hub") as hub:
        return run(QApplication([]), Service(Site(hub), folder, plan).play())


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.service", description=__doc__)
    parser.add_argument("--orders", type=Path, metavar="FILE.csv", help="else an hour is made up")
    parser.add_argument("--speed", type=float, default=60.0, help="times as fast as it was")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fault", choices=FAULTS, default="")
    parser.add_argument("--report", type=Path, metavar="FILE.json")
    return parser.parse_args()


def main() -> int:
    asked = options()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("KDS_TOKENS", "file")
    sales = read_sales(asked.orders) if asked.orders else made_up_day(asked.seed)
    begins, orders = busiest_hour(sales)
    plan = Plan(orders, asked.speed, seed=asked.seed, fault=asked.fault)
    with tempfile.TemporaryDirectory(prefix="kds-service-") as folder:
        try:
            found = play(plan, Path(folder))
        finally:
            remove_clusters_of(Path(folder))
    report = {"hour": begins.isoformat(), "fault": asked.fault, "speed": asked.speed, **found}
    text = json.dumps(report, indent=2) + "\n"
    print(text, end="")
    if asked.report:
        asked.report.write_text(text, encoding="utf-8")
    return 0 if sound(report) else 1


if __name__ == "__main__":
    sys.exit(main())
