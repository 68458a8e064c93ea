"""When an order is to be made and ready, in the words of front of house. Pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from kds.domain.cart import Cart
from kds.domain.quote import Quote
from kds.domain.rows import Pacing

PACINGS: tuple[tuple[Pacing, str], ...] = (
    ("at_once", "All at once"),
    ("auto", "Course by course"),
    ("manual", "I fire"),
)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h ]?(\d{2}))?")


def clock_time(text: str, now: datetime) -> datetime | None:
    """The next moment of the day that was typed (`19:30`, `1930`, `7.30`, `19`); None for
    anything else. `now` is on the branch's wall, and so is the answer."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        return None
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at if at > now else at + timedelta(days=1)


def timing_words(cart: Cart, zone: tzinfo) -> str:
    """What is unusual about an order: `VIP · Course by course · promised 19:30`."""
    promised = cart.promised_at
    pacing = dict(PACINGS)[cart.pacing] if cart.pacing != "at_once" else ""
    parts = (
        "VIP" if cart.vip else "",
        pacing,
        "end together" if cart.together else "",
        f"promised {promised.astimezone(zone):%H:%M}" if promised else "",
    )
    return " · ".join(filter(None, parts))


def quote_words(quote: Quote | None) -> str:
    """`about 14 min, 22 at most`; "" when nobody can tell."""
    if quote is None:
        return ""
    likely, most = max(1, round(quote.likely_s / 60)), max(1, round(quote.most_s / 60))
    return f"about {likely} min" if most <= likely else f"about {likely} min, {most} at most"
