"""What the keys of a bump bar do, and how another bar is taught. No widgets.

Bump bars are keyboards: they send plain keys, and every make sends others. So every act has keys
of its own by default, and a screen may have learnt more (`Display.keys`: name of a key -> name of
an act), which go before these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

Key = Qt.Key
_NONE: Mapping[str, str] = MappingProxyType({})
CANCEL = "Esc"
"""The way out of everything. It cannot be given another meaning."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a key can do. `text` is what the settings call it."""

    name: str
    text: str
    keys: tuple[Key, ...]


ACTS: tuple[Act, ...] = (
    *(Act(f"bump {n}", f"Bump ticket {n}", (Key(Key.Key_0 + n),)) for n in range(1, 10)),
    Act("act", "Bump what is chosen", (Key.Key_Return, Key.Key_Enter, Key.Key_Space)),
    Act("undo", "Undo", (Key.Key_U, Key.Key_Backspace)),
    Act("recall last", "Recall the last one", (Key.Key_0,)),
    Act("recall list", "Recall: the list", (Key.Key_R,)),
    Act("up", "Up", (Key.Key_Up,)),
    Act("down", "Down", (Key.Key_Down,)),
    Act("left", "Ticket before", (Key.Key_Left,)),
    Act("right", "Next ticket", (Key.Key_Right,)),
    Act("next page", "Next page", (Key.Key_PageDown,)),
    Act("previous page", "Page before", (Key.Key_PageUp,)),
    Act("first page", "First page", (Key.Key_Home,)),
    Act("last page", "Last page", (Key.Key_End,)),
    Act("menu", "All that a ticket can do", (Key.Key_M, Key.Key_Menu)),
    Act("start", "Start", (Key.Key_S,)),
    Act("bump", "Bump, also when it is not started", (Key.Key_B,)),
    Act("acknowledge", "Changes seen", (Key.Key_C,)),
    Act("rush", "Rush, or no rush", (Key.Key_X,)),
    Act("hold", "Hold", (Key.Key_H,)),
    Act("fire", "Fire", (Key.Key_F,)),
    Act("86", "86 the dish", (Key.Key_O,)),
    Act("ask", "Ask front of house", (Key.Key_Q,)),
    Act("reprint", "Print again", (Key.Key_P,)),
    Act("all day", "All-day counts", (Key.Key_A,)),
    Act("settings", "Settings", (Key.Key_Comma,)),
    Act("let go", "Let go, close", (Key.Key_Escape,)),
)
_TEXTS = {act.name: act.text for act in ACTS}


def key_name(key: int) -> str:
    """The name that a key is kept under: `F5`, `PgDown`, `,`. Key pads send the same codes."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def text_of(act: str) -> str:
    """What an act is called on the screen; "" for none."""
    return _TEXTS.get(act, "")


_DEFAULTS = {key_name(key): act.name for act in ACTS for key in act.keys}


class KeyMap:
    """Key -> act. `own`: what this screen has learnt; acts that nobody knows are passed over."""

    def __init__(self, own: Mapping[str, str] = _NONE) -> None:
        learnt = {key: act for key, act in own.items() if act in _TEXTS and key != CANCEL}
        self.own: Mapping[str, str] = MappingProxyType(learnt)
        self._acts = {**_DEFAULTS, **learnt}

    def act(self, key: int) -> str:
        """What a key (as Qt counts them) does; "" for nothing."""
        return self.act_of(key_name(key))

    def act_of(self, name: str) -> str:
        return self._acts.get(name, "")

    def keys_of(self, act: str) -> tuple[str, ...]:
        """The names of the keys that do it, learnt ones first."""
        found = [name for name, does in self._acts.items() if does == act]
        return tuple(sorted(found, key=lambda name: name not in self.own))

    def learn(self, name: str, act: str) -> dict[str, str]:
        """What is to be kept when the key of that name does `act` from now on."""
        own = {key: does for key, does in self.own.items() if key != name}
        return own if _DEFAULTS.get(name) == act else {**own, name: act}
