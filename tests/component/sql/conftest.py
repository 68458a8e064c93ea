"""The database that the SQL tests share."""

from tests.support.postgres import db, dsn

__all__ = ["db", "dsn"]
