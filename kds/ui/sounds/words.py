"""What sounds and events are called on the screen. Pure."""

from __future__ import annotations

from kds.domain.sounds import SoundEvent

EVENT_NAMES: dict[SoundEvent, str] = {
    "new_order": "New order",
    "changed": "Changed or added",
    "voided": "Voided",
    "late": "Late",
    "order_ready": "Order ready",
    "question": "Question or answer",
    "station_dark": "Station is dark",
    "lost": "Connection lost",
    "back": "Connection back",
}


def sound_name(sound: str) -> str:
    """`desk-bell` -> `Desk bell`."""
    return sound.replace("-", " ").capitalize()


def problem_text(problem: str) -> str:
    """The sentence across the window; "" while there is no problem."""
    return f"No sound: {problem}." if problem else ""
