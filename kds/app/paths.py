"""Where things are kept: one folder for profiles, one for each profile's data."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def config_dir() -> Path:
    """The folder of the profiles; `KDS_CONFIG_DIR` moves it."""
    return _from_environment("KDS_CONFIG_DIR") or platformdirs.user_config_path("kds", False)


def data_dir(profile: str) -> Path:
    """The folder of one profile's replica, outbox, token and log; `KDS_DATA_DIR` moves it."""
    base = _from_environment("KDS_DATA_DIR") or platformdirs.user_data_path("kds", False)
    return base / profile


def _from_environment(name: str) -> Path | None:
    value = os.environ.get(name)
    return Path(value).expanduser() if value else None
