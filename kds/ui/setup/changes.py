"""Every change counts at once, and can be taken back while the toast is there."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from kds.domain.rows import Row
from kds.domain.setup import told
from kds.domain.verbs.setup import refusal
from kds.domain.words import sentence
from kds.ui.kit import Toast, spawn

if TYPE_CHECKING:
    from kds.session.session import Session

Values = Mapping[str, Any]


class Changes:
    """Sets things up, and says so on `toast`.

    Several changes of the same setting in a row (a stepper) are taken back together.
    """

    def __init__(self, session: Session, toast: Toast) -> None:
        self._session, self._toast = session, toast
        self._last: Hashable = None  # which setting the toast is about
        self._former: Values = {}

    def ask(self, table: str, pk: str, values: Values, words: str = "") -> str:
        """Set these; why not, for the person, when that makes no sense. `words`: what it does."""
        store = self._session.store
        if problem := refusal(store.row, table, pk, values):
            return sentence(problem)
        row = store.row(table, pk)
        assert row is not None  # else it was refused
        former = _former(row, values)
        if former != values:
            spawn(self._session.actions.set_up(table, pk, values), "set up")
            self._remember((table, pk, _names(values)), former)
            self._say(table, pk, words or f"{row['name']}: {told(values, self._station)}")
        return ""

    def _remember(self, setting: Hashable, former: Values) -> None:
        if self._toast.isHidden() or setting != self._last:
            self._last, self._former = setting, former

    def _say(self, table: str, pk: str, words: str) -> None:
        former, actions = self._former, self._session.actions

        def undo() -> None:
            spawn(actions.set_up(table, pk, former), "undo set up")

        self._toast.say(words, undo)

    def _station(self, station_id: str) -> str:
        row = self._session.store.row("stations", station_id)
        return str(row["name"]) if row else ""


def _names(values: Values) -> tuple[str, ...]:
    """Which settings these are; the ages of each order type are one."""
    return (*sorted(values), *sorted(values.get("type_ages", ())))


_ABSENT: Values = {
    "items": [],
    "modifiers": [],
    "stage": 1,
    "backup_id": "",
    "unattended": False,
    "expo_stages": 1,
    "prep_s": 0,
}
"""What a row of an older server means."""


def _former(row: Row, values: Values) -> dict[str, Any]:
    """What the settings are now, in the shape in which they are set."""
    former = {name: row.get(name, _ABSENT.get(name)) for name in values}
    if "type_ages" in former:
        ages = former["type_ages"] or {}
        former["type_ages"] = {kind: ages.get(kind) for kind in values["type_ages"]}
    return former
