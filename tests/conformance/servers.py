"""The server under test, and a branch of one's own on it.

Everything goes through the surface that any Supabase has: accounts by the service key's Auth
API, rows by REST. Nothing here knows whose server it is.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import aiohttp
import httpx

from kds.domain.rows import Role
from tests.support.hub import PASSWORD
from tests.support.realtime import Client
from tests.support.restaurant import menu

PATIENCE_S = 20.0
"""A real server says "Subscribed to PostgreSQL" up to 2.6 s after the join, a far one later."""

OF_A_BRANCH = (
    "orders", "devices", "recipes", "modifiers", "menu_items", "stock_items", "stations", "staff",
    "branches", "streams",
)  # fmt: skip
"""Whose rows a branch leaves behind, children first; the rest goes by cascade."""

Json = dict[str, Any]


@cache
def _tls() -> ssl.SSLContext:
    """One for all clients: reading the certificates takes longer than most requests."""
    return httpx.create_ssl_context()


@dataclass(frozen=True)
class Server:
    """A back end with our migrations.

    `accounts` is how an account gets its role and branches: by the Auth API, or, on a server
    whose Auth has no administration, by the functions of `lite.sql`.
    """

    url: str
    anon: str
    service: str
    accounts: Literal["api", "functions"] = "api"

    @classmethod
    def named_by_environment(cls) -> Server | None:
        """The one that KDS_TEST_URL names, if it does."""
        if "KDS_TEST_URL" not in os.environ:
            return None
        how = "functions" if os.environ.get("KDS_TEST_ACCOUNTS") == "functions" else "api"
        return cls(
            os.environ["KDS_TEST_URL"].rstrip("/"),
            os.environ["KDS_TEST_ANON_KEY"],
            os.environ["KDS_TEST_SERVICE_KEY"],
            how,
        )

    def http(self, token: str | None = None, key: str | None = None) -> httpx.AsyncClient:
        """A plain client: anonymous, or with a person's token, or with another key."""
        key = key or self.anon
        headers = {"apikey": key, "Authorization": f"Bearer {token or key}"}
        return httpx.AsyncClient(
            base_url=self.url, headers=headers, trust_env=False, timeout=PATIENCE_S, verify=_tls()
        )

    def admin(self) -> httpx.AsyncClient:
        return self.http(key=self.service)

    async def complaint(self) -> str:
        """What keeps the suite from running here; empty when nothing does."""
        async with self.admin() as http:
            answer = await http.get("/rest/v1/streams?limit=1")
        if answer.status_code == 200:
            return ""
        if answer.status_code == 404:
            return (
                f"{self.url} has not the tables of resources/supabase/migrations: "
                "run `supabase db push` in resources/ first."
            )
        return f"{self.url} answers {answer.status_code} to the service key: {answer.text}"


@dataclass(frozen=True)
class Person:
    """A signed-in account."""

    id: str
    email: str
    token: str
    refresh_token: str


@dataclass
class Place:
    """A branch with a menu on the server, and the people who work there; `leave` removes both."""

    server: Server
    branch_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    _people: list[str] = field(default_factory=list)
    _branches: list[str] = field(default_factory=list)

    async def open(self) -> None:
        await self.make_branch(self.branch_id)
        async with self.server.admin() as http:
            body = {"branch_id": self.branch_id, "menu": menu()}
            answer = await http.post("/rest/v1/rpc/import_menu", json=body)
        assert answer.status_code == 200, answer.text

    async def make_branch(self, branch_id: str) -> str:
        """An empty branch, removed with the place."""
        row = {"id": branch_id, "branch_id": branch_id, "name": "Test"}
        async with self.server.admin() as http:
            answer = await http.post(
                "/rest/v1/branches", json=row | {"currency": "EUR", "timezone": "UTC"}
            )
        assert answer.status_code == 201, answer.text
        self._branches.append(branch_id)
        return branch_id

    async def account(self, role: Role = "pos", branches: Sequence[str] | None = None) -> str:
        """A new account of this branch (or of others); its address. PASSWORD opens it."""
        email = f"{role}-{uuid.uuid4().hex[:12]}@conformance.test"
        metadata = {"branches": [self.branch_id] if branches is None else branches, "role": role}
        made = self._by_api if self.server.accounts == "api" else self._by_functions
        self._people.append(await made(email, metadata))
        return email

    async def person(self, role: Role = "pos", branches: Sequence[str] | None = None) -> Person:
        """A new account, signed in."""
        email = await self.account(role, branches)
        answer = await self.sign_in(email)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return Person(body["user"]["id"], email, body["access_token"], body["refresh_token"])

    async def sign_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return await self._token("password", {"email": email, "password": password})

    async def refresh(self, refresh_token: str) -> httpx.Response:
        return await self._token("refresh_token", {"refresh_token": refresh_token})

    async def rpc(self, person: Person, name: str, arguments: Json) -> httpx.Response:
        async with self.server.http(person.token) as http:
            return await http.post(f"/rest/v1/rpc/{name}", content=json.dumps(arguments))

    async def get(self, person: Person, path: str, **headers: str) -> httpx.Response:
        async with self.server.http(person.token) as http:
            return await http.get(f"/rest/v1/{path}", headers=headers)

    async def write(self, method: str, path: str, body: Any = None, prefer: str = "") -> Any:
        """Change rows with the service key; what the server answers."""
        async with self.server.admin() as http:
            answer = await http.request(
                method, f"/rest/v1/{path}", json=body, headers={"Prefer": prefer}
            )
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def leave(self) -> None:
        """Remove the accounts and every row that REST reaches.

        What the log and the outcomes keep (`kds.*`) has no way out by design.
        """
        mine = ",".join(self._branches)
        for table in OF_A_BRANCH:
            await self.write("DELETE", f"{table}?branch_id=in.({mine})")
        for account in self._people:
            await self._remove(account)

    async def _token(self, grant: str, body: Json) -> httpx.Response:
        async with self.server.http() as http:
            return await http.post(f"/auth/v1/token?grant_type={grant}", json=body)

    async def _by_api(self, email: str, metadata: Json) -> str:
        body = {"email": email, "password": PASSWORD, "email_confirm": True}
        async with self.server.admin() as http:
            answer = await http.post("/auth/v1/admin/users", json=body | {"app_metadata": metadata})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    async def _by_functions(self, email: str, metadata: Json) -> str:
        async with self.server.http() as http:
            made = await http.post("/auth/v1/signup", json={"email": email, "password": PASSWORD})
        assert made.status_code == 200, made.text
        body = {"account": made.json()["user"]["id"], "metadata": metadata}
        async with self.server.admin() as http:
            answer = await http.post("/rest/v1/rpc/set_app_metadata", json=body)
        assert answer.status_code < 300, answer.text
        return str(body["account"])

    async def _remove(self, account: str) -> None:
        async with self.server.admin() as http:
            if self.server.accounts == "api":
                answer = await http.delete(f"/auth/v1/admin/users/{account}")
            else:
                answer = await http.post("/rest/v1/rpc/remove_account", json={"account": account})
        assert answer.status_code < 300, answer.text


@asynccontextmanager
async def opened(server: Server) -> AsyncIterator[Place]:
    """A place from open to leave."""
    place = Place(server)
    try:
        await place.open()
        yield place
    finally:
        await place.leave()


@dataclass
class Phone:
    """Raw WebSockets to the server, closed together."""

    server: Server
    session: aiohttp.ClientSession
    clients: list[Client] = field(default_factory=list)

    async def call(self, key: str | None = None, vsn: str = "1.0.0") -> Client:
        """A new socket with the public key; channels bring their own tokens."""
        ws = await self.session.ws_connect(
            f"{self.server.url}/realtime/v1/websocket",
            params={"apikey": key or self.server.anon, "vsn": vsn},
        )
        self.clients.append(Client(ws, patience_s=PATIENCE_S))
        return self.clients[-1]


@asynccontextmanager
async def phone_to(server: Server) -> AsyncIterator[Phone]:
    async with aiohttp.ClientSession() as session:
        phone = Phone(server, session)
        yield phone
        await asyncio.gather(*(client.ws.close() for client in phone.clients))
