"""The npm packages of `js/`, installed where the user's caches are, as the lock file says."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from platformdirs import user_cache_path

JS = Path(__file__).parent / "js"


def install() -> Path:
    """The folder with our scripts and `node_modules`; made once for each lock file."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed; this part of the suite needs Node 20 or newer.")
    lock = hashlib.sha256((JS / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = user_cache_path("kds-conformance") / lock
    shutil.copytree(JS, folder, dirs_exist_ok=True)
    if not (folder / "node_modules" / ".package-lock.json").exists():
        command = ["npm", "ci", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True, timeout=600)
    return folder
