"""The menu as the cashier sees it: search, categories, and a grid of tiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from kds.base.money import format_money
from kds.domain.rows import Row
from kds.domain.words import category_name
from kds.ui.kit import EmptyState, Label, Panel, SearchField, SegmentedControl, scrolling
from kds.ui.pos.quick import Match, find, menu_order, price_of
from kds.ui.pos.tile import ItemTile
from kds.ui.theme import look

TILE_WIDTH = 236
SEARCH_WIDTH = 260
EVERYTHING = "*"
HELP = "Tap a size to add it, the name for wishes. Or type: 2 haw l, Enter."


class MenuPanel(Panel):
    """Tiles of the chosen category, or of what the search finds. Enter adds the best match."""

    added = Signal(str, str, int)  # item id, variant, quantity
    asked = Signal(str)
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("ground", padding=0, parent=parent)
        self._items: dict[str, Row] = {}
        self._currency = "USD"
        self.tiles: dict[str, ItemTile] = {}
        self._shown: list[str] = []
        self.search = SearchField("Find: 2 haw l")
        self.search.textChanged.connect(self._refresh)
        self.search.installEventFilter(self)
        self._hint = Label("", "caption", soft="true")
        self.categories = SegmentedControl([])
        self.categories.chosen.connect(self._refresh)
        top = Panel("ground", horizontal=True, padding=0)
        top.box.addWidget(self.search, 1)
        top.box.addWidget(self.categories)
        self._top = top
        self.box.addWidget(top)
        self.box.addWidget(self._hint)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        inner.setLayout(self._grid)
        self._area = scrolling(inner)
        self._empty = EmptyState("No menu yet", "It appears with the first connection.", "orders")
        self.box.addWidget(self._area, 1)
        self.box.addWidget(self._empty, 1)
        self._refresh()

    # -- what it shows ----------------------------------------------------------------------

    def set_menu(self, items: Iterable[Row], currency: str) -> None:
        """The branch's menu; tiles whose item is the same are kept."""
        self._items = {item["id"]: item for item in sorted(items, key=menu_order)}
        if currency != self._currency:
            self._drop(self.tiles)
        self._currency = currency
        self._drop(set(self.tiles) - set(self._items))
        for item in self._items.values():
            self._put(item)
        self._set_categories()
        self._refresh()

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """How many of each item are in the cart."""
        for item_id, tile in self.tiles.items():
            tile.set_count(counts.get(item_id, 0))

    @property
    def best(self) -> Match | None:
        """What Enter would add; None while nothing is typed or found."""
        if not self.search.text().strip():
            return None
        return next(iter(find(self.search.text(), self._items.values())), None)

    @property
    def hint(self) -> str:
        return self._hint.text()

    @property
    def shown(self) -> tuple[str, ...]:
        """The ids of the items in the grid, in order."""
        return tuple(self._shown)

    def choose_category(self, index: int) -> None:
        """The n-th tab, from 0; nothing when there are fewer."""
        values = [EVERYTHING, *self._categories()]
        if index < len(values):
            self.categories.choose(values[index])

    # -- keys -------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and not self.search.text():
                event.ignore()  # an empty field has nothing to undo or delete: the till has
                return True
            if event.type() == QEvent.Type.KeyPress and _is_enter(event):
                self._add_best()
                return True
        return super().eventFilter(watched, event)

    def _add_best(self) -> None:
        best = self.best
        if best is None:
            return
        if best.item["out_since"] is not None:
            self.refused.emit(best.item["id"])
            return
        self.added.emit(best.item["id"], best.variant, best.qty)
        self.search.clear()

    # -- laying out -------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_grid"):
            self._lay()

    def _put(self, item: Row) -> None:
        tile = self.tiles.get(item["id"])
        if tile is not None and tile.item["variants"] == item["variants"]:
            tile.set_item(item)
            return
        self._drop([item["id"]])
        tile = ItemTile(item, self._currency)
        tile.added.connect(lambda item_id, variant: self.added.emit(item_id, variant, 1))
        tile.asked.connect(self.asked)
        tile.refused.connect(self.refused)
        self.tiles[item["id"]] = tile

    def _drop(self, item_ids: Iterable[str]) -> None:
        for item_id in list(item_ids):
            if tile := self.tiles.pop(item_id, None):
                self._grid.removeWidget(tile)
                tile.deleteLater()

    def _categories(self) -> list[str]:
        return list(dict.fromkeys(item["category"] for item in self._items.values()))

    def _set_categories(self) -> None:
        names = [(name, category_name(name)) for name in self._categories()]
        self.categories.set_options([(EVERYTHING, "All"), *names], self.categories.value)

    def _refresh(self) -> None:
        typed, category = self.search.text().strip(), self.categories.value
        if typed:
            wanted = [match.item["id"] for match in find(typed, self._items.values())]
        else:
            wanted = [
                item["id"]
                for item in self._items.values()
                if category in ("", EVERYTHING, item["category"])
            ]
        self._shown = wanted
        self._hint.setText(self._words(typed))
        self._hint.setVisible(bool(self._items))
        self._hint.set_tone("accent" if self.best else None)
        self._say_empty(typed)
        self._lay()

    def _words(self, typed: str) -> str:
        best = self.best
        if best is None:
            return f"Nothing is called “{typed}”" if typed else HELP
        if best.item["out_since"] is not None:
            return f"{best.item['name']} is out"
        price = (price_of(best.item, best.variant) or 0) * best.qty
        name = " ".join(filter(None, (best.item["name"], best.variant)))
        return f"Enter adds {best.qty} × {name} · {format_money(price, self._currency)}"

    def _say_empty(self, typed: str) -> None:
        if typed:
            self._empty.set("Nothing found", "Escape shows the whole menu again.", "search")
        else:
            self._empty.set(
                "No menu yet", "It appears here as soon as this till has connected once.", "orders"
            )
        self._empty.setVisible(not self._shown)
        self._area.setVisible(bool(self._shown))
        self._top.setVisible(bool(self._items))

    def _lay_top(self) -> None:
        """Search beside the categories, or above them where there is no room for both."""
        needed = self.categories.sizeHint().width() + look().px(SEARCH_WIDTH)
        direction = QBoxLayout.Direction
        self._top.box.setDirection(
            direction.LeftToRight if needed <= self.width() else direction.TopToBottom
        )

    def _lay(self) -> None:
        self._lay_top()
        gap = look().px(12)
        room = max(1, self.width() - self._area.verticalScrollBar().sizeHint().width())
        least = max(look().px(TILE_WIDTH), 3 * look().touch + look().px(36))  # three sizes abreast
        columns = max(1, (room + gap) // (least + gap))
        plan = (columns, gap, tuple(self._shown), tuple(map(id, self.tiles.values())))
        if plan == getattr(self, "_plan", None):
            return
        self._plan = plan
        self._grid.setSpacing(gap)
        for tile in self.tiles.values():
            self._grid.removeWidget(tile)
            if tile.item["id"] not in self._shown:
                tile.hide()
        for index, item_id in enumerate(self._shown):
            tile = self.tiles[item_id]
            self._grid.addWidget(tile, *divmod(index, columns))
            tile.show()
        self._stretch(columns)

    def _stretch(self, columns: int) -> None:
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
            self._grid.setColumnMinimumWidth(column, 0)
        rows = -(-len(self._shown) // columns)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(rows, 1)


def _is_enter(event: QKeyEvent) -> bool:
    """Enter alone; with Control it sends the order."""
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and plain == Qt.KeyboardModifier.NoModifier
