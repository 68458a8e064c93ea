"""The soak in small: a few thousand events, some cuts of the network, and no count grows."""

from __future__ import annotations

from pathlib import Path

from tests.soak.growth import trends
from tests.soak.run import soak

COUNTS = ("tasks", "timers", "channels", "widgets", "qt_objects", "threads", "open_files")


async def test_a_kitchen_window_holds_no_more_after_thousands_of_events_and_cuts(
    tmp_path: Path,
) -> None:
    samples = await soak(tmp_path, events=2500, every=150, tell=lambda *_: None, cut_every=5)
    found = {trend.name: trend for trend in trends(samples)}
    assert samples[-1].events >= 2500
    assert [name for name in COUNTS if found[name].grows] == []
