"""Messages that come in parts, because a NOTIFY carries less than 8,000 bytes. Pure.

The form of a part is said in `hub/platform/30_realtime.sql`.
"""

from __future__ import annotations


class Parts:
    """Joins the parts of one message after the other."""

    def __init__(self) -> None:
        self._id = ""
        self._texts: list[str] = []

    def take(self, notification: str) -> str | None:
        """The whole text with its last part, None until then.

        ValueError for what is no part, or not the next one; that message is given up.
        """
        id_, number, of, text = notification.split(" ", 3)
        if int(number) == 1:
            self._id, self._texts = id_, []
        if (id_, int(number)) != (self._id, len(self._texts) + 1):
            self._id = ""
            raise ValueError(f"part {number} of message {id_} comes out of turn")
        self._texts.append(text)
        return "".join(self._texts) if number == of else None
