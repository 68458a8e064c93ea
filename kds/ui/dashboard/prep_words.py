"""The kitchen's times in words. Pure."""

from __future__ import annotations

from kds.domain.prep import By, Days, Span, Timing

SPANS: tuple[tuple[Span | str, str], ...] = (
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("week", "7 days"),
    ("month", "28 days"),
    ("dates", "From – to"),
)
BYS: tuple[tuple[By, str], ...] = (
    ("item", "Items"),
    ("station", "Stations"),
    ("hour", "Hours"),
    ("cook", "Cooks"),
)
HEADS = {"item": "Item", "station": "Station", "hour": "Hour", "cook": "Cook"}


def took(seconds: int) -> str:
    """`6:05` minutes, `1 h 05` from an hour on."""
    if seconds >= 3600:
        return f"{seconds // 3600} h {seconds % 3600 // 60:02d}"
    return f"{seconds // 60}:{seconds % 60:02d}"


def share(one: Timing) -> str:
    """`12 %`; what is late at all is never 0, nor all of it when one was not."""
    if one.late and one.late < one.n:
        return f"{min(99, max(1, round(100 * one.late_share)))} %"
    return f"{round(100 * one.late_share)} %"


def spoken(one: Timing) -> str:
    """What a screen reader says of a row."""
    return (
        f"{one.name}: {one.n} made, median {took(one.median_s)}, "
        f"nine of ten in {took(one.p90_s)}, {share(one)} late"
    )


def days_words(days: Days) -> str:
    """`Sat 21 Nov 2026`, or from the first to the last."""
    first, last = f"{days.first:%a %d %b %Y}", f"{days.last:%a %d %b %Y}"
    return first if days.first == days.last else f"{first} – {last}"


def file_name(days: Days) -> str:
    """What a file of these days is called unless somebody says otherwise."""
    if days.first == days.last:
        return f"kitchen-times-{days.first}.csv"
    return f"kitchen-times-{days.first}-to-{days.last}.csv"
