"""What the benchmarks write behind the terminals' backs, as a web shop or a dashboard would."""

from __future__ import annotations

from uuid import uuid4

import psycopg

from tests.support.commands import BRANCH

Writer = psycopg.AsyncConnection[tuple[object, ...]]


async def place(writer: Writer, order_id: str, lines: int = 3) -> None:
    """One open order, uncommitted."""
    await place_many(writer, 1, lines=lines, order_id=order_id)


async def place_many(
    writer: Writer,
    orders: int,
    *,
    lines: int = 3,
    open_ones: int = 1 << 30,
    order_id: str = "",
    device: str = "",
) -> None:
    """Orders of `lines` lines by `device`, uncommitted; all but the first `open_ones` are closed.

    They were placed one after the other within the last ten minutes.
    """
    await writer.execute(
        "with new as ("
        "  insert into public.orders (id, branch_id, device_id, number, type, table_name,"
        "    customer, server, note, rush, state, total, paid, placed_at, closed_at)"
        "  select coalesce(nullif(%(id)s, '')::uuid, gen_random_uuid()), %(branch)s, %(device)s,"
        "    'W-' || lpad(n::text, 3, '0'), 'takeaway', '', 'Web', '', '', false,"
        "    case when n <= %(open)s then 'open' else 'closed' end, 3000, 0,"
        "    now() - interval '10 min' * (1 - n / (%(orders)s + 1.0)),"
        "    case when n > %(open)s then now() end"
        "  from generate_series(1, %(orders)s) n returning id, state)"
        "insert into public.order_lines (id, branch_id, order_id, position, item_id, name,"
        "  variant, qty, price, modifiers, note, course, seat, station_id, state, sent_at,"
        "  void_reason)"
        " select gen_random_uuid(), %(branch)s, new.id, position, 'x', 'Hawaiian', 'M', 1, 1000,"
        "  '[]', '', 1, null, 'oven', case when new.state = 'open' then 'sent' else 'ready' end,"
        "  now(), '' from new, generate_series(1, %(lines)s) position",
        {
            "id": order_id,
            "branch": BRANCH,
            "device": device or str(uuid4()),
            "open": open_ones,
            "orders": orders,
            "lines": lines,
        },
    )


async def put_away(writer: Writer, order_id: str) -> None:
    """The order was served and is archived; committed."""
    async with writer.transaction():
        await writer.execute(
            "update public.orders set state = 'closed', closed_at = now(), archived_at = now()"
            " where id = %s",
            (order_id,),
        )


async def put_all_away(writer: Writer) -> None:
    """Every order that is there is archived; committed."""
    async with writer.transaction():
        await writer.execute(
            "update public.orders set state = 'closed', closed_at = now(), archived_at = now()"
            " where archived_at is null"
        )
