"""What the kitchen calls things. Pure."""

from __future__ import annotations

from datetime import datetime, tzinfo

from kds.domain.words import table_words

TYPE_NAMES = {"dine_in": "Dine in", "takeaway": "Takeaway", "delivery": "Delivery"}


def whose(order_type: str, table_name: str, customer: str) -> str:
    """`Table 4`, `Terrace 3`, `Takeaway · Kim`, `Delivery`."""
    if order_type == "dine_in" and table_name:
        return table_words(table_name)
    return " · ".join(filter(None, (TYPE_NAMES[order_type], table_name or customer)))


def age_text(seconds: int) -> str:
    """`552` -> `9:12`, `4335` -> `72:15`; from 100 minutes on `1h40`."""
    minutes, seconds = divmod(seconds, 60)
    if minutes < 100:
        return f"{minutes}:{seconds:02d}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02d}"


def ago_text(now: datetime, then: datetime) -> str:
    """`just now`, `4 min ago`, `2 h ago`; never in the future."""
    minutes = max(0, int((now - then).total_seconds())) // 60
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 60 else f"{minutes // 60} h ago"


def time_text(moment: datetime, zone: tzinfo) -> str:
    """The time of day on the branch's wall: `19:45`."""
    return f"{moment.astimezone(zone):%H:%M}"


def wait_text(now: datetime, until: datetime) -> str:
    """`4:00` until something is to be begun, whole seconds rounded up; "" once it is time."""
    seconds = -int((now - until).total_seconds() // 1)
    return age_text(seconds) if seconds > 0 else ""


def due_in_text(now: datetime, due: datetime) -> str:
    """`4:10 left`, `1:05 over`."""
    left = wait_text(now, due)
    return f"{left} left" if left else f"{age_text(int((now - due).total_seconds()))} over"


def coming_text(coming: int, done_before: int) -> str:
    """`2 more coming · 3 done`; "" when that is all there is."""
    more = f"{coming} more coming" if coming else ""
    return " · ".join(filter(None, (more, f"{done_before} done" if done_before else "")))
