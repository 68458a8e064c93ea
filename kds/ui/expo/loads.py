"""How busy every station is, in a row over the pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kds.domain.coverage import Load, loads
from kds.domain.rows import Row
from kds.domain.tickets import AgeLevel
from kds.ui.expo.words import age_of
from kds.ui.kit.direction import isolated
from kds.ui.kit.shapes import Shape, paint_shape
from kds.ui.kitchen.canvas import mirrored
from kds.ui.theme import ToneName, look

if TYPE_CHECKING:
    from kds.session.session import Session

_LOOKS: dict[AgeLevel, tuple[ToneName, Shape]] = {
    "calm": ("neutral", "ring"),
    "warn": ("warn", "half"),
    "late": ("danger", "triangle"),
}
_START = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_END = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class LoadWord:
    """What is said of one station: `Grill`, `12 · 6:12`. `short`: the same where there is no room
    for it beside the name."""

    name: str
    text: str
    short: str
    tone: ToneName
    shape: Shape


def load_word(station: Row, load: Load, by: str, *, dark: bool, now: datetime) -> LoadWord:
    """`by`: the name of the station that stands in, or ""; `dark`: nobody reads its screen."""
    name, count = str(station["name"]), str(load.open or "free")
    waits = f"{count} · {age_of(load.oldest, now)}" if load.open else count
    if by:
        return LoadWord(name, f"→ {by} · {waits}", f"→ {by}", "info", "diamond")
    if dark:
        return LoadWord(name, f"{waits} · screen dark", f"{count} · dark", "danger", "cross")
    tone, shape = _LOOKS[_level(station, load, now)]
    return LoadWord(name, waits, count, tone, shape)


def _level(station: Row, load: Load, now: datetime) -> AgeLevel:
    age = (now - load.oldest).total_seconds() if load.oldest else 0
    if age >= station["late_after_s"]:
        return "late"
    return "warn" if age >= station["warn_after_s"] else "calm"


class LoadStrip(QWidget):
    """Stations side by side, in the kitchen's order; `refresh` looks at the store and the clock."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.words: tuple[LoadWord, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def refresh(self) -> None:
        words = self._read()
        if words != self.words:
            self.words = words
            self.setAccessibleName(", ".join(f"{word.name} {word.text}" for word in words))
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(300), look().px(52))

    def _read(self) -> tuple[LoadWord, ...]:
        session, now = self._session, self._session.now()
        store = session.store
        stations = store.rows("stations")
        dark = {offer.station_id for offer in session.coverage.offers if offer.kind == "dark"}
        known = loads(store.open_lines(), now)
        rows = sorted(stations.values(), key=lambda row: (row["position"], row["id"]))
        return tuple(
            load_word(
                row,
                known.get(row["id"], Load()),
                str(stations.get(row.get("covered_by", ""), {}).get("name", "")),
                dark=row["id"] in dark,
                now=now,
            )
            for row in rows
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.words:
            gap = look().px(12)
            each = (self.width() - gap * (len(self.words) + 1)) / len(self.words)
            each = min(each, look().px(420))
            for number, word in enumerate(self.words):
                left = gap + number * (each + gap)
                box = QRectF(left, gap / 2, each, self.height() - gap / 2)
                self._paint(painter, self._place(box, QRectF(self.rect())), word)
        painter.end()

    def _place(self, box: QRectF, within: QRectF) -> QRectF:
        """Where a box of the reading order stands."""
        return mirrored(box, within) if self.isRightToLeft() else box

    def _paint(self, painter: QPainter, box: QRectF, word: LoadWord) -> None:
        now = look()
        tone, px = now.theme.tones[word.tone], now.px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.soft))
        painter.drawRoundedRect(box, px(10), px(10))
        side, ink = px(18), QColor(tone.ink)
        mark = QRectF(box.left() + px(12), box.center().y() - side / 2, side, side)
        paint_shape(painter, word.shape, self._place(mark, box), ink)
        name, text = now.font_of(21, 700), now.font_of(21, 600)
        painter.setPen(ink)
        row = self._place(box.adjusted(px(12) + side + px(10), 0, -px(12), 0), box)
        called = QFontMetrics(name)
        room = row.width() - called.horizontalAdvance(word.name) - px(8)
        fits = QFontMetrics(text).horizontalAdvance(word.text) <= room
        said = word.text if fits else word.short
        room = row.width() - QFontMetrics(text).horizontalAdvance(said) - px(8)
        painter.setFont(name)
        short = called.elidedText(word.name, Qt.TextElideMode.ElideRight, int(max(0, room)))
        painter.drawText(row, _START, isolated(short))
        painter.setFont(text)
        painter.drawText(row, _END, isolated(said))
