"""`python -m tests.conformance`: the client surface, asked of the hub or of another server.

Without options the server is the one that KDS_TEST_URL, KDS_TEST_ANON_KEY and
KDS_TEST_SERVICE_KEY name, or else a hub of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.conformance.lite import running_lite
from tests.conformance.packages import install
from tests.conformance.servers import Server

HERE = Path(__file__).parent
NOT_IN_LITE = "not realtime and not admin and not beyond_lite"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--lite", action="store_true", help="REST and Auth of @supabase/lite")
    which.add_argument("--peers", action="store_true", help="the official clients, also from npm")
    options, more = parser.parse_known_args()
    if options.lite:
        with running_lite(install()) as server:
            return _pytest(_named(server), [str(HERE), "-m", NOT_IN_LITE, *more])
    if options.peers:
        return _pytest({"KDS_TEST_JS": str(install())}, [str(HERE / "peers"), *more])
    return _pytest({}, [str(HERE), *more])


def _named(server: Server) -> dict[str, str]:
    """The server as the environment names it."""
    return {
        "KDS_TEST_URL": server.url,
        "KDS_TEST_ANON_KEY": server.anon,
        "KDS_TEST_SERVICE_KEY": server.service,
        "KDS_TEST_ACCOUNTS": server.accounts,
    }


def _pytest(settings: dict[str, str], arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-ra", *arguments]
    return subprocess.run(command, env=os.environ | settings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
