"""Settings of every test: no screen, no keyring, and nothing of the person who runs them."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["KDS_TOKENS"] = "file"
for name in [name for name in os.environ if name.startswith("KDS_") and name != "KDS_TOKENS"]:
    if not name.startswith("KDS_TEST_"):
        del os.environ[name]
