"""Who is here, as overlapping discs with initials, and how many."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from kds.session.status import Person
from kds.ui.theme import ToneName, look

MOST = 4
ROLE_TONES: dict[str, ToneName] = {"kitchen": "warn", "pos": "info", "manager": "accent"}


def initials(name: str) -> str:
    """`Front till` -> `FT`, `Mia` -> `M`; never empty."""
    words = name.split()
    letters = "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words))
    return letters.upper() or "?"


class PeopleStrip(QAbstractButton):
    """Up to four discs and a count; a tap opens the list of people."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people: tuple[Person, ...] = ()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_people(())

    @property
    def words(self) -> str:
        """What stands beside the discs."""
        return str(len(self._people)) if self._people else "–"

    def set_people(self, people: Sequence[Person]) -> None:
        self._people = tuple(people)
        names = ", ".join(person.name for person in people)
        says = f"{len(people)} here: {names}" if people else "Nobody is known to be here"
        self.setToolTip(says)
        self.setAccessibleName(says)
        self.updateGeometry()
        self.update()

    def _discs(self) -> tuple[Person, ...]:
        return self._people[:MOST]

    def sizeHint(self) -> QSize:
        now = look()
        step = now.px(31)
        discs = now.px(36) + step * (len(self._discs()) - 1) if self._people else now.px(36)
        number = QFontMetrics(now.font("label")).horizontalAdvance(self.words)
        return QSize(discs + number + now.px(24), now.touch)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = look()
        theme = now.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(QColor(theme.focus), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.raised_hover))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        side, step = now.px(36), now.px(31)
        top = (self.height() - side) / 2
        for index in reversed(range(max(1, len(self._discs())))):
            box = QRectF(now.px(6) + index * step, top, side, side)
            self._disc(painter, box, self._people[index] if self._people else None)
        left = now.px(6) + side + step * max(0, len(self._discs()) - 1) + now.px(8)
        painter.setFont(now.font("label"))
        painter.setPen(QColor(theme.text))
        rest = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(
            rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.words
        )
        painter.end()

    def _disc(self, painter: QPainter, box: QRectF, person: Person | None) -> None:
        now = look()
        tone = now.theme.tones[ROLE_TONES.get(person.role, "neutral") if person else "neutral"]
        painter.setPen(QPen(QColor(now.theme.surface), 2))
        painter.setBrush(QColor(tone.soft))
        painter.drawEllipse(box)
        painter.setPen(QColor(tone.ink))
        painter.setFont(now.font_of(14, 700))
        text = initials(person.name) if person else "–"
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
