"""What the top bar says about a `Status`: a tone, a shape and words, never colour alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from kds.session.status import Status
from kds.ui.kit.shapes import Shape
from kds.ui.theme.tokens import ToneName


@dataclass(frozen=True, slots=True)
class Word:
    """One pill: text, tone and shape; `detail` is its tool tip and what is read out."""

    text: str
    tone: ToneName
    shape: Shape
    detail: str = ""


_QUALITY_TONES: dict[str, ToneName] = {
    "excellent": "ok",
    "good": "ok",
    "fair": "warn",
    "poor": "warn",
    "offline": "danger",
}
_KEPT = "What you do here is kept and sent when the connection is back."


def link_word(status: Status, now: datetime) -> Word:
    """The connection, as `Connected · excellent · 3 ms` or `Reconnecting in 4 s`."""
    match status.link:
        case "connected":
            parts = ["Connected", status.quality]
            if status.rtt_ms is not None:
                parts.append(f"{status.rtt_ms:.0f} ms")
            return Word(" · ".join(parts), _QUALITY_TONES[status.quality], "dot")
        case "connecting":
            return Word("Connecting…", "info", "half", _KEPT)
        case "reconnecting":
            return Word(_retry_text(status, now), "warn", "half", _detail(status))
        case "disconnected":
            return _disconnected(status)


def _disconnected(status: Status) -> Word:
    match status.reason:
        case "signed_out":
            return Word("Signed out", "danger", "cross", status.problem or _KEPT)
        case "stopped":
            return Word("Disconnected", "neutral", "ring", _KEPT)
        case _:
            return Word("Offline · orders are kept here", "danger", "cross", _detail(status))


def _detail(status: Status) -> str:
    return f"{status.problem} {_KEPT}" if status.problem else _KEPT


def _retry_text(status: Status, now: datetime) -> str:
    seconds = ceil((status.retry_at - now).total_seconds()) if status.retry_at else 0
    return f"Reconnecting in {seconds} s" if seconds > 0 else "Reconnecting…"


def complete_word(status: Status) -> Word:
    """How far this screen is known to be complete, as `Complete to #4,821`."""
    if status.complete_to is None:
        return Word("Waiting for first sync", "info", "half", "Nothing was loaded yet.")
    number = f"#{status.complete_to:,}"
    if status.verified is False:
        return Word(
            f"Checking #{status.complete_to:,}",
            "danger",
            "triangle",
            "This device's data differs from the server's. It is being fetched again.",
        )
    if not status.complete:
        missing = (status.head or 0) - status.complete_to
        return Word(
            f"Behind by {missing:,}",
            "warn",
            "triangle",
            f"Complete to {number}; {missing:,} newer changes are on their way.",
        )
    if status.link != "connected":
        return Word(
            f"Last synced #{status.complete_to:,}",
            "warn",
            "half",
            "What other devices did since then is not known here.",
        )
    if status.verified is None:
        return Word(f"Complete to {number}", "neutral", "ring", "Not compared with the server yet.")
    return Word(f"Complete to {number}", "ok", "check", "Compared with the server: equal.")


def waiting_word(status: Status) -> Word:
    """Ops not yet answered, as `3 waiting`; the text is empty when there is nothing to say."""
    if status.blocked:
        return Word(
            f"{status.blocked} refused",
            "danger",
            "triangle",
            "The server refused these; they are kept and need a person.",
        )
    if status.waiting:
        return Word(f"{status.waiting} waiting", "warn", "diamond", _KEPT)
    return Word("", "neutral", "none", "Everything was sent.")


def banner_text(status: Status, needs_sign_in: bool) -> str:
    """What stands across the window; "" while there is nothing that somebody should know."""
    if needs_sign_in:
        return status.problem or "This terminal is signed out."
    if status.problem and status.link != "connected" and status.complete_to is not None:
        return f"{status.problem} News from other terminals is missing until it is back. {_KEPT}"
    return status.problem or ""
