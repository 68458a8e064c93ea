"""The hub that all component tests of one process share; it starts when a test asks for it."""

from tests.support.hub import hub, site

__all__ = ["hub", "site"]
