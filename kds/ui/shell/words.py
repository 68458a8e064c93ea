"""What the top bar says about a `Status`: a tone, a shape and words, never colour alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from kds.session.status import POLL_EVERY_S, Status
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
PANEL_KEY = "Ctrl+K"
_KEPT = "What you do here is kept and sent when the connection is back."
_POLLING = f"This terminal asks for news every {POLL_EVERY_S:.0f} s. Orders still arrive."


def link_word(status: Status, now: datetime) -> Word:
    """The connection, as `Connected · excellent · 3 ms` or `Reconnecting in 4 s`."""
    if status.polling:
        detail = f"This network blocks live connections. {_POLLING}"
        return Word(f"Polling every {POLL_EVERY_S:.0f} s", "warn", "half", detail)
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


def with_key(word: Word) -> Word:
    """The same, and that the connection panel tells more."""
    return replace(word, detail=f"{word.detail} {PANEL_KEY} shows more.".lstrip())


def _disconnected(status: Status) -> Word:
    match status.reason:
        case "signed_out":
            return Word("Signed out", "danger", "cross", status.problem or _KEPT)
        case "":
            return Word("Opening…", "info", "half", _KEPT)
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
    if status.bootstrapping is not None and _in_touch(status):
        detail = "Everything is fetched again. What you see is from before; go on working."
        return Word(f"Loading {_percent(status)}", "info", "half", detail)
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
    if not _in_touch(status):
        return Word(
            f"Last synced #{status.complete_to:,}",
            "warn",
            "half",
            "What other devices did since then is not known here.",
        )
    if status.verified is None:
        return Word(f"Complete to {number}", "neutral", "ring", "Not compared with the server yet.")
    return Word(f"Complete to {number}", "ok", "check", "Compared with the server: equal.")


def _in_touch(status: Status) -> bool:
    return status.link == "connected" or status.polling


def _percent(status: Status) -> str:
    return f"{status.bootstrapping or 0.0:.0%}".replace("%", " %")


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
        detail = "These are on their way to the server." if status.polling else _KEPT
        return Word(f"{status.waiting} waiting", "warn", "diamond", detail)
    return Word("", "neutral", "none", "Everything was sent.")


def banner_text(status: Status, needs_sign_in: bool) -> str:
    """What stands across the window; "" while there is nothing that somebody should know."""
    if needs_sign_in:
        return status.problem or "This terminal is signed out."
    if status.polling:
        return f"{status.problem or ''} {_POLLING}".strip()
    if status.problem and status.link != "connected" and status.complete_to is not None:
        return f"{status.problem} News from other terminals is missing until it is back. {_KEPT}"
    return status.problem or ""
