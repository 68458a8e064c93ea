"""What stands on the glass: paints the parts of a page, and knows which of them have changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QRegion

from kds.ui.kitchen.board import Board, Hit
from kds.ui.kitchen.faces import Face
from kds.ui.kitchen.layout import Segment
from kds.ui.kitchen.paint import Dress, Sheet
from kds.ui.kitchen.pictures import Pictures


@dataclass(frozen=True, slots=True)
class Scene:
    """A page at a moment, with what is selected and what a finger is on."""

    page: int
    now: datetime
    here: Hit | None = None
    pressed: Hit | None = None


class Glass:
    """Remembers what it has painted: a part is painted again when it stands elsewhere, shows
    something else, or is gone; of the rest only what the clock moves.

    Between two ticks the clock stands still: else a part that is painted for another reason would
    count as up to date where it was not painted.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._pictures = Pictures()
        self._shown: dict[Segment, tuple[Sheet, QRectF, str]] = {}
        self._faces: dict[Segment, tuple[Sheet, Face]] = {}
        self._bright = False  # the half of the pulse of late tickets

    def differences(self, page: int) -> Iterator[QRectF]:
        """What is to be painted again since the last time that this was asked."""
        hints = self._hints(page)
        shown = {
            part: (self._board.sheet(part.key), self._board.box(part), hints.get(part.key, ""))
            for part in self._board.page(page)
        }
        before, self._shown = self._shown, shown
        self._pictures.keep({(part.key, part.part) for part in shown})
        for part in before.keys() | shown.keys():
            if before.get(part) != shown.get(part):
                for _, box, _ in filter(None, (before.get(part), shown.get(part))):
                    yield box

    def ticking(self, now: datetime) -> Iterator[QRectF]:
        """What the clock has moved since it was painted; late tickets pulse."""
        self._bright = not self._bright
        for segment, (sheet, was) in self._faces.items():
            if self._board.sheet_of(segment) is not sheet:
                continue  # about to be painted
            face, box = sheet.face(segment, now), self._board.box(segment)
            self._faces[segment] = sheet, face
            if face.lasting != was.lasting:
                yield box
            else:
                yield from sheet.ticking(segment, box, was, face)

    # -- painting -------------------------------------------------------------------------

    def paint(self, painter: QPainter, dirty: QRegion, scene: Scene) -> None:
        """The parts of the page that a dirty region touches."""
        hints = self._hints(scene.page)
        before, self._faces = self._faces, {}
        for segment in self._board.page(scene.page):
            sheet, box = self._board.sheet(segment.key), self._board.box(segment)
            known, face = before.get(segment, (None, None))
            if known is not sheet or face is None:
                face = sheet.face(segment, scene.now)
            self._faces[segment] = sheet, face
            if dirty.intersects(box.toAlignedRect()):
                self._paint(painter, segment, box, self._dress(segment, face, hints, scene))

    def _paint(self, painter: QPainter, segment: Segment, box: QRectF, dress: Dress) -> None:
        sheet = self._board.sheet(segment.key)
        if dress.touched:
            sheet.draw(painter, segment, box, dress)
        else:
            ratio = painter.device().devicePixelRatioF()
            picture = self._pictures.of(sheet, segment, box, dress, ratio)
            painter.drawPixmap(box.topLeft(), picture)
        sheet.draw_over(painter, segment, box, dress)

    def _dress(self, segment: Segment, face: Face, hints: Mapping[str, str], scene: Scene) -> Dress:
        here, pressed = _on(segment.key, scene.here), _on(segment.key, scene.pressed)
        return Dress(
            face=face,
            hint=hints.get(segment.key, ""),
            chosen=here is not None,
            line_id=here.line_id if here else "",
            pressed=(pressed.line_id or "ticket") if pressed else "",
            pulse=self._bright and face.age.level == "late",
        )

    def _hints(self, page: int) -> dict[str, str]:
        """The keys of the first nine tickets on the page."""
        shown = self._board.tickets_on(page)
        return {key: str(number) for number, key in enumerate(shown[:9], 1)}


def _on(order_id: str, hit: Hit | None) -> Hit | None:
    return hit if hit is not None and hit.order_id == order_id else None
