"""The all-day counts beside the board: how many of each dish are to be made, over all tickets."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from kds.domain.all_day import Count
from kds.ui.kit import Label, Panel, by_finger
from kds.ui.kit.rowlist import Index
from kds.ui.kitchen.canvas import Canvas, wide
from kds.ui.kitchen.style import TicketStyle
from kds.ui.kitchen.text import Text
from kds.ui.kitchen.words import age_text
from kds.ui.models.all_day import AllDayModel
from kds.ui.models.keyed import ITEM_ROLE
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session

WIDTH = 330  # token pixels
FADE = 56
TICK_MS = 1000


class AllDayPanel(Panel):
    """Stands in the rail of a kitchen screen. It counts while it is hidden, and paints nothing."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("surface", padding=8, gap=6, parent=parent)
        self._session = session
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.dishes = AllDayModel(
            session.store, session.now, lambda: frozenset(session.watched), self
        )
        self.title = Label("", "title")
        self.title.setContentsMargins(look().px(8), 0, 0, 0)
        self.list = _DishList(self.dishes, session, self)
        self.more = Label("", "label", soft="true")
        self.more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.box.addWidget(self.title)
        self.box.addWidget(self.list, 1)
        self.box.addWidget(self.more)
        for signal in (
            self.dishes.caught_up,
            self.dishes.modelReset,
            self.list.verticalScrollBar().rangeChanged,
            self.list.verticalScrollBar().valueChanged,
        ):
            signal.connect(self._show_counts)
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        self._show_counts()

    def sizeHint(self) -> QSize:
        return QSize(look().px(WIDTH), super().sizeHint().height())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick()

    def _tick(self) -> None:
        self.dishes.tick()
        if self.isVisible():
            self.list.viewport().update()  # the ages
            self._show_counts()

    def _show_counts(self, *_: object) -> None:
        pieces = self.dishes.pieces
        self.title.setText(f"All day · {pieces} to make" if pieces else "All day · nothing to make")
        below = self.list.below if self.isVisible() else 0  # asking lays the list out
        self.more.setText(f"▼ {below} more" if below else "")


class _DishList(QListView):
    """Never takes the keyboard: that belongs to the board. A finger scrolls it."""

    def __init__(self, dishes: AllDayModel, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setItemDelegate(DishDelegate(session, self))
        self.setModel(dishes)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("All-day counts")
        by_finger(self)
        dishes.dataChanged.connect(self.scheduleDelayedItemsLayout)  # a note more is a line more

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.below:
            self._fade()

    def _fade(self) -> None:
        """Into the panel at the lower edge: a row that goes on under it is no whole row."""
        ground = QColor(look().theme.surface)
        edge = QRectF(self.viewport().rect())
        edge.setTop(edge.bottom() - look().px(FADE))
        fade = QLinearGradient(edge.topLeft(), edge.bottomLeft())
        fade.setColorAt(1, ground)
        ground.setAlpha(0)
        fade.setColorAt(0, ground)
        painter = QPainter(self.viewport())
        painter.fillRect(edge, fade)
        painter.end()

    @property
    def below(self) -> int:
        """How many dishes stand under the lower edge."""
        model, height = self.model(), self.viewport().height()
        rows = range(model.rowCount())
        return sum(self.visualRect(model.index(n, 0)).bottom() > height + 4 for n in rows)


class DishDelegate(QStyledItemDelegate):
    """Paints a Count: how many, of what, with what, for how long; what comes later apart."""

    def __init__(self, session: Session, view: QListView) -> None:
        super().__init__(view)
        self._session, self._view = session, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        count: Count = index.data(ITEM_ROLE)
        style = self._style(option)
        inner = self._name(count, style).height + self._notes(count, style).height
        return QSize(style.width, max(style.look.px(60), inner + style.look.px(14)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        count: Count = index.data(ITEM_ROLE)
        style = self._style(option)
        px, box = style.look.px, QRectF(option.rect)
        canvas = Canvas(painter, box, rtl=style.rtl)
        name, notes = self._name(count, style), self._notes(count, style)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        canvas.fill(QRectF(box.left() + px(4), box.bottom(), box.width() - px(8), 1), style.line)
        ink = style.text if count.now else style.soft
        number = QRectF(box.left(), box.top(), _gutter(style) - px(10), box.height())
        canvas.words(number, str(count.now or count.later), style.number, ink, "end")
        top = box.top() + (box.height() - name.height - notes.height) / 2
        name.draw(canvas, box.left() + _gutter(style), top, ink)
        notes.draw(canvas, box.left() + _gutter(style), top + name.height, style.soft)
        row = QRectF(box.left(), top, box.width() - px(6), name.line_height)
        canvas.words(row, self._age(count), style.small, style.text, "end")
        painter.restore()

    def _style(self, option: QStyleOptionViewItem) -> TicketStyle:
        rtl = option.direction == Qt.LayoutDirection.RightToLeft
        return TicketStyle(look(), self._view.viewport().width(), rtl=rtl)

    def _name(self, count: Count, style: TicketStyle) -> Text:
        room = style.width - _gutter(style) - wide("88:88", style.small) - style.look.px(12)
        return style.words(count.name, style.where, room, count.variant, style.where)

    def _notes(self, count: Count, style: TicketStyle) -> Text:
        room = style.width - _gutter(style) - style.look.px(6)
        return style.words(notes_text(count, self._station(count)), style.small, room)

    def _station(self, count: Count) -> str:
        """Its name, where the panel counts for several."""
        watched = self._session.watched
        row = self._session.store.row("stations", count.station_id)
        return "" if len(watched) == 1 or row is None else str(row["name"])

    def _age(self, count: Count) -> str:
        now: datetime = self._session.now()
        return age_text(max(0, int((now - count.since).total_seconds()))) if count.since else ""


def _gutter(style: TicketStyle) -> int:
    return style.look.px(66)


def notes_text(count: Count, station: str) -> str:
    """`3 no Onion · 2 later · Grill`; "" when there is nothing to note."""
    later = f"{count.later} later" if count.now and count.later else ""
    held = "all later" if not count.now else ""
    extras = (f"{number} {extra}" for extra, number in count.extras)
    return " · ".join(filter(None, (*extras, later, held, station)))
