"""A rush without end, as row changes on a hub's database: orders come, are cooked and put away.

The rows are written straight to PostgreSQL, as a web shop or another hub's till would: the tills
would be the bottleneck, and it is the kitchen that is soaked. Everything from the triggers to the
window is the real thing: the log, the pokes, the Realtime server, the sockets.
"""

from __future__ import annotations

from collections import deque
from uuid import uuid4

from tests.bench.writes import Writer, place_many
from tests.support.commands import BRANCH

WAVE = 4  # orders that are placed, started, bumped and put away together
LINES = 3
ON_BOARD = 6  # waves

_STARTED = "update public.order_lines set state = 'started', started_at = now() where {mine}"
_READY = "update public.order_lines set state = 'ready', ready_at = now() where {mine}"
_CLOSED = (
    "update public.orders set state = 'closed', ready_at = now(), closed_at = now()"
    " where device_id = %(wave)s"
)
_ARCHIVED = "update public.orders set archived_at = now() where device_id = %(wave)s"
_OUT = (
    "update public.menu_items set out_since = case when out_since is null then now() end"
    " where branch_id = %(branch)s and id = (select min(id) from public.menu_items)"
)
_MINE = "order_id in (select id from public.orders where device_id = %(wave)s)"


class Rush:
    """`rev` is how far the floor's stream has come, `events` how many rows have changed."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waves: deque[str] = deque()
        self.rev = 0
        self.events = 0

    async def step(self) -> None:
        """A new wave comes, the one before is started, the oldest are finished and put away."""
        wave = str(uuid4())
        await place_many(self._writer, WAVE, lines=LINES, device=wave)
        await self._commit(WAVE * (1 + LINES))
        self._waves.append(wave)
        await self._change(_STARTED, wave, WAVE * LINES)
        await self._change(_OUT, wave, 1)
        if len(self._waves) > ON_BOARD:
            done = self._waves.popleft()
            await self._change(_READY, done, WAVE * LINES)
            await self._change(_CLOSED, done, WAVE)
            await self._change(_ARCHIVED, done, WAVE * (1 + LINES))

    async def forget(self) -> None:
        """What the hub would forget over the days, now: the test is not of its disk."""
        async with self._writer.transaction():
            await self._writer.execute("select public.prune_changes(interval '20 s')")
            await self._writer.execute("select realtime.delete_old_messages(interval '20 s')")
            for table in ("order_lines", "orders"):
                await self._writer.execute(
                    f"delete from public.{table} where archived_at is not null".encode()
                )

    async def _change(self, statement: str, wave: str, rows: int) -> None:
        await self._writer.execute(
            statement.format(mine=_MINE).encode(), {"wave": wave, "branch": BRANCH}
        )
        await self._commit(rows)

    async def _commit(self, rows: int) -> None:
        found = await self._writer.execute(
            "select rev from public.streams where stream_id = %s", (f"floor:{BRANCH}",)
        )
        row = await found.fetchone()
        assert row is not None
        self.rev = int(str(row[0]))
        await self._writer.commit()
        self.events += rows
