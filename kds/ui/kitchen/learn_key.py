"""Teaching the screen a bump bar: what each act's keys are, and learning another one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kds.ui.kit import Button, Label, Sheet
from kds.ui.kitchen.big import BigButton, Column, KeyedSheet
from kds.ui.kitchen.keys import ACTS, CANCEL, Act, KeyMap, key_name, text_of

_MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_unknown,
}


class LearnKey(Sheet):
    """Waits for the key of one act. It is pressed twice: once to see what arrives, once to keep.

    `learnt` carries the name of the key and the act. Escape cancels.
    """

    learnt = Signal(str, str)

    def __init__(self, keys: Callable[[], KeyMap], parent: QWidget) -> None:
        super().__init__("", parent, side="center", width=640)
        self._keys = keys
        self._act = self.heard = ""
        self.said = Label("", "title")
        self.hint = Label("", "body", soft="true")
        for label in (self.said, self.hint):
            label.setWordWrap(True)
            self.body.box.addWidget(label)
        self.use = Button("Use it", "primary", icon_name="check")
        cancel = Button("Cancel")
        self.use.clicked.connect(self._keep)
        cancel.clicked.connect(self.close_sheet)
        row = QHBoxLayout()
        for button in (cancel, self.use):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every key is for learning
            row.addWidget(button)
        self.body.box.addLayout(row)

    def learn(self, act: str) -> None:
        """Open it for an act."""
        self._act, self.heard = act, ""
        self.set_title(text_of(act))
        self.said.setText("Press the key on the bump bar")
        self.hint.setText("Esc cancels.")
        self.use.setEnabled(False)
        self.open()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # F-keys too: none is the window's while it learns
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or Qt.Key(event.key()) in _MODIFIERS:
            return
        name = key_name(event.key())
        if name == CANCEL:
            self.close_sheet()
        elif name == self.heard:
            self._keep()
        else:
            self._hear(name)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return False  # Tab is a key like any other

    def _hear(self, name: str) -> None:
        self.heard = name
        self.said.setText(f"Received: {name}")
        self.hint.setText(heard_text(self._keys().act_of(name), self._act))
        self.use.setEnabled(True)

    def _keep(self) -> None:
        self.close_sheet()
        self.learnt.emit(self.heard, self._act)


def heard_text(does: str, act: str) -> str:
    """What a key does now, and how to keep it for `act`."""
    again = "Press it again to use it. Esc cancels."
    if does == act:
        return f"It does this already. {again}"
    return f"Until now it does: {text_of(does)}. {again}" if does else again


class KeySheet(KeyedSheet):
    """Every act with its keys; choosing one learns another key for it.

    `changed` carries what the screen has learnt, as `Display.keys` keeps it.
    """

    changed = Signal(dict)

    def __init__(self, keys: Callable[[], KeyMap], parent: QWidget) -> None:
        super().__init__("Keys", parent, keys, width=680)
        self.acts = Column()
        self.learn = LearnKey(keys, parent)
        self.learn.learnt.connect(self._learnt)
        reset = BigButton("All keys as they were", "undo")
        reset.clicked.connect(lambda: self._change({}))
        hint = Label("Choose what to do, then press the key for it.", "body", soft="true")
        hint.setWordWrap(True)
        self.body.box.addWidget(hint)
        self.body.box.addWidget(self.acts, 1)
        self.body.box.addWidget(reset)
        self.reset = reset

    def open(self) -> None:
        self._fill()
        super().open()
        self.acts.walk(0)

    def walk(self, arrow: str) -> None:
        """Down from the last act to the reset, up from there to the last act."""
        last = self.acts.buttons[-1]
        if arrow == "down" and last.hasFocus():
            self.reset.setFocus()
        elif arrow == "up" and self.reset.hasFocus():
            last.setFocus()
        elif not self.reset.hasFocus():
            self.acts.walk(1 if arrow in ("down", "right") else -1)

    def _fill(self) -> None:
        self.acts.fill([self._button(act) for act in ACTS if act.name != "let go"])

    def _button(self, act: Act) -> BigButton:
        keys = ", ".join(self._keys().keys_of(act.name)) or "no key"
        button = BigButton(f"{act.text}:  {keys}")
        button.clicked.connect(lambda: self.learn.learn(act.name))
        return button

    def _learnt(self, name: str, act: str) -> None:
        self._change(self._keys().learn(name, act))

    def _change(self, own: dict[str, str]) -> None:
        self.changed.emit(own)
        self._fill()
