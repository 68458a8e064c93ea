"""Who is here, and at which screen they look; before them, terminals that are locked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from kds.session.status import Person, Status
from kds.ui.kit import EmptyState, Label, Panel
from kds.ui.kit.rowlist import RowList, RowSpec
from kds.ui.models import PeopleModel
from kds.ui.shell.clock import branch_now, zone_of
from kds.ui.shell.people_strip import ROLE_TONES, initials
from kds.ui.staff.locked import LockedPanel

if TYPE_CHECKING:
    from kds.session.session import Session

ROLES = {"kitchen": "Kitchen", "pos": "Front of house", "manager": "Manager"}


def person_row(person: Person, now: datetime) -> RowSpec:
    """The person in the list; `now` brings the clock of the branch."""
    role = ROLES.get(person.role, person.role.title())
    place = f"at {person.where}" if person.where else ""
    return RowSpec(
        title=f"{person.name} (this device)" if person.me else person.name,
        subtitle=" · ".join(filter(None, (role, place))),
        badge=initials(person.name),
        badge_is_icon=False,
        tone=ROLE_TONES.get(person.role, "neutral"),
        pill=(f"since {person.since.astimezone(now.tzinfo):%H:%M}", "ok", "dot"),
    )


class PeopleScreen(Panel):
    """The people of the branch. Offline it says as of when the list is."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("ground", parent=parent)
        self._session = session
        self._seen = session.now()
        self._was_connected = session.status.link == "connected"
        self.model = PeopleModel(session.live, self)
        self.list = RowList(
            self.model,
            lambda person: person_row(person, branch_now(session)),
            ages=True,
            selectable=False,
        )
        self._title = Label("", "title")
        self._offline = Label("", "label", tone="warn")
        self._empty = EmptyState("Nobody is known to be here", "", "people")
        self.locked = LockedPanel(session)
        for part in (self.locked, self._title, self._offline):
            self.box.addWidget(part)
        self.box.addWidget(self.list, 1)
        self.box.addWidget(self._empty, 1)
        for stop in (
            session.live.people_changed.connect(lambda _: self._refresh()),
            session.status_changed.connect(self._follow),
        ):
            self.destroyed.connect(stop)
        self._refresh()

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def offline(self) -> str:
        """What it says while there is no connection; "" while there is one."""
        return "" if self._offline.isHidden() else self._offline.text()

    def _follow(self, status: Status) -> None:
        connected = status.link == "connected"
        if self._was_connected and not connected:
            self._seen = self._session.now()
        if connected != self._was_connected:
            self._was_connected = connected
            self._refresh()

    def _refresh(self) -> None:
        count = len(self._session.live.people)
        self._title.setText(f"{count} {'person' if count == 1 else 'people'} here")
        self._offline.setVisible(not self._was_connected)
        seen = self._seen.astimezone(zone_of(self._session.store.branch))
        self._offline.setText(f"You are offline: the list is from {seen:%H:%M}.")
        self._empty.setVisible(count == 0)
        self.list.setVisible(count > 0)
        hint = "" if self._was_connected else "They appear when the connection is back."
        self._empty.set("Nobody is known to be here", hint, "people")
