"""`kds demo`: the whole path in real processes, undisturbed and disturbed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import csv_of, kds


async def play(tmp_path: Path, orders: int, *more: str) -> dict:
    """A headless demo of a small file of orders; its report."""
    report = tmp_path / "report.json"
    csv = csv_of(tmp_path / "orders.csv", orders)
    done = await kds(
        *("demo", "--headless", "--orders", str(csv), "--date", "2015-11-27"),
        *("--report", str(report), "--pictures", str(tmp_path / "pictures"), *more),
    )
    assert done.code == 0, done.out + done.err
    return json.loads(report.read_text())


def counts(report: dict) -> tuple:
    return tuple(
        report[key]
        for key in ("orders_placed", "orders_on_board", "lost", "doubled", "checksum_equal")
    )


async def test_every_order_of_the_file_reaches_the_kitchen_once(tmp_path: Path) -> None:
    report = await play(tmp_path, 12, "--speed", "600")
    assert counts(report) == (12, 12, 0, 0, True)
    assert set(report["latency_ms"]) == {"p50", "p95", "p99"}
    assert {p.name for p in (tmp_path / "pictures").iterdir()} == {
        "demo-kitchen.png",
        "demo-pos.png",
    }


@pytest.mark.timeout(180)
async def test_a_killed_hub_and_a_cut_network_lose_and_double_nothing(tmp_path: Path) -> None:
    report = await play(
        tmp_path, 24, "--speed", "120", "--fault", "kitchen-cut", "--fault", "hub-kill"
    )
    assert counts(report) == (24, 24, 0, 0, True)


async def test_a_bad_file_starts_nothing(tmp_path: Path) -> None:
    csv = csv_of(tmp_path / "orders.csv", 2)
    csv.write_text(csv.read_text().replace("13.25", "-13.25", 1))
    done = await kds("demo", "--headless", "--orders", str(csv))
    assert (done.code, done.out) == (1, "")
    assert "line 2: the price -13.25 is negative. Nothing was imported." in done.err


async def test_an_unknown_fault_says_which_there_are() -> None:
    done = await kds("demo", "--fault", "earthquake")
    assert done.code == 1
    assert "hub-kill, kitchen-cut" in done.err
