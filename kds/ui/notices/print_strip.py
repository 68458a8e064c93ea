"""A ticket that is not on paper, and why: it stays until it is, or until somebody lets it go."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from kds.printing import Printer, Trouble
from kds.ui.kit import Button, Strip


class PrintStrip(Strip):
    """Over every screen of a terminal that has a printer, while a ticket needs a person."""

    def __init__(self, printer: Printer, parent: QWidget | None = None) -> None:
        super().__init__("alarm", "printer", parent=parent)
        self._printer = printer
        self._trouble: Trouble | None = None
        self.again = Button("Try again", icon_name="printer")
        self.let_go = Button("No paper needed", icon_name="x")
        self.box.addWidget(self.again)
        self.box.addWidget(self.let_go)
        self.again.clicked.connect(lambda: self._with(printer.retry))
        self.let_go.clicked.connect(lambda: self._with(printer.forget))
        self.destroyed.connect(printer.changed.connect(lambda _: self.refresh()))
        self.refresh()

    def refresh(self) -> None:
        """Tell of the ticket that has waited longest."""
        troubles = self._printer.troubles
        self._trouble = troubles[0] if troubles else None
        if self._trouble is None:
            self.say("")
            return
        for button in (self.again, self.let_go):  # what hangs is still being printed
            button.setVisible(not self._trouble.hangs)
        self.say(trouble_text(self._trouble, len(troubles) - 1))

    def _with(self, deed: Callable[[str], None]) -> None:
        if self._trouble is not None:
            deed(self._trouble.job.id)


def trouble_text(trouble: Trouble, others: int) -> str:
    """`A-017 is not on paper: the printer at 192.168.1.50 does not answer. Is it on?`"""
    more = f" {others} more too." if others else ""
    return f"{trouble.job.name} is not on paper: {trouble.reason}{more}"
