"""The database that the tests of the wire share."""

from tests.support.postgres import dsn

__all__ = ["dsn"]
