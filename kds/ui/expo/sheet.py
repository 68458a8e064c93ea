"""An order at the pass, laid out like a ticket: the same head, rows of its own."""

from __future__ import annotations

from datetime import datetime

from kds.ui.expo.rows import PassRow, pass_rows
from kds.ui.kitchen.faces import Face
from kds.ui.kitchen.layout import Segment
from kds.ui.kitchen.paint import Sheet


class PassSheet(Sheet):
    """A ticket whose rows tell, each by itself, what the clock makes of them."""

    make_rows = staticmethod(pass_rows)

    def face(self, segment: Segment, now: datetime) -> Face:
        said = (
            (number, row.says(now))
            for number in range(segment.first, segment.last)
            if isinstance(row := self.rows[number], PassRow)
        )
        return Face.of(self.ticket, now, tuple(words for words in said if words[1]))
