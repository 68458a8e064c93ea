"""Who is here, this device first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt

from kds.base.events import Event
from kds.session.status import Person
from kds.ui.models.keyed import KeyedListModel


class PeopleSource(Protocol):
    """What the session's `Live` offers a list."""

    @property
    def people(self) -> Sequence[Person]: ...

    @property
    def people_changed(self) -> Event[None]: ...


class PeopleModel(KeyedListModel[Person]):
    """Items are `Person`s; the key is the device's id."""

    def __init__(self, live: PeopleSource, parent: QObject | None = None) -> None:
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda person: person.name,
            int(Qt.ItemDataRole.AccessibleTextRole): spoken,
        }
        super().__init__(lambda person: person.key, _sort_key, roles, parent)
        self._live = live
        self.reset_items(live.people)
        self.detach = live.people_changed.connect(self._follow)
        self.destroyed.connect(self.detach)

    def _follow(self, _: Any) -> None:
        self.sync(self._live.people)


def _sort_key(person: Person) -> tuple[bool, str]:
    return not person.me, person.name.casefold()


def spoken(person: Person) -> str:
    """`Mia, pos, Till`."""
    return ", ".join(filter(None, (person.name, person.role, person.where)))
