"""The bell's list, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt

from kds.base.events import Event
from kds.domain.notices import Notice
from kds.ui.models.keyed import KeyedListModel


class NoticeSource(Protocol):
    """What the session's `NoticeBox` offers a list."""

    @property
    def items(self) -> Sequence[Notice]: ...

    @property
    def changed(self) -> Event[Notice | None]: ...


class NoticeModel(KeyedListModel[Notice]):
    """Items are `Notice`s; the key is the notice's id."""

    def __init__(self, box: NoticeSource, parent: QObject | None = None) -> None:
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda notice: notice.title,
            int(Qt.ItemDataRole.AccessibleTextRole): spoken,
        }
        super().__init__(lambda notice: notice.id, _newest_first, roles, parent)
        self._box = box
        self.reset_items(box.items)
        self.detach = box.changed.connect(self._follow)
        self.destroyed.connect(self.detach)

    def _follow(self, _: Any) -> None:
        self.sync(self._box.items)


def _newest_first(notice: Notice) -> float:
    return -notice.at.timestamp()


def spoken(notice: Notice) -> str:
    """Title, body, and whether it is new."""
    return ", ".join(filter(None, (notice.title, notice.body, "" if notice.read else "new")))
