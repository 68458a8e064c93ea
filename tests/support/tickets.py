"""Tickets made by hand, without rows: what the board paints, in all its variety."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kds.domain.tickets import Question, Ticket, TicketLine
from tests.support.qt import NOON

LONG_WORD = "Donaudampfschifffahrtsgesellschaftsschnitzel"
LONG_NOTE = "no sauce on top, the fries on a plate of their own, please, and " * 3
ARABIC, HEBREW = "شاورما دجاج مع الثوم والبطاطس", "פלאפל בפיתה עם טחינה"


def after(seconds: float) -> datetime:
    """So long after NOON."""
    return NOON + timedelta(seconds=seconds)


def line(line_id: str, name: str = "Hawaiian", qty: int = 1, **fields: Any) -> TicketLine:
    given: dict[str, Any] = {"variant": "", "added": (), "removed": (), "allergens": (), "note": ""}
    given |= {"course": 1, "seat": None, "station_id": "pizza", "state": "sent"}
    return TicketLine(line_id, qty, name, **{**given, **fields})


def ticket(key: str, *lines: TicketLine, age_s: int = 60, **fields: Any) -> Ticket:
    given: dict[str, Any] = {"number": f"A-{key}", "type": "dine_in", "table_name": "4"}
    given |= {"customer": "", "server": "Mia", "note": "", "rush": False}
    given |= {"placed_at": after(-age_s), "lines": lines}
    return Ticket(key, **{**given, **fields})


def every_kind() -> list[Ticket]:
    """One ticket each of what makes a kitchen's life hard."""
    gone = line("f3", LONG_WORD, state="void", flag="void", removed=("Onion",))
    asked = Question("q1", "Is the child's pizza cut?", ("Yes", "No"), "Jo", NOON)
    told = Question("q2", "Rare or medium?", (), "Jo", NOON, "Medium, both", "Mia")
    many = ("egg", "gluten", "milk", "celery", "mustard", "sulphites")
    return [
        ticket("001", line("a1", qty=2, removed=("Onion",), allergens=many), rush=True, vip=True),
        ticket("002", line("b1", qty=120, added=(LONG_WORD,)), age_s=6000, promised_at=after(-65)),
        ticket("003", line("c1", LONG_WORD, variant="XL", note=LONG_NOTE), note=LONG_NOTE),
        ticket("004", line("d1", ARABIC, 2, note=ARABIC), table_name="طاولة ٧", server="أحمد"),
        ticket("005", line("e1", HEBREW, 3, removed=("בצל",)), type="takeaway", table_name=""),
        ticket(
            "006",
            line("f1", qty=3, flag="qty", was_qty=2),
            line("f2", "Burger \U0001f354", flag="added", batch=1, sent_at=NOON),
            gone,
            server="Maximiliane-Charlotte",
        ),
        ticket(
            "007",
            line("g1", state="ready"),
            line("g2", course=2, held=True, seat=3),
            line("g3", course=3, fire_at=after(240)),
            table_name="Gartenzimmr1",
        ),
        ticket("008", line("h1", state="started"), questions=(asked, told), coming=2, vip=True),
    ]
