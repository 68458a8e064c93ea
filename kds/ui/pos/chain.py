"""The way of an order from this till to the pass: five linked marks, and who has it where."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kds.domain.receipts import Receipt
from kds.ui.kit.shapes import Shape, paint_shape
from kds.ui.pos.receipt_words import (
    ChainStep,
    PillWords,
    Step,
    chain,
    spoken,
    station_rows,
)
from kds.ui.theme import Look, ToneName, look

_MARK, _DISC, _GAP, _ROW = 12, 24, 6, 26  # token pixels
_TONES: dict[Step, ToneName] = {
    "done": "ok",
    "next": "info",
    "later": "neutral",
    "alarm": "danger",
}
_SHAPES: dict[Step, Shape] = {
    "done": "check",
    "next": "half",
    "later": "none",
    "alarm": "triangle",
}


class ChainView(QWidget):
    """Shows a receipt; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[ChainStep, ...] = ()
        self._stations: tuple[PillWords, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def steps(self) -> tuple[ChainStep, ...]:
        return self._steps

    @property
    def stations(self) -> tuple[str, ...]:
        """What is said of each station."""
        return tuple(text for text, _, _ in self._stations)

    def show_receipt(self, receipt: Receipt | None, zone: tzinfo | None = None) -> None:
        """Tell how the order stands, with times of `zone`."""
        self.setVisible(receipt is not None)
        if receipt is None:
            return
        self._steps = chain(receipt)
        self._stations = station_rows(receipt, zone)
        self.setAccessibleName(spoken(receipt))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        now = look()
        rows = len(self._stations)
        return QSize(now.px(300), now.px(_DISC + _GAP + _ROW) + rows * now.px(_ROW) + now.px(_GAP))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    # -- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        now = look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_links(painter, now)
        for number, step in enumerate(self._steps):
            self._paint_step(painter, now, number, step)
        for number, station in enumerate(self._stations):
            self._paint_station(painter, now, number, station)
        painter.end()

    def _middle(self, number: int, now: Look) -> QPointF:
        width = self.width() / max(1, len(self._steps))
        return QPointF(width * (number + 0.5), now.px(_DISC) / 2)

    def _paint_links(self, painter: QPainter, now: Look) -> None:
        for number, step in enumerate(self._steps[1:], 1):
            done = step.step == "done"
            ink = now.theme.tones["ok"].ink if done else now.theme.line
            painter.setPen(QPen(QColor(ink), now.px(3)))
            painter.drawLine(self._middle(number - 1, now), self._middle(number, now))

    def _paint_step(self, painter: QPainter, now: Look, number: int, step: ChainStep) -> None:
        tone, side = now.theme.tones[_TONES[step.step]], now.px(_DISC)
        disc = QRectF(0, 0, side, side)
        disc.moveCenter(self._middle(number, now))
        painter.setBrush(QColor(tone.soft))
        painter.setPen(
            QPen(QColor(tone.ink if step.step != "later" else now.theme.line), now.px(2))
        )
        edge = now.px(1)
        painter.drawEllipse(disc.adjusted(edge, edge, -edge, -edge))
        mark = QRectF(0, 0, now.px(_MARK), now.px(_MARK))
        mark.moveCenter(disc.center())
        paint_shape(painter, _SHAPES[step.step], mark, QColor(tone.ink))
        ink = {"done": now.theme.text, "later": now.theme.text_faint}.get(step.step, tone.ink)
        painter.setFont(now.font_of(14, 500 if step.step == "later" else 650))
        painter.setPen(QColor(ink))
        width = self.width() / len(self._steps)
        box = QRectF(width * number, side + now.px(_GAP), width, now.px(_ROW))
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, step.text)

    def _paint_station(self, painter: QPainter, now: Look, number: int, station: PillWords) -> None:
        text, tone, shape = station
        top = now.px(_DISC + _GAP + _ROW) + number * now.px(_ROW)
        box = QRectF(now.px(4), top, self.width() - now.px(4), now.px(_ROW))
        side = now.px(_MARK)
        mark = QRectF(box.left(), box.center().y() - side / 2, side, side)
        paint_shape(painter, shape, mark, QColor(now.theme.tones[tone].ink))
        box.setLeft(mark.right() + now.px(10))
        painter.setFont(now.font("caption"))
        alarming = tone == "danger"
        painter.setPen(QColor(now.theme.tones[tone].ink if alarming else now.theme.text_soft))
        short = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(box.width())
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)
