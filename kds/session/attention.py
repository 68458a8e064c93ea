"""What needs a person: ops that the server refused, those that met somebody else's, and those
that cannot be read any more.

Each is shown until somebody decides. A decision counts at once, also without the server.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kds.base.clock import from_iso
from kds.base.errors import KdsError
from kds.base.events import Event
from kds.base.ids import NewId
from kds.domain import words
from kds.domain.cart import Cart, CartLine
from kds.domain.commands import Command, Kind
from kds.domain.notices import order_number
from kds.session.actions import NOT_SET_UP
from kds.session.store import Store
from kds.sync.engine import Engine
from kds.sync.ops import DeadOp

LEFT_BEHIND = "What it waited for has been dealt with. Send it again."
CANNOT_BE_READ = "An entry that cannot be read"
NO_CONFLICT = "There is nothing to choose here: send it again, or drop it."
NOT_EDITABLE = "Only an order that was not accepted can be taken back."
NOTHING_DROPPED = "It cannot be taken back any more."

_LINES = ("place_order", "add_lines")


@dataclass(frozen=True, slots=True)
class Theirs:
    """What somebody else did: `what` ("bumped Margherita"), `who` ("Anna"), `where` ("Pass").

    `who` and `where` are empty, and `at` is None, when the server does not know.
    """

    what: str
    who: str
    where: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Stuck:
    """One op that needs a person. `number`: "A-017", or the item's name for 86 and stock.

    `title`: what was asked for ("Take €24.00 in cash"). `who` asked, `at` which time. `behind`:
    titles of what waits for the decision. `money` in minor units, 0 when it is about none;
    `tender`: how it was taken ("in cash"). `editable`: its lines can go back to the cart.
    `theirs`: the other side of a conflict.
    """

    op_id: str
    kind: Kind
    order_id: str | None
    number: str
    title: str
    reason: str
    who: str
    at: datetime
    result: Literal["rejected", "conflict", "unreadable"]
    behind: tuple[str, ...] = ()
    money: int = 0
    tender: str = ""
    editable: bool = False
    theirs: Theirs | None = None


class Attention:
    """`items`, oldest first; `changed` fires after they have. Decisions are credited to `actor`.

    Its methods raise KdsError with a sentence for the person who decides.
    """

    def __init__(self, store: Store, *, actor: str, new_id: NewId) -> None:
        self._store = store
        self._actor = actor
        self._new_id = new_id
        self._engine: Engine | None = None
        self._dropped: Command | None = None  # the latest, while it can be asked for again
        self.items: tuple[Stuck, ...] = ()
        self.changed: Event[None] = Event()

    def attach(self, engine: Engine) -> None:
        """Follow what is stuck in this engine; the store has its rows."""
        self._engine = engine
        engine.dead_changed.connect(lambda _: self._refresh())
        self._refresh()

    # -- what a person decides ------------------------------------------------------------

    async def retry(self, op_id: str) -> None:
        """Send it again, and what waits behind it."""
        await self._running().decisions.retry(op_id, self._actor)

    async def discard(self, op_id: str, reason: str) -> None:
        """Drop it; a payment needs a reason. What waits behind it is sent."""
        dead = self._dead(op_id)
        await self._running().decisions.discard(op_id, reason, self._actor)
        self._dropped = None if dead.unreadable else dead.command

    def cart(self, op_id: str) -> Cart:
        """Its lines, to be changed and sent; it stays here until `take_back`."""
        command = self._dead(op_id).command
        if command.kind not in _LINES:
            raise KdsError(NOT_EDITABLE)
        return self._cart(command)

    async def take_back(self, op_id: str) -> Cart:
        """Drop it to ask for something else: its lines, as a cart."""
        cart = self.cart(op_id)
        await self._running().decisions.take_back(op_id, self._actor)
        return cart

    async def choose(self, op_id: str, choice: Literal["local", "remote"]) -> None:
        """Of a conflict: `local` does it anyway, `remote` lets the other one's stand."""
        if self._dead(op_id).result != "conflict":
            raise KdsError(NO_CONFLICT)
        command, decisions = self._dead(op_id).command, self._running().decisions
        if choice == "local":
            await decisions.do_anyway(op_id, self._actor)
        else:
            await decisions.keep_remote(op_id, self._actor)
            self._dropped = command

    async def undo(self, op_id: str) -> None:
        """Ask again, as something new, for what was dropped last by `discard` or `choose`."""
        command = self._dropped
        if command is None or command.op_id != op_id:
            raise KdsError(NOTHING_DROPPED)
        self._dropped = None
        await self._running().submit(command.kind, command.lane, command.actor, command.args)

    def _running(self) -> Engine:
        if self._engine is None:
            raise KdsError(NOT_SET_UP)
        return self._engine

    def _dead(self, op_id: str) -> DeadOp:
        return self._running().decisions.dead(op_id)

    # -- what is shown --------------------------------------------------------------------

    def _refresh(self) -> None:
        dead = self._running().dead_ops
        refused = {one.command.op_id for one in dead if one.result == "rejected"}
        behind: dict[str | None, list[Command]] = defaultdict(list)
        for one in dead:
            behind[one.blocked_by].append(one.command)
        items = tuple(
            self._stuck(one, behind.get(one.command.op_id, ()))
            for one in dead
            if one.result != "blocked" or one.blocked_by not in refused
        )
        if items != self.items:
            self.items = items
            self.changed.emit(None)

    def _stuck(self, one: DeadOp, behind: Iterable[Command]) -> Stuck:
        command = one.command
        reason = LEFT_BEHIND if one.result == "blocked" else words.sentence(one.reason)
        title = CANNOT_BE_READ if one.unreadable else self._title(command)
        return Stuck(
            op_id=command.op_id,
            kind=command.kind,
            order_id=_order_id(command),
            number=self._number(command),
            title=title,
            reason=reason,
            who=command.actor,
            at=from_iso(command.at),
            result=_result(one),
            behind=tuple(map(self._title, behind)),
            money=words.amount_of(command),
            tender=words.tender_of(command),
            editable=command.kind in _LINES and bool(command.args.get("lines")),
            theirs=_theirs(one.remote) if one.result == "conflict" else None,
        )

    def _title(self, command: Command) -> str:
        branch = self._store.branch
        return words.title(command, self._store.row, branch["currency"] if branch else "")

    def _number(self, command: Command) -> str:
        args, row_of = command.args, self._store.row
        match command.kind:
            case "eighty_six":
                return words.name_of(row_of, "menu_items", args.get("item_id"))
            case "adjust_stock":
                return words.name_of(row_of, "stock_items", args.get("stock_item_id"))
            case "cover":
                return words.name_of(row_of, "stations", args.get("station_id"))
            case "set_up":
                return words.name_of(row_of, str(args.get("table")), args.get("id"))
        return order_number(command, row_of("orders", command.lane))

    # -- back to the cart -----------------------------------------------------------------

    def _cart(self, command: Command) -> Cart:
        lines = tuple(map(self._cart_line, command.args.get("lines") or ()))
        order = command.args.get("order") or self._store.row("orders", command.lane) or {}
        return Cart(
            lines,
            order.get("type") or "dine_in",
            order.get("table_name") or "",
            order.get("customer") or "",
            order.get("note") or "",
            bool(order.get("rush")),
            bool(order.get("vip")),
            _instant(order.get("promised_at")),
            order.get("pacing") or "at_once",
            bool(order.get("together")),
        )

    def _cart_line(self, line: Mapping[str, Any]) -> CartLine:
        """With an id of its own: the old one may be why it was refused."""
        item = self._store.row("menu_items", str(line["item_id"]))
        modifiers = tuple(line.get("modifiers") or ())
        return CartLine(
            id=self._new_id(),
            item_id=line["item_id"],
            name=line["name"],
            variant=line.get("variant") or "",
            category=item["category"] if item else "",
            qty=max(1, line["qty"]),
            unit_price=line["price"] - sum(modifier["price"] for modifier in modifiers),
            modifiers=modifiers,
            note=line.get("note") or "",
            course=line.get("course") or 1,
            seat=line.get("seat"),
        )


def _instant(text: Any) -> datetime | None:
    """None also for what is no time: that may be why the order was refused."""
    try:
        return from_iso(text)
    except (TypeError, ValueError):
        return None


def _result(one: DeadOp) -> Literal["rejected", "conflict", "unreadable"]:
    if one.unreadable:
        return "unreadable"
    return "conflict" if one.result == "conflict" else "rejected"


def _order_id(command: Command) -> str | None:
    """The order that a command is about, which is also its lane."""
    return command.lane if {"order", "order_id"} & command.args.keys() else None


def _theirs(remote: Mapping[str, Any] | None) -> Theirs | None:
    """Of a server that tells it; an earlier one gave the bare row."""
    if not remote or not isinstance(row := remote.get("row"), Mapping):
        return None
    at = remote.get("at")
    return Theirs(
        what=words.deed(remote.get("kind"), row),
        who=remote.get("actor") or "",
        where=remote.get("device") or "",
        at=from_iso(at) if isinstance(at, str) else None,
    )
