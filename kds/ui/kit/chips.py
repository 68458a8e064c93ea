"""Small statements: a shape, a few words, a tone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from kds.ui.kit.direction import isolated
from kds.ui.kit.shapes import Shape, paint_shape
from kds.ui.theme import ToneName, look

_RING = 4  # token pixels around the pill of a button, for its ring


class Pill(QWidget):
    """A state in shape, text and colour: `Pill("Late", "danger", "triangle")`."""

    def __init__(
        self,
        text: str = "",
        tone: ToneName = "neutral",
        shape: Shape = "none",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._said = (text, tone, shape)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        return self._said[0]

    @property
    def tone(self) -> ToneName:
        return self._said[1]

    def set(self, text: str, tone: ToneName = "neutral", shape: Shape = "none") -> None:
        """Say something else; nothing happens when it is the same."""
        said = (text, tone, shape)
        if said == self._said:
            return
        self._said = said
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        text, _, shape = self._said
        return pill_size(text, shape)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_pill(painter, QRectF(self.rect()), *self._said)
        painter.end()


class PillButton(QAbstractButton):
    """A pill that opens something: as high as a finger needs, the pill in its middle.

    `widest`: words that it always has room for, so that its neighbours do not jump.
    """

    def __init__(self, widest: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said: tuple[str, ToneName, Shape] = ("", "neutral", "none")
        self._widest = widest
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the keyboard alone
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(bool(widest))
        self.setSizePolicy(policy)

    @property
    def words(self) -> str:
        """What the pill says."""
        return self._said[0]

    @property
    def tone(self) -> ToneName:
        return self._said[1]

    def set(self, text: str, tone: ToneName = "neutral", shape: Shape = "none") -> None:
        """Say something else; nothing happens when it is the same."""
        said = (text, tone, shape)
        if said != self._said:
            self._said = said
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        text, _, shape = self._said
        size = pill_size(text, shape)
        if self._widest:
            size = size.expandedTo(pill_size(self._widest, "dot"))
        return QSize(size.width() + 2 * look().px(_RING), look().touch)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = look()
        text, tone, shape = self._said
        size = pill_size(text, shape)
        top = (self.height() - size.height()) / 2
        box = QRectF(now.px(_RING), top, size.width(), size.height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            ring = now.theme.focus if self.hasFocus() else now.theme.tones[tone].ink
            around = box.adjusted(-2, -2, 2, 2)
            painter.setPen(QPen(QColor(ring), 2))
            painter.drawRoundedRect(around, around.height() / 2, around.height() / 2)
        paint_pill(painter, box, text, tone, shape)
        painter.end()


def pill_size(text: str, shape: Shape) -> QSize:
    """How much room a pill takes."""
    now = look()
    width = QFontMetrics(now.font_of(15, 600)).horizontalAdvance(text) + 2 * now.px(12)
    mark = now.px(12) + (now.px(8) if text else 0) if shape != "none" else 0
    return QSize(width + mark, now.px(32))


def paint_pill(
    painter: QPainter, box: QRectF, text: str, tone_name: ToneName, shape: Shape
) -> None:
    """Draw a pill that fills `box`."""
    now = look()
    tone = now.theme.tones[tone_name]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tone.soft))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    inner = box.adjusted(now.px(12), 0, -now.px(12), 0)
    if shape != "none":
        side = now.px(12)
        mark = QRectF(inner.left(), box.center().y() - side / 2, side, side)
        paint_shape(painter, shape, mark, QColor(tone.ink))
        inner.setLeft(mark.right() + now.px(8))
    painter.setPen(QColor(tone.ink))
    painter.setFont(now.font_of(15, 600))
    beside = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute  # as the mark is
    align = Qt.AlignmentFlag.AlignVCenter | beside
    painter.drawText(inner, align, isolated(text))
