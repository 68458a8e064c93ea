"""One logging configuration: a rotating file per profile, warnings on stderr."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
QUIET = ("httpx", "httpcore", "websockets", "realtime", "hpack", "aiohttp.access")


def configure(file: Path | None, *, verbose: bool = False) -> None:
    """Log to `file` (5 x 2 MB) and warnings to stderr; `verbose` shows everything there."""
    root = logging.getLogger()
    root.setLevel(logging.DEBUG if verbose else logging.INFO)
    screen = logging.StreamHandler(sys.stderr)
    screen.setLevel(logging.DEBUG if verbose else logging.WARNING)
    handlers: list[logging.Handler] = [screen]
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handlers.append(
            RotatingFileHandler(file, maxBytes=2_000_000, backupCount=4, encoding="utf-8")
        )
    for handler in handlers:
        handler.setFormatter(logging.Formatter(FORMAT))
    root.handlers = handlers
    for name in QUIET:
        # Their errors are ours to judge: the connection manager says what a person needs.
        logging.getLogger(name).setLevel(logging.CRITICAL if not verbose else logging.INFO)
