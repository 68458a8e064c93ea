"""What stands in the window before this terminal has anything to show. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kds.session.status import Status


@dataclass(frozen=True, slots=True)
class Loading:
    """`done`: 0.0 to 1.0, None while nobody knows. `icon`: a name of the kit's icons."""

    title: str
    hint: str
    icon: str = "stock"
    done: float | None = None
    sign_in: bool = False


_COMES_BY_ITSELF = "It goes on by itself as soon as the restaurant answers."
_CHECK = "Check the network and that the hub is on."


def loading_words(status: Status, needs_sign_in: bool) -> Loading:
    """What is going on at a first start, and what a person can do about it."""
    if needs_sign_in:
        hint = f"{_problem(status)}Ask the manager for this terminal's email and password."
        return Loading("Sign in to set up this terminal", hint, "lock", sign_in=True)
    if status.link == "connected" or status.polling:
        return _arriving(status)
    if status.link == "reconnecting" or status.reason == "offline":
        hint = f"{_problem(status)}{_CHECK} {_COMES_BY_ITSELF}"
        return Loading("This terminal must reach the restaurant once", hint, "link-off")
    if status == Status():
        return Loading("Opening this terminal…", "One moment, please.", "clock")
    hint = f"{_COMES_BY_ITSELF} If this stays: {_CHECK[0].lower()}{_CHECK[1:]}"
    return Loading("Connecting to the restaurant…", hint, "link")


def _problem(status: Status) -> str:
    return f"{status.problem} " if status.problem else ""


def _arriving(status: Status) -> Loading:
    if status.problem:
        return Loading("The restaurant did not let this terminal in", status.problem, "alert")
    done = status.bootstrapping or 0.0
    return Loading(
        f"Loading the restaurant: {done:.0%}".replace("%", " %"),
        "Menu, stock and open orders are on their way.",
        done=done,
    )
