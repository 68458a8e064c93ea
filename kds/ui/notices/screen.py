"""What happened, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QWidget

from kds.domain.notices import Notice, refused_op
from kds.ui.kit import Button, EmptyState, Label, Panel, spawn
from kds.ui.kit.rowlist import RowList, RowSpec
from kds.ui.models import ITEM_ROLE, NoticeModel
from kds.ui.shell.clock import branch_now
from kds.ui.theme.tokens import ToneName

if TYPE_CHECKING:
    from kds.session.bell import Bell
    from kds.session.session import Session

KINDS: dict[str, tuple[str, ToneName]] = {
    "new_order": ("orders", "info"),
    "order_ready": ("check", "ok"),
    "low_stock": ("stock", "warn"),
    "refused": ("alert", "danger"),
    "eighty_six": ("x", "warn"),
    "not_seen": ("kitchen", "danger"),
    "question": ("kitchen", "warn"),
    "answered": ("check", "info"),
    "station_dark": ("alert", "danger"),
    "branch": ("lock", "warn"),
    "locked": ("lock", "danger"),
    "unreadable": ("alert", "warn"),
}


def since(at: datetime, now: datetime) -> str:
    """`just now`, `5 min ago`, `2 h ago`, `14 Mar 18:05` by the clock of `now`."""
    minutes = int(max(0.0, (now - at).total_seconds()) // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    return f"{at.astimezone(now.tzinfo):%d %b %H:%M}"


def notice_row(notice: Notice, now: datetime) -> RowSpec:
    """The notice in the list."""
    badge, tone = KINDS.get(notice.kind, ("bell", "neutral"))
    return RowSpec(
        title=notice.title,
        subtitle=" · ".join(filter(None, (notice.branch, notice.body, since(notice.at, now)))),
        badge=badge,
        tone=tone,
        fresh=not notice.read,
        faint=notice.read,
    )


class NoticesScreen(Panel):
    """A tap marks a notice read and opens what it is about: an order, or what needs a person.

    With a `bell` the notices of other branches stand here too; theirs lead `elsewhere`.
    """

    opened = Signal(str)  # order id
    refused = Signal(str)  # id of an op that still needs a person
    elsewhere = Signal(object, object)  # Branch, and the Notice as that branch has it

    def __init__(
        self, session: Session, bell: Bell | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("ground", parent=parent)
        self._session = session
        self._bell = bell
        self._notices = notices = bell or session.notices
        self.model = NoticeModel(notices, self)
        self.list = RowList(
            self.model,
            lambda notice: notice_row(notice, branch_now(session)),
            ages=True,
            selectable=False,
        )
        self._count = Label("", "title")
        self.all_read = Button("Mark all read", icon_name="check")
        self._empty = EmptyState(
            "Nothing to tell", "New orders, ready meals and low stock appear here.", "bell"
        )
        top = Panel("ground", horizontal=True, padding=0)
        top.box.addWidget(self._count, 1)
        top.box.addWidget(self.all_read)
        self.box.addWidget(top)
        self.box.addWidget(self.list, 1)
        self.box.addWidget(self._empty, 1)
        self.all_read.clicked.connect(lambda: spawn(notices.mark_all_read(), "mark notices read"))
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.destroyed.connect(notices.changed.connect(lambda _: self._refresh()))
        self._refresh()

    @property
    def count(self) -> str:
        return self._count.text()

    def _refresh(self) -> None:
        unread, empty = self._notices.unread, not self._notices.items
        self._count.setText(f"{unread} new" if unread else "Nothing new")
        self.all_read.setEnabled(unread > 0)
        self._empty.setVisible(empty)
        self.list.setVisible(not empty)

    def _open(self, index: QModelIndex) -> None:
        notice: Notice = index.data(ITEM_ROLE)
        if not notice.read:
            spawn(self._notices.mark_read(notice.id), "mark a notice read")
        found = self._bell.find(notice.id) if self._bell else None
        if found is None:
            self.follow(notice)
        elif found[0].session is self._session:
            self.follow(found[1])
        else:
            self.elsewhere.emit(*found)

    def follow(self, notice: Notice) -> None:
        """Open what a notice of this branch is about."""
        op_id = refused_op(notice)
        if any(item.op_id == op_id for item in self._session.attention.items):
            self.refused.emit(op_id)
        elif notice.order_id is not None and self._session.store.row("orders", notice.order_id):
            self.opened.emit(notice.order_id)
