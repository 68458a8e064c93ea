"""One REST request's place in the database: a transaction under its caller's role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from kds.hub.errors import from_database
from kds.hub.pool import Pool, Row, Statement


@dataclass(frozen=True, slots=True)
class Transaction:
    """Runs a statement behind `prelude`, which takes on the caller's role and claims."""

    pool: Pool
    prelude: Statement
    signed_in: bool

    async def run(
        self,
        statement: Statement,
        *,
        read_only: bool = False,
        accept: Callable[[Row], None] | None = None,
    ) -> Row:
        """`Pool.run`, with the database's errors as PostgREST words them."""
        try:
            return await self.pool.run(self.prelude, statement, read_only=read_only, accept=accept)
        except psycopg.Error as error:
            raise from_database(error, signed_in=self.signed_in) from error
