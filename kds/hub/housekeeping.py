"""Once a day: old orders leave the shared window, and old changes are forgotten.

Hosted Supabase does the same by pg_cron; see the README.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

import psycopg

log = logging.getLogger(__name__)

DAY_S: Final = 24 * 3600.0

TIDY_UP: Final = """
    select public.archive_orders(b.branch_id, now() - interval '24 hours') from public.branches b;
    select public.prune_changes(interval '7 days')
"""
"""What is to be done. A terminal that was away for longer than a week starts from a snapshot."""


async def keep_house(dsn: str, every_s: float = DAY_S) -> None:
    """Tidy up now and then again and again; a failure is logged and tried again next time."""
    while True:
        try:
            await asyncio.to_thread(tidy_up, dsn)
        except psycopg.Error as error:
            log.warning("housekeeping failed: %s", error)
        await asyncio.sleep(every_s)


def tidy_up(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in TIDY_UP.split(";"):
            connection.execute(statement.encode())
