"""Settings of every test: no screen, no keyring, and nothing of the person who runs them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import remove_clusters_of

SCREEN = Path(__file__).parent / "support" / "offscreen.json"
"""Qt finds what lies under a finger only on a screen, and its own is 800 pixels wide."""

os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={SCREEN}"
os.environ["KDS_TOKENS"] = "file"
for name in [name for name in os.environ if name.startswith("KDS_") and name != "KDS_TOKENS"]:
    if not name.startswith("KDS_TEST_"):
        del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def _no_litter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """As root, a hub in one of pytest's folders keeps its cluster in /var/lib/kds."""
    yield
    remove_clusters_of(tmp_path_factory.getbasetemp())
