"""What the kitchen calls things. Pure."""

from __future__ import annotations

from datetime import datetime

TYPE_NAMES = {"dine_in": "Dine in", "takeaway": "Takeaway", "delivery": "Delivery"}


def whose(order_type: str, table_name: str, customer: str) -> str:
    """`Table 4`, `Terrace 3`, `Takeaway · Kim`, `Delivery`."""
    if order_type == "dine_in" and table_name:
        return f"Table {table_name}" if table_name[:1].isdigit() else table_name
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
