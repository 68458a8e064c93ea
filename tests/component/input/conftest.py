from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.component.input.stage import Stage, staged


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with staged() as stage:
        yield stage
