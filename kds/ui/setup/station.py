"""One station: what it makes, when its tickets are late, and who stands in for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kds.domain.rows import Row
from kds.domain.setup import categories, nobody_makes
from kds.domain.words import category_name
from kds.ui.kit import SegmentedControl
from kds.ui.setup.changes import Changes, Values
from kds.ui.setup.chips import Chips, Picker
from kds.ui.setup.fields import Ages, AgesField, NameEdit, show_choice
from kds.ui.setup.form import Form
from kds.ui.setup.words import STAGES, stage_name

if TYPE_CHECKING:
    from kds.session.session import Session

NOBODY = ("", "Nobody")


class StationForm(Form):
    """The settings of the station that was shown last."""

    def __init__(self, session: Session, changes: Changes) -> None:
        super().__init__()
        self._store = session.store
        self._changes = changes
        self._row: Row = {}
        self._stages: list[int] = []  # that are offered
        self._title = self.add_title("")
        self.name = self.add("name", "Name", NameEdit())
        self.makes = self.add(
            "categories", "Makes", Chips(), "New lines go by this; what is sent stays where it is."
        )
        self.items = self.add(
            "items",
            "These dishes",
            Picker("Find a dish"),
            "A dish that is named here comes only to where it is named.",
        )
        self.modifiers = self.add(
            "modifiers",
            "Lines with",
            Picker("Find an extra"),
            "A line with one of these comes here too.",
        )
        self.ages = self.add(
            "ages", "Times", AgesField("Tickets", optional=False), "When tickets are due and late."
        )
        self.stage = self.add(
            "stage", "Its turn", SegmentedControl(()), "Second: after all that come first are done."
        )
        self.backup = self.add(
            "backup_id", "Can stand in", Chips(), "Offered when its screens go dark."
        )
        self.has_screen = self.add(
            "unattended",
            "Screen",
            SegmentedControl((("", "Has a screen"), ("none", "Has no screen"))),
            "Without a screen nobody is warned that a ticket is not seen there.",
        )
        self._wire()

    def _wire(self) -> None:
        self.name.asked.connect(lambda name: self._set("name", {"name": name}))
        self.makes.picked.connect(self._toggle_category)
        self.items.picked.connect(lambda item: self._toggle("items", item, "menu_items"))
        self.modifiers.picked.connect(lambda one: self._toggle("modifiers", one, "modifiers"))
        self.ages.asked.connect(self._set_ages)
        self.stage.chosen.connect(lambda stage: self._set("stage", {"stage": int(stage)}))
        self.backup.picked.connect(lambda one: self._set("backup_id", {"backup_id": one}))
        self.has_screen.chosen.connect(
            lambda one: self._set("unattended", {"unattended": bool(one)})
        )

    # -- showing --------------------------------------------------------------------------

    def show_station(self, station_id: str) -> None:
        """Show this one, as it is now; nothing when it is gone."""
        row = self._store.row("stations", station_id)
        if row is None:
            return
        if row["id"] != self._row.get("id"):
            self.complain("", "")
            self.items.search.clear()
            self.modifiers.search.clear()
            self.name.setText(row["name"])
        self._row = row
        self._title.setText(row["name"])
        self.name.show_name(row["name"])
        self._show_made(row)
        self.ages.show_ages((row["warn_after_s"], row["late_after_s"]))
        self._show_turn(row)
        show_choice(self.has_screen, "none" if row.get("unattended") else "")
        self.fields["unattended"].setVisible("unattended" in row)  # else an older server's

    def _show_made(self, row: Row) -> None:
        items = self._store.rows("menu_items")
        unmade = nobody_makes(self._store.rows("stations").values(), items.values())
        kinds = dict.fromkeys((*categories(items.values()), *row["categories"]))
        options = [
            (kind, category_name(kind) + (" (nobody)" if kind in unmade else "")) for kind in kinds
        ]
        self.makes.show_options(options, row["categories"])
        self.items.show_options(_names(items), row.get("items", ()))
        modifiers = _names(self._store.rows("modifiers"))
        self.modifiers.show_options(modifiers, row.get("modifiers", ()))

    def _show_turn(self, row: Row) -> None:
        stage = row.get("stage", 1)
        offered = sorted({*STAGES, stage})
        if offered != self._stages:
            self._stages = offered
            self.stage.set_options([(str(n), stage_name(n)) for n in offered], str(stage))
        show_choice(self.stage, str(stage))
        others = _names(self._store.rows("stations"))
        others.pop(row["id"], None)
        backup = row.get("backup_id", "")
        self.backup.show_options((NOBODY, *others.items()), (backup if backup in others else "",))

    # -- setting --------------------------------------------------------------------------

    def _set(self, field: str, values: Values, words: str = "") -> None:
        self.ask(field, lambda: self._changes.ask("stations", self._row["id"], values, words))
        self.show_station(self._row["id"])  # what was refused is shown as it is

    def _set_ages(self, ages: Ages) -> None:
        before = self._row["warn_after_s"], self._row["late_after_s"]
        pairs = zip(("warn_after_s", "late_after_s"), ages, before, strict=True)
        self._set("ages", {name: seconds for name, seconds, was in pairs if seconds != was})

    def _toggle_category(self, category: str) -> None:
        self._toggle("categories", category)

    def _toggle(self, field: str, value: str, table: str = "") -> None:
        """Add what is not there, take out what is."""
        held = list(self._row.get(field, ()))
        row = self._store.row(table, value) if table else None
        name, station = row["name"] if row else value, self._row["name"]
        if value in held:
            held.remove(value)
            self._set(field, {field: held}, f"{station}: without {name}")
        else:
            self._set(field, {field: [*held, value]}, f"{station}: with {name}")


def _names(rows: Mapping[str, Row]) -> dict[str, str]:
    """`{id: name}`, in the order of the rows' places."""
    ordered = sorted(rows.values(), key=lambda row: (row.get("position", 0), row["name"]))
    return {row["id"]: row["name"] for row in ordered}
