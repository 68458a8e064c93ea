"""What holds for the whole kitchen: its name, the ages of order types, and the pass."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from kds.domain.rows import Row
from kds.domain.setup import TYPES
from kds.ui.kit import SegmentedControl
from kds.ui.setup.changes import Changes
from kds.ui.setup.fields import Ages, AgesField, NameEdit, show_choice
from kds.ui.setup.form import Form

if TYPE_CHECKING:
    from kds.session.session import Session

STEPS = (("1", "Hand over"), ("2", "Assemble, then hand over"))


class HouseForm(Form):
    """The settings of the branch."""

    def __init__(self, session: Session, changes: Changes) -> None:
        super().__init__()
        self._store = session.store
        self._changes = changes
        self.add_title("Restaurant")
        self.name = self.add("name", "Name", NameEdit())
        self.add_title("Order types")
        self.types: dict[str, AgesField] = {}
        for order_type, words in TYPES.items():
            ages = self.add(order_type, words, AgesField(words, optional=True))
            ages.asked.connect(partial(self._set_type, order_type))
            self.types[order_type] = ages
        self.add_title("The pass")
        self.steps = self.add(
            "expo_stages", "Steps", SegmentedControl(STEPS), "What the expo does with an order."
        )
        self.name.asked.connect(lambda name: self._set("name", name=name))
        self.steps.chosen.connect(lambda n: self._set("expo_stages", expo_stages=int(n)))

    def show_branch(self) -> None:
        """Show it as it is now; nothing before the first snapshot."""
        row = self._store.branch
        if row is None:
            return
        self.name.show_name(row["name"])
        show_choice(self.steps, str(row.get("expo_stages", 1)))
        for order_type, field in self.types.items():
            field.show_ages(_ages(row, order_type))

    def _set_type(self, order_type: str, ages: Ages | None) -> None:
        self._set(order_type, type_ages={order_type: list(ages) if ages else None})

    def _set(self, field: str, **values: Any) -> None:
        if row := self._store.branch:
            self.ask(field, lambda: self._changes.ask("branches", row["id"], values))
        self.show_branch()


def _ages(row: Row, order_type: str) -> Ages | None:
    ages = (row.get("type_ages") or {}).get(order_type)
    return (ages[0], ages[1]) if ages else None
