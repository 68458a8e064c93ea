"""A painted list of things that are read in a row: orders, stock, notices, people.

One view paints every row from what `describe` says of its item, so a long list costs as much as
what is seen of it. The model's AccessibleTextRole is what a screen reader says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from kds.ui.kit.breaks import two_lines
from kds.ui.kit.direction import isolated
from kds.ui.kit.icons import pixmap
from kds.ui.kit.scrolling import by_finger
from kds.ui.kit.shapes import Shape, paint_shape
from kds.ui.theme import Look, ToneName, look

ITEM_ROLE = int(Qt.ItemDataRole.UserRole)  # as `models.keyed` has it; the kit knows no models
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class RowSpec:
    """What one row says. `badge` is an icon's name, or up to three letters, in a disc of `tone`.

    `bar`: how full (0.0 to 1.0), where the threshold is (below 0: none), and its tone.
    """

    title: str
    subtitle: str = ""
    badge: str = ""
    badge_is_icon: bool = True
    tone: ToneName = "neutral"
    value: str = ""
    pill: tuple[str, ToneName, Shape] | None = None
    bar: tuple[float, float, ToneName] | None = None
    fresh: bool = False  # marked with a dot: not seen yet
    faint: bool = False


Describe = Callable[[Any], RowSpec]


class RowDelegate(QStyledItemDelegate):
    """Paints `RowSpec`s."""

    def __init__(self, describe: Describe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._describe = describe

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look().px(200), look().px(88))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        spec = self._describe(index.data(ITEM_ROLE))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = look()
        state = option.state
        rect = option.rect
        box = QRectF(rect).adjusted(0, now.px(3), 0, -now.px(3))
        _ground(painter, box, state, now)
        inner = box.adjusted(now.px(16), 0, -now.px(16), 0)
        if spec.badge:
            inner.setLeft(_badge(painter, inner, spec, now) + now.px(14))
        inner.setRight(_right(painter, inner, spec, now) - now.px(14))
        if spec.bar is not None:
            inner.setRight(_bar(painter, inner, spec.bar, now) - now.px(20))
        _words(painter, inner, spec, now)
        painter.restore()


def _ground(painter: QPainter, box: QRectF, state: QStyle.StateFlag, now: Look) -> None:
    theme = now.theme
    chosen = bool(state & QStyle.StateFlag.State_Selected)
    hover = bool(state & QStyle.StateFlag.State_MouseOver)
    painter.setBrush(
        QColor(theme.tones["accent"].soft if chosen else theme.raised if hover else theme.surface)
    )
    edge = theme.accent if chosen else theme.line
    painter.setPen(QPen(QColor(edge), 2 if chosen else 1))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), now.px(10), now.px(10))


def _badge(painter: QPainter, inner: QRectF, spec: RowSpec, now: Look) -> float:
    """A disc on the left; where it ends."""
    side = now.px(48)
    disc = QRectF(inner.left(), inner.center().y() - side / 2, side, side)
    tone = now.theme.tones[spec.tone]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tone.soft))
    painter.drawEllipse(disc)
    if spec.badge_is_icon:
        small = now.px(26)
        ratio = painter.device().devicePixelRatioF()
        picture = pixmap(spec.badge, tone.ink, small, ratio)
        corner = disc.center() - QPointF(small / 2, small / 2)
        painter.drawPixmap(corner.toPoint(), picture)
    else:
        _text(painter, disc, spec.badge, now.font_of(18, 700), tone.ink, _CENTER)
    if spec.fresh:
        dot = now.px(14)
        painter.setBrush(QColor(now.theme.accent))
        painter.setPen(QPen(QColor(now.theme.surface), 2))
        painter.drawEllipse(QRectF(disc.right() - dot, disc.top(), dot, dot))
    return disc.right()


def _right(painter: QPainter, inner: QRectF, spec: RowSpec, now: Look) -> float:
    """The value over the pill, or either alone, on the right; where they begin."""
    least = now.px(130) if spec.bar is not None else 0  # bars stand in the same place
    left = inner.right() - least
    both = bool(spec.value) and spec.pill is not None
    if spec.value:
        font = now.font_of(20, 700)
        width = QFontMetricsF(font).horizontalAdvance(spec.value)
        box = QRectF(inner.right() - width, inner.top(), width, inner.height())
        if both:
            box.setBottom(inner.center().y() - now.px(1))
        ink = now.theme.text_faint if spec.faint else now.theme.text
        align = Qt.AlignmentFlag.AlignRight
        align |= Qt.AlignmentFlag.AlignBottom if both else Qt.AlignmentFlag.AlignVCenter
        _text(painter, box, spec.value, font, ink, align)
        left = min(left, box.left())
    if spec.pill is not None:
        middle = inner.center().y() + (now.px(17) if both else 0)
        left = min(left, _pill(painter, inner.right(), middle, spec.pill, now))
    return left


def _pill(
    painter: QPainter, right: float, middle: float, pill: tuple[str, ToneName, Shape], now: Look
) -> float:
    text, tone_name, shape = pill
    tone, font = now.theme.tones[tone_name], now.font_of(15, 650)
    mark = now.px(12) + now.px(7) if shape != "none" else 0
    width = QFontMetricsF(font).horizontalAdvance(text) + mark + now.px(22)
    box = QRectF(right - width, middle - now.px(14), width, now.px(28))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tone.soft))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    inner = box.adjusted(now.px(11), 0, -now.px(11), 0)
    if shape != "none":
        side = now.px(12)
        spot = QRectF(inner.left(), box.center().y() - side / 2, side, side)
        paint_shape(painter, shape, spot, QColor(tone.ink))
        inner.setLeft(spot.right() + now.px(7))
    _text(painter, inner, text, font, tone.ink, _LEFT)
    return box.left()


def _bar(painter: QPainter, inner: QRectF, bar: tuple[float, float, ToneName], now: Look) -> float:
    """A level in the middle of the row, in the same place in every row; where it begins."""
    fill, mark, tone = bar
    width = inner.width() * 0.42
    left = inner.left() + inner.width() - width
    left = min(left, inner.right() - now.px(60))
    height = now.px(12)
    track = QRectF(left, inner.center().y() - height / 2, inner.right() - left, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(now.theme.sunken))
    painter.drawRoundedRect(track, height / 2, height / 2)
    if fill > 0:
        filled = QRectF(track)
        filled.setWidth(max(height, track.width() * min(1.0, fill)))
        painter.setBrush(QColor(now.theme.tones[tone].solid))
        painter.drawRoundedRect(filled, height / 2, height / 2)
    if 0 <= mark <= 1:
        painter.setBrush(QColor(now.theme.text))
        x = track.left() + track.width() * mark
        painter.drawRect(QRectF(x - 1, track.top() - now.px(5), 2, height + now.px(10)))
    return track.left()


def _words(painter: QPainter, inner: QRectF, spec: RowSpec, now: Look) -> None:
    """The title in up to two lines, over the subtitle; together in the middle of the row."""
    theme = now.theme
    title, caption = now.font_of(18, 650), now.font("caption")
    lines = _title_lines(spec.title, title, inner.width())
    step, below = QFontMetricsF(title).height(), QFontMetricsF(caption).height()
    high = step * len(lines) + (now.px(4) + below if spec.subtitle else 0)
    box = QRectF(inner.left(), inner.center().y() - high / 2, inner.width(), step)
    ink = theme.text_faint if spec.faint else theme.text
    for line in lines:
        _text(painter, box, line, title, ink, _LEFT)
        box.translate(0, step)
    if spec.subtitle:
        soft = theme.text_faint if spec.faint else theme.text_soft
        box.translate(0, now.px(4))
        box.setHeight(below)
        _text(painter, box, _short(spec.subtitle, caption, box.width()), caption, soft, _LEFT)


def _title_lines(text: str, font: QFont, room: float) -> tuple[str, ...]:
    metrics = QFontMetricsF(font)
    *before, last = two_lines(text, lambda part: metrics.horizontalAdvance(part) <= room)
    return (*before, _short(last, font, room))


def _short(text: str, font: QFont, room: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)


_CENTER = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _text(
    painter: QPainter, box: QRectF, text: str, font: QFont, ink: str, align: Qt.AlignmentFlag
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    painter.drawText(box, int(align), isolated(text))


class RowList(QListView):
    """A list of rows; `activated` (a tap or Enter) and `selectionModel()` as in every view.

    `ages`: rows tell relative times and are painted again every half minute.
    """

    def __init__(
        self,
        model: QAbstractItemModel,
        describe: Describe,
        parent: QWidget | None = None,
        *,
        ages: bool = False,
        selectable: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(RowDelegate(describe, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(
            QListView.SelectionMode.SingleSelection
            if selectable
            else QListView.SelectionMode.NoSelection
        )
        self.viewport().setAutoFillBackground(False)
        by_finger(self)
        if ages:
            self._timer = QTimer(self, interval=30_000)
            self._timer.timeout.connect(self.viewport().update)
            self._timer.start()
