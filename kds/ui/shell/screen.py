"""What the main window shows one of at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Screen:
    """A view and its place in the navigation. It is made when it is first looked at.

    `icon` is a name of the kit's icons; `where` is what the other people read of this device.
    """

    title: str
    icon: str
    where: str
    make: Callable[[], QWidget]
