"""Signing this terminal in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from kds.base.errors import KdsError, Unauthorized, Unreachable
from kds.ui.kit import Button, Label, Sheet, spawn

if TYPE_CHECKING:
    from kds.session.session import Session

HINT = "Orders can be taken without signing in: they are kept here and sent afterwards."


def refusal(error: KdsError) -> str:
    """Why the sign-in did not happen, for the person who tried."""
    match error:
        case Unauthorized():
            return "The email or the password was not accepted."
        case Unreachable():
            return "The server cannot be reached. Try again when the connection is back."
        case _:
            return str(error) or "The server declined without saying why."


class SignInSheet(Sheet):
    """Asks for email and password until they are accepted; can be put off with Escape."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__("Sign in this terminal", parent, side="center", width=520)
        self._session = session
        hint = Label(HINT, "body", soft="true")
        hint.setWordWrap(True)
        self.email = self._field("Email")
        self.password = self._field("Password")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._refusal = Label("", "label", tone="danger")
        self._refusal.setWordWrap(True)
        self._refusal.hide()
        self.button = Button("Sign in", "primary", icon_name="lock")
        self.button.clicked.connect(self._try)
        for part in (hint, self.email, self.password, self._refusal, self.button):
            self.body.box.addWidget(part)

    @property
    def refusal(self) -> str:
        """The words of the last refusal; "" when there was none."""
        return "" if self._refusal.isHidden() else self._refusal.text()

    def open(self) -> None:
        super().open()
        (self.password if self.email.text() else self.email).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._try()
        else:
            super().keyPressEvent(event)

    def _field(self, what: str) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(what)
        field.setAccessibleName(what)
        return field

    def _try(self) -> None:
        if not self.button.isEnabled():
            return
        if not (self.email.text().strip() and self.password.text()):
            self._say("Type the email and the password.")
            return
        self.button.setEnabled(False)
        self.button.setText("Signing in…")
        self._say("")
        spawn(self._sign_in(), "sign in")

    async def _sign_in(self) -> None:
        try:
            await self._session.sign_in(self.email.text().strip(), self.password.text())
        except KdsError as error:
            self._say(refusal(error))
            self.password.selectAll()
            self.password.setFocus()
        else:
            self.password.clear()
            self.close_sheet()
        finally:
            self.button.setEnabled(True)
            self.button.setText("Sign in")

    def _say(self, words: str) -> None:
        self._refusal.setText(words)
        self._refusal.setVisible(bool(words))
        self._place()
