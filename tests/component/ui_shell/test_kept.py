"""A setting of a screen: what is kept, and what a person chooses while it is read."""

from __future__ import annotations

import asyncio

from kds.ui.kit import Kept
from kds.ui.kit.tasks import running
from kds.ui.kitchen.display import Display
from tests.support.qt import LocalSession


async def test_what_was_chosen_is_applied_at_the_next_start() -> None:
    session, shown = LocalSession(), list[Display]()
    first = Kept(session, "display", Display.from_json, shown.append)  # type: ignore[arg-type]
    first.choose(Display(columns=3))
    await asyncio.gather(*running())
    again = Kept(session, "display", Display.from_json, shown.append)  # type: ignore[arg-type]
    await again.load()
    assert shown == [Display(columns=3), Display(columns=3)]


async def test_what_a_person_chooses_is_not_undone_by_what_was_kept() -> None:
    session, shown = LocalSession(), list[Display]()
    await session.settings.put("display", Display(columns=3).to_json())
    kept = Kept(session, "display", Display.from_json, shown.append)  # type: ignore[arg-type]
    kept.choose(Display(columns=5))
    await kept.load()
    assert shown == [Display(columns=5)]
    await asyncio.gather(*running())
