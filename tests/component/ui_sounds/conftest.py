"""What a screen's ears listen to."""

from tests.support.screens import session

__all__ = ["session"]
