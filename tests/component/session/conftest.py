"""A branch with a menu, where terminals can be put."""

from tests.support.sessions import place

__all__ = ["place"]
