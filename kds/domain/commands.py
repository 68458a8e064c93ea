"""Commands: what a terminal asks for, and what the server answers.

One op on the wire (`apply_ops`, and a row of the outbox):

    {op_id, seq, kind, v, lane, actor, at, args}

`seq` is dense and unique per device, `lane` is what later ops must wait behind when this one is
refused (an order's id, `item:<id>`, `stock:<id>`), `actor` names the person, `at` is the instant
of the tap in estimated server time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    # front of house
    "place_order",  # {order: NewOrder, lines: [NewLine]}
    "add_lines",  # {order_id, lines: [NewLine]}
    "change_qty",  # {order_id, line_id, qty, force?: true (also when it is ready)}
    "void_line",  # {order_id, line_id, reason, force?: true (void it also when it is ready)}
    "void_order",  # {order_id, reason}
    "close_order",  # {order_id}
    "pay",  # {order_id, payment: {id, tender, amount}}
    "answer",  # {order_id, question_id, answer}
    # front of house and kitchen
    "fire",  # {order_id, course?}: make what is held; every course when it is absent or null
    "hold",  # {order_id, course?}: what is not begun waits until it is fired
    "mark",  # {order_id, rush?: bool, vip?: bool}
    "eighty_six",  # {item_id, out: bool}
    # the kitchen; `stations` as in `At`
    "start",  # {order_id, line_ids, stations?}
    "bump",  # {order_id, line_ids, stations?}
    "recall",  # {order_id, line_ids, stations?}
    "acknowledge",  # {order_id, line_ids, stations?}: the cooks have seen the flags
    "ask",  # {order_id, question: {id, text, options: [text]}}
    "adjust_stock",  # {stock_item_id, delta, reason}
    # the pass
    "assemble",  # {order_id, done: bool}
    "hand_over",  # {order_id, done: bool}
    "cover",  # {station_id, by: station id, or "" to end it}
    # the manager
    "set_up",  # {table, id, values: {column: value}}: of a station, the branch or a menu item
]
"""NewOrder: {id, number, type, table_name, customer, server, note, rush, vip?, promised_at?,
pacing?, together?}.
NewLine: {id, item_id, name, variant, qty, price, modifiers, note, course, seat, station_id,
route?: [{station_id, stage}], prep_s?}.
At: the ids of the stations that the act is for; every station of the line when absent or empty."""

VERSION = 1


@dataclass(frozen=True, slots=True)
class Command:
    """One op. `args` is plain JSON, shaped by `kind` as listed at `Kind`."""

    op_id: str
    seq: int
    kind: Kind
    lane: str
    actor: str
    at: str
    args: dict[str, Any]
    v: int = VERSION

    def to_wire(self) -> dict[str, Any]:
        return {
            "op_id": self.op_id,
            "seq": self.seq,
            "kind": self.kind,
            "v": self.v,
            "lane": self.lane,
            "actor": self.actor,
            "at": self.at,
            "args": self.args,
        }


Result = Literal["applied", "duplicate", "conflict", "rejected", "blocked"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The server's word on one op.

    `first` is the original result when `result` is "duplicate". `revs` maps stream id to the rev
    at which the op's effect (if any) is complete: an overlay goes when every cursor has reached it.
    `remote` of a conflict: {row: as it is now, kind, actor, device, at: of its last change}; what
    the server does not know is null.
    """

    seq: int
    op_id: str
    result: Result
    first: Result | None = None
    reason: str = ""
    blocked_by: str | None = None
    remote: dict[str, Any] | None = None
    revs: dict[str, int] = field(default_factory=dict)
