"""Accounts of terminals, made through the back end's Auth admin interface.

https://supabase.com/docs/reference/javascript/auth-admin-createuser
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

from kds.base.errors import Refused, Unauthorized, Unreachable
from kds.domain.rows import Role


class Admin:
    """The back end seen with its service key: everything is allowed, so keep it short."""

    def __init__(self, url: str, service_key: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"apikey": service_key, "Authorization": f"Bearer {service_key}"}

    async def create_account(
        self, email: str, password: str, role: Role, branches: Sequence[str]
    ) -> None:
        """Make an account for terminals of `role` in `branches`; Refused when it exists."""
        await self._post(
            "/auth/v1/admin/users",
            {
                "email": email,
                "password": password,
                "email_confirm": True,
                "app_metadata": {"role": role, "branches": list(branches)},
            },
        )

    async def rpc(self, name: str, parameters: dict[str, Any]) -> Any:
        return await self._post(f"/rest/v1/rpc/{name}", parameters)

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        async with httpx.AsyncClient(headers=self._headers, timeout=30, trust_env=False) as client:
            try:
                answer = await client.post(self._url + path, json=body)
            except httpx.HTTPError as error:
                raise Unreachable(f"{self._url} does not answer: {error}") from None
        if answer.is_success:
            return answer.json() if answer.content else None
        message = _message(answer)
        raise Unauthorized(message) if answer.status_code == 401 else Refused(message)


def _message(answer: httpx.Response) -> str:
    try:
        body = answer.json()
        return str(body.get("msg") or body.get("message") or body)
    except (ValueError, AttributeError):
        return f"HTTP {answer.status_code}"
