"""A real Realtime server on a real PostgreSQL, and raw WebSockets to talk to it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import psycopg
from aiohttp import web
from aiohttp.test_utils import TestServer

from kds.hub.migrate import migrate
from kds.hub.postgres import Postgres
from kds.hub.realtime.service import RealtimeService

SECRET = "a secret for tests that is long enough for HS256"
BRANCH_1 = "11111111-1111-1111-1111-111111111111"
BRANCH_2 = "22222222-2222-2222-2222-222222222222"

SCHEMA = """
create function public.branch() returns uuid language sql stable as
  $$ select (current_setting('request.jwt.claims', true)::jsonb ->> 'branch_id')::uuid $$;
create table public.orders (
  id uuid primary key default gen_random_uuid(), branch_id uuid, order_number text, status text,
  total_cents int, updated_at timestamptz default now());
create table public.orders_full (like public.orders including all);
alter table public.orders_full replica identity full;
create table public.notes (id serial primary key, body text);
create table public.hidden (id serial primary key, body text);
revoke all on public.hidden from anon, authenticated;
create table public.unpublished (id serial primary key);
create table public.keyless (body text);
alter table public.orders enable row level security;
alter table public.orders_full enable row level security;
create policy mine on public.orders for select using (branch_id = public.branch());
create policy mine on public.orders_full for select using (branch_id = public.branch());
grant usage on schema public to anon, authenticated, service_role;
grant select on public.orders, public.orders_full, public.notes, public.keyless
  to anon, authenticated, service_role;
alter table public.keyless replica identity full;
drop publication if exists supabase_realtime;
create publication supabase_realtime for table
  public.orders, public.orders_full, public.notes, public.hidden, public.keyless;
create policy read_branch on realtime.messages for select to authenticated
  using (realtime.topic() = 'branch:' || public.branch());
create policy write_branch on realtime.messages for insert to authenticated
  with check (realtime.topic() = 'branch:' || public.branch()
    and current_setting('request.jwt.claims', true)::jsonb ->> 'can_write' = 'true');
create function public.orders_broadcast() returns trigger language plpgsql as $$
begin
  perform realtime.broadcast_changes('branch:' || coalesce(new.branch_id, old.branch_id),
    tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
  return null;
end $$;
"""


@contextmanager
def running_postgres(data: Path) -> Iterator[Postgres]:
    """A PostgreSQL with the platform's schemas and the tables of the recordings."""
    postgres = Postgres(data / "pg")
    postgres.start_blocking()
    try:
        empty = data / "migrations"
        empty.mkdir()
        migrate(postgres.dsn, migrations=empty)
        sql(postgres.dsn, SCHEMA)
        yield postgres
    finally:
        postgres.stop_blocking()
        postgres.remove()


def sql(dsn: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run SQL as superuser, committed; the rows, if it has any."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def token(role: str | None = "authenticated", ttl: float = 3600, **claims: Any) -> str:
    """A JWT of the test server's secret that expires in `ttl` seconds."""
    body = {"role": role, "exp": int(time.time() + ttl), "iat": int(time.time()) - 60} | claims
    return jwt.encode(body, SECRET, algorithm="HS256")


def known_tokens() -> Mapping[str, str]:
    """The tokens that recordings name."""
    return {
        "anon": token("anon"),
        "service_role": token("service_role"),
        "branch1": token(branch_id=BRANCH_1),
        "branch2": token(branch_id=BRANCH_2),
        "writer": token(branch_id=BRANCH_1, can_write="true"),
        "expired": token(branch_id=BRANCH_1, ttl=-5),
        "forged": token(branch_id=BRANCH_1)[:-5] + "AAAAA",
    }


@dataclass
class Client:
    """A raw WebSocket with frames in and out as text, bytes, or parsed vsn 1.0.0 objects."""

    ws: aiohttp.ClientWebSocketResponse
    refs: int = 100
    patience_s: float = 5

    async def send(self, frame: str | bytes) -> None:
        await (self.ws.send_str(frame) if isinstance(frame, str) else self.ws.send_bytes(frame))

    async def receive(self) -> str | bytes:
        """The next frame. Fails when the server closes instead."""
        message = await self.ws.receive(timeout=self.patience_s)
        assert message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY), message
        data: str | bytes = message.data
        return data

    async def push(self, topic: str, event: str, payload: Any, join_ref: Any = "1") -> str:
        """Send a vsn 1.0.0 frame; its ref."""
        self.refs += 1
        ref = str(self.refs)
        frame = {"topic": topic, "event": event, "payload": payload, "ref": ref}
        await self.send(json.dumps(frame | {"join_ref": join_ref}))
        return ref

    async def next(self) -> Any:
        """The next frame, parsed."""
        return json.loads(await self.receive())

    async def until(self, event: str) -> Any:
        """The next frame of this event; what comes before it is dropped."""
        async with asyncio.timeout(self.patience_s):
            while True:
                frame = await self.next()
                if frame["event"] == event:
                    return frame

    async def quiet(self) -> list[Any]:
        """What the server has already decided to send: everything before a heartbeat's answer."""
        await self.send('{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"fence"}')
        frames = []
        while (frame := await self.next()).get("ref") != "fence":
            frames.append(frame)
        return frames

    async def join(
        self, topic: str, config: Any = None, access_token: str | None = None, join_ref: Any = "1"
    ) -> Any:
        """Join and return the reply's payload."""
        payload = {"config": config or {}} | (
            {"access_token": access_token} if access_token else {}
        )
        ref = await self.push(f"realtime:{topic}", "phx_join", payload, join_ref)
        while True:
            frame = await self.next()
            if frame["event"] == "phx_reply" and frame["ref"] == ref:
                return frame["payload"]

    async def closed(self) -> int | None:
        """The code with which the server ends the connection; frames before it are dropped."""
        async with asyncio.timeout(self.patience_s):
            while not self.ws.closed:
                await self.ws.receive()
        return self.ws.close_code


@dataclass
class Server:
    """A mounted RealtimeService."""

    url: str
    service: RealtimeService
    session: aiohttp.ClientSession
    dsn: str
    clients: list[Client] = field(default_factory=list)

    async def connect(self, apikey: str | None = None, vsn: str | None = "1.0.0") -> Client:
        """A WebSocket; anonymous unless a token is given."""
        params = {"apikey": apikey or token("anon")} | ({"vsn": vsn} if vsn else {})
        ws = await self.session.ws_connect(
            f"{self.url}/realtime/v1/websocket", params=params, max_msg_size=0
        )
        self.clients.append(Client(ws))
        return self.clients[-1]


@asynccontextmanager
async def running_server(dsn: str, **options: Any) -> AsyncIterator[Server]:
    """A Realtime server in a small application of its own."""
    service = RealtimeService(dsn, SECRET, **options)
    await service.start()
    app = web.Application()
    app.router.add_get("/realtime/v1/websocket", service.handle)
    app.router.add_post("/realtime/v1/api/broadcast", service.broadcast_http)
    server = TestServer(app)
    await server.start_server()
    try:
        async with aiohttp.ClientSession() as session:
            mounted = Server(str(server.make_url("")).rstrip("/"), service, session, dsn)
            yield mounted
            await asyncio.gather(*(client.ws.close() for client in mounted.clients))
    finally:
        await service.stop()
        await server.close()
