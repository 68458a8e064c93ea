"""What must be true when everything has been repaired and time was given; each a sentence.

A check returns what is wrong, `<invariant>: <details>`; nothing when all is well.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from typing import Any

from kds.domain.commands import Command
from kds.domain.rows import FLOOR_TABLES, OFFICE_TABLES
from tests.faults import kitchen
from tests.faults.server import QUARANTINED, Server
from tests.faults.terminal import Terminal, Witness
from tests.support.restaurant import RECIPES, STOCK


def all_of(server: Server, terminals: Sequence[Terminal], witness: Witness) -> Iterator[str]:
    yield from lost(server, terminals, witness)
    yield from doubled(server)
    yield from out_of_order(server, witness)
    yield from money(server)
    yield from stock(server)
    yield from settings(server)
    yield from kitchen.unlike(server.history, server.rows.tables)
    for terminal in terminals:
        if not locked_out(server, terminal):
            yield from different(server, terminal)


def device_of(terminal: Terminal) -> str | None:
    session = terminal.session
    return session.device.id if session is not None and session.device is not None else None


def locked_out(server: Server, terminal: Terminal) -> bool:
    return server.locked_out(device_of(terminal) or "")


# -- no accepted op is lost -------------------------------------------------------------------


def lost(server: Server, terminals: Sequence[Terminal], witness: Witness) -> Iterator[str]:
    """Every accepted op had its effect, or lies where a person sees it, or was given up by one."""
    done = {op["op_id"] for _, op in server.history}
    kept: dict[str, set[str]] = defaultdict(set)  # by the terminal that the others are copies of
    origin = {one.name: one.origin.name for one in terminals}
    for one in terminals:
        kept[one.origin.name] |= _kept(one, quarantined=locked_out(server, one))
    for op_id, (name, command) in witness.accepted.items():
        if op_id not in done and op_id not in kept[origin[name]]:
            yield f"lost: {name} accepted {_brief(command)}"


def _kept(terminal: Terminal, *, quarantined: bool) -> set[str]:
    """The ops that are where a person sees them, or that one has decided about."""
    with closing(sqlite3.connect(f"file:{terminal.file}?mode=ro", uri=True)) as disk:
        dead = disk.execute("SELECT op_id FROM dead_ops")
        kept = {op_id for (op_id,) in dead}
        decided = disk.execute("SELECT op_id FROM outcomes WHERE result <> 'applied'")
        kept |= {op_id for (op_id,) in decided}
        if quarantined:  # it waits for a manager who lets the terminal in again
            kept |= {op_id for (op_id,) in disk.execute("SELECT op_id FROM outbox")}
    return kept


# -- none applied twice, lanes in order -------------------------------------------------------


def doubled(server: Server) -> Iterator[str]:
    times = Counter(op["op_id"] for _, op in server.history)
    yield from (f"doubled: op {op_id} x{n}" for op_id, n in times.items() if n > 1)


def out_of_order(server: Server, witness: Witness) -> Iterator[str]:
    """Ops of one lane and terminal have their effect in the order in which they were accepted.

    What a person sent again is a new op, at a new place.
    """
    lanes: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for _, op in server.history:
        if op["op_id"] in witness.accepted:
            terminal, _ = witness.accepted[op["op_id"]]
            lanes.setdefault((terminal, op["lane"]), []).append(op)
    for ops in lanes.values():
        for one, other in pairwise(ops):
            if one["seq"] > other["seq"]:
                yield f"order: {one['kind']} #{one['seq']} before {other['kind']} #{other['seq']}"


# -- money and stock are conserved ------------------------------------------------------------


def money(server: Server) -> Iterator[str]:
    payments = server.rows.tables["payments"]
    taken = Counter[str]()
    for _, op in server.history:
        if op["kind"] == "pay":
            taken[op["args"]["order_id"]] += op["args"]["payment"]["amount"]
    stored = Counter[str]()
    for payment in payments.values():
        stored[payment["order_id"]] += payment["amount"]
    paid = Counter({pk: row["paid"] for pk, row in server.rows.tables["orders"].items()})
    if not +taken == +stored == +paid:
        yield f"money: accepted {+taken}, stored {+stored}, paid {+paid}"


def stock(server: Server) -> Iterator[str]:
    levels = {row["id"]: row["level"] for row in STOCK}
    pieces = _pieces(server)
    for line in server.rows.tables["order_lines"].values():
        for item, variant, stock_item, qty in RECIPES:
            if item == line["item_id"] and variant in ("", line["variant"]):
                levels[stock_item] = levels.get(stock_item, 0) - qty * pieces[line["id"]]
    for _, op in server.history:
        if op["kind"] == "adjust_stock":
            levels[op["args"]["stock_item_id"]] += op["args"]["delta"]
    for pk, row in server.rows.tables["stock_items"].items():
        if row["level"] != levels[pk]:
            yield f"stock: {pk} is {row['level']}, should be {levels[pk]}"


def _pieces(server: Server) -> Counter[str]:
    """The pieces of each line that were ever asked for: what is taken back is used all the same."""
    begun, wanted = Counter[str](), Counter[str]()
    for _, op in server.history:
        args = op["args"]
        now = {line["id"]: line["qty"] for line in args.get("lines", ())}
        if op["kind"] == "change_qty":
            now = {args["line_id"]: args["qty"]}
        for line_id, qty in now.items():
            begun[line_id] += max(0, qty - wanted[line_id])
            wanted[line_id] = qty
    return begun


def settings(server: Server) -> Iterator[str]:
    """The kitchen is set up as was said last."""
    wanted: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for _, op in server.history:
        if op["kind"] == "set_up":
            args = op["args"]
            wanted[args["table"], args["id"]].update(args["values"])
    for (table, pk), values in wanted.items():
        row = server.rows.tables[table][pk]
        if unlike := {name: row[name] for name in values if row[name] != values[name]}:
            yield f"settings: {pk} of {table} has {unlike}, should have {values}"


# -- replicas are equal, people are told ------------------------------------------------------


def different(server: Server, terminal: Terminal) -> Iterator[str]:
    """With nothing pending, what a terminal shows is what the server has."""
    assert terminal.session is not None
    tables = FLOOR_TABLES if terminal.role == "kitchen" else (*FLOOR_TABLES, *OFFICE_TABLES)
    for table in tables:
        shown, there = terminal.session.store.rows(table), server.rows.tables[table]
        if shown != there:
            keys = sorted(pk for pk in {*shown, *there} if shown.get(pk) != there.get(pk))
            yield f"replica: {terminal.name} shows other {table}: {keys}"


def untold(terminal: Terminal) -> Iterator[str]:
    """A terminal that is locked out says so, as soon as it has something to send."""
    assert terminal.session is not None
    status = terminal.session.status
    if status.waiting and QUARANTINED not in (status.problem or ""):
        yield f"untold: {terminal.name} is locked out and says {status.problem!r}"


def unsettled(server: Server, terminals: Iterable[Terminal], *, attended: bool) -> Iterator[str]:
    """Liveness: who is not yet connected, complete, and rid of what waited.

    A terminal that is locked out keeps what it has to send, and reads on: only then does it know
    of a restored server, and that what it had sent waits again. `attended`: there is a manager
    who lets it in.
    """
    for terminal in terminals:
        session = terminal.session
        if session is None or session.device is None:
            yield f"liveness: {terminal.name} does not run"
            continue
        status, locked = session.status, locked_out(server, terminal)
        if locked and attended:
            yield f"liveness: {terminal.name} is not let in"
        elif locked:
            yield from untold(terminal)
        if status.link != "connected" or not status.complete or (status.waiting and not locked):
            yield f"liveness: {terminal.name} {status}"
        elif status.complete_to != server.floor.rev:
            yield f"liveness: {terminal.name} at {status.complete_to} of {server.floor.rev}"


def _brief(command: Command) -> str:
    return f"{command.kind} #{command.seq} in {command.lane} ({command.op_id})"
