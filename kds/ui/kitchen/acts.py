"""What a cook does: each tap becomes a verb of the session, a sentence, and a way back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from kds.domain.tickets import Ticket
from kds.ui.kit import spawn
from kds.ui.kitchen.choices import Choice
from kds.ui.kitchen.display import Tap
from kds.ui.kitchen.recall import Bumped
from kds.ui.kitchen.taps import Meant, lines_of, meant
from kds.ui.kitchen.undo import Undo

if TYPE_CHECKING:
    from kds.session.session import Session


class Acts:
    """Acts on tickets for the stations that this screen watches.

    `tap`: what a first tap does. `reprint` prints an order again, given its id; None where
    nothing prints.
    """

    def __init__(self, session: Session, undo: Undo) -> None:
        self._session, self._undo = session, undo
        self.tap: Tap = "bump"
        self.reprint: Callable[[str], None] | None = None

    # -- taps -----------------------------------------------------------------------------

    def on(self, ticket: Ticket, line_id: str = "") -> None:
        """A tap on a line, or on the ticket as a whole."""
        self._mean(ticket, meant(ticket, line_id, self.tap, self._session.now()), line_id)

    def bump_now(self, ticket: Ticket, line_id: str = "") -> None:
        """Bump it, also where a first tap only starts."""
        self._mean(ticket, meant(ticket, line_id, "bump", self._session.now()), line_id)

    def start_now(self, ticket: Ticket, line_id: str = "") -> None:
        """Start it, also where a tap bumps; what is started already stays as it is."""
        tapped = meant(ticket, line_id, "start", self._session.now())
        if tapped.verb != "bump":
            self._mean(ticket, tapped, line_id)

    def _mean(self, ticket: Ticket, tapped: Meant, line_id: str) -> None:
        match tapped.verb:
            case "acknowledge":
                self.acknowledge(ticket, tapped.line_ids, then_bump=not line_id)
            case "start":
                self.start(ticket, tapped.line_ids)
            case "bump":
                self.bump(ticket, tapped.line_ids)
            case "wait":
                self._undo.say(f"{ticket.number} is on hold: fire it first")

    # -- cooking --------------------------------------------------------------------------

    def start(self, ticket: Ticket, line_ids: Sequence[str]) -> None:
        """The way back is for those lines that nobody had started before."""
        at = self._session.watched
        waited = [one for line in ticket.lines if line.state == "sent" for one in line.all_ids]
        begun = [one for one in line_ids if one in waited]
        self._do("start", ticket.order_id, line_ids, at)
        words = self._words(ticket, line_ids, "started")
        self._undo.say(words, lambda: self._do("recall", ticket.order_id, begun, at))

    def bump(self, ticket: Ticket, line_ids: Sequence[str]) -> None:
        """The way back is for the stations that it was for, whichever are watched by then."""
        at = self._session.watched
        self._do("bump", ticket.order_id, line_ids, at)
        words = self._words(ticket, line_ids, "done")
        self._undo.say(words, lambda: self._do("recall", ticket.order_id, line_ids, at))

    def recall(self, entry: Bumped) -> None:
        """Bring a bump back to the place it had."""

        def do(verb: str) -> None:
            self._do(verb, entry.order_id, entry.line_ids, entry.stations)

        do("recall")
        self._undo.say(f"{entry.number} is back", lambda: do("bump"))

    def acknowledge(
        self, ticket: Ticket, line_ids: Sequence[str], *, then_bump: bool = False
    ) -> None:
        """The changes are seen. There is no way back: nobody can unsee them."""
        self._do("acknowledge", ticket.order_id, line_ids)
        rest = bool(ticket.bumpable_line_ids(self._session.now()))
        look = then_bump and rest
        words = "changed: look, then bump" if look else "changes seen"
        self._undo.say(f"{ticket.number} {words}")

    def _do(
        self,
        verb: str,
        order_id: str,
        line_ids: Sequence[str],
        at: frozenset[str] | None = None,
    ) -> None:
        """`at`: for which stations; all that this screen watches when it is None."""
        actions = self._session.actions
        stations = self._session.watched if at is None else at
        verbs: dict[str, Callable[..., Coroutine[Any, Any, None]]] = {
            "start": actions.start,
            "bump": actions.bump,
            "recall": actions.recall,
            "acknowledge": actions.acknowledge,
        }
        spawn(verbs[verb](order_id, line_ids, stations=stations), f"{verb} {order_id}")

    def _words(self, ticket: Ticket, line_ids: Sequence[str], how: str) -> str:
        """`A-017 done`, `A-017: Cola done`, `A-017: 2 lines done`."""
        if set(line_ids) >= set(ticket.bumpable_line_ids(self._session.now())):
            return f"{ticket.number} {how}"
        lines = lines_of(ticket, line_ids)
        what = (
            f"{len(lines)} lines" if len(lines) > 1 else shorten(lines[0].name, 28, placeholder="…")
        )
        return f"{ticket.number}: {what} {how}"

    # -- the rest of the order ------------------------------------------------------------

    def choose(self, ticket: Ticket, choice: Choice) -> None:
        """Do what the sheet offered; a question is asked with `ask`."""
        match choice.act:
            case "start":
                self.start(ticket, choice.line_ids)
            case "bump":
                self.bump(ticket, choice.line_ids)
            case "acknowledge":
                self.acknowledge(ticket, choice.line_ids)
            case "rush":
                self.mark_rush(ticket, choice.on)
            case "hold" | "fire":
                self.pace(ticket, choice.act, choice.course)
            case "86":
                self.eighty_six(choice.item_id, choice.on)
            case "reprint":
                self.print_again(ticket)

    def mark_rush(self, ticket: Ticket, rush: bool) -> None:
        def mark(on: bool) -> None:
            spawn(self._session.actions.mark(ticket.order_id, rush=on), f"rush {ticket.number}")

        mark(rush)
        words = f"{ticket.number} is a rush" if rush else f"{ticket.number}: no rush"
        self._undo.say(words, lambda: mark(not rush))

    def pace(self, ticket: Ticket, act: str, course: int | None) -> None:
        """`act` is "hold" or "fire"; each takes the other back."""
        actions = self._session.actions

        def pace(verb: str) -> None:
            does = actions.hold if verb == "hold" else actions.fire
            spawn(does(ticket.order_id, course), f"{verb} {ticket.number}")

        pace(act)
        what = f"{ticket.number}: course {course}" if course is not None else ticket.number
        how, other = ("on hold", "fire") if act == "hold" else ("fired", "hold")
        self._undo.say(f"{what} {how}", lambda: pace(other))

    def eighty_six(self, item_id: str, out: bool) -> None:
        """No till can sell it from now on, or every till can again."""
        item = self._session.store.row("menu_items", item_id)

        def put(gone: bool) -> None:
            spawn(self._session.actions.eighty_six(item_id, gone), f"86 {item_id}")

        put(out)
        name = item["name"] if item else item_id
        words = f"{name} is 86'd at all tills" if out else f"{name} is back at all tills"
        self._undo.say(words, lambda: put(not out))

    def ask(self, ticket: Ticket, text: str, options: Sequence[str]) -> None:
        """The till that took the order is asked; what was asked cannot be taken back."""
        spawn(self._session.actions.ask(ticket.order_id, text, options), f"ask {ticket.number}")
        self._undo.say(f"{ticket.number}: front of house is asked")

    def print_again(self, ticket: Ticket) -> None:
        if self.reprint is not None:
            self.reprint(ticket.order_id)
            self._undo.say(f"{ticket.number} goes to the printer")
