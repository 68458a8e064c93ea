"""Settings of every test: no screen, no keyring, and nothing of the person who runs them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.support.postgres import remove_clusters_of

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["KDS_TOKENS"] = "file"
for name in [name for name in os.environ if name.startswith("KDS_") and name != "KDS_TOKENS"]:
    if not name.startswith("KDS_TEST_"):
        del os.environ[name]


@pytest.fixture(scope="session", autouse=True)
def _no_litter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """As root, a hub in one of pytest's folders keeps its cluster in /var/lib/kds."""
    yield
    remove_clusters_of(tmp_path_factory.getbasetemp())
