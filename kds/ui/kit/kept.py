"""How somebody has set up a screen, kept for its next start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from kds.ui.kit.tasks import spawn

if TYPE_CHECKING:
    from kds.session.session import Session


class Keepable(Protocol):
    """What can be kept: plain JSON of it."""

    def to_json(self) -> dict[str, Any]: ...


T = TypeVar("T", bound=Keepable)


class Kept(Generic[T]):
    """One value among the settings of a session, under `key`.

    `read` makes it of what was kept (None at a first start), `apply` shows it.
    """

    def __init__(
        self, session: Session, key: str, read: Callable[[Any], T], apply: Callable[[T], None]
    ) -> None:
        self._session, self._key = session, key
        self._read, self._apply = read, apply
        self._chosen = False  # by somebody, since the start

    async def load(self) -> None:
        """Apply what was kept, unless somebody has chosen meanwhile."""
        kept = await self._session.settings.get(self._key)
        if not self._chosen:
            self._apply(self._read(kept))

    def choose(self, value: T) -> None:
        """From now on, also after a restart."""
        self._chosen = True
        self._apply(value)
        spawn(self._session.settings.put(self._key, value.to_json()), f"keep {self._key}")
