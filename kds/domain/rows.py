"""The shared tables as every terminal holds them: one TypedDict a table, and their streams.

A row is the server's own JSON (`to_jsonb(row)` under TimeZone UTC): ids are text, money and
stock levels are integers (minor units; smallest stock units), instants are ISO 8601 text with
offset `+00:00`. Unknown fields are kept and ignored, so an older client lives with a newer
server. Every shared row has `id` and `branch_id`; `id` is unique within a branch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

Row = Mapping[str, Any]
Tables = Mapping[str, Mapping[str, Row]]
"""table name -> id -> row."""

OrderType = Literal["dine_in", "takeaway", "delivery"]
OrderState = Literal["open", "closed", "void"]
StopState = Literal["sent", "started", "ready"]
LineState = Literal["sent", "started", "ready", "void"]
Role = Literal["kitchen", "pos", "manager"]
Pacing = Literal["at_once", "auto", "manual"]
"""How the courses of an order follow each other: all together; the next one when the one before
it is ready; or when somebody fires it."""
Flag = Literal["", "added", "qty", "void"]
"""What happened to a line after its order was sent, for the cooks to acknowledge."""

FLOOR_TABLES = (
    "branches",
    "stations",
    "staff",
    "devices",
    "menu_items",
    "modifiers",
    "stock_items",
    "recipes",
    "orders",
    "order_lines",
)
OFFICE_TABLES = ("payments",)


def floor_stream(branch_id: str) -> str:
    """The stream that every device of the branch may read."""
    return f"floor:{branch_id}"


def office_stream(branch_id: str) -> str:
    """The stream of money and other matters of the office: managers and tills."""
    return f"office:{branch_id}"


class BranchRow(TypedDict):
    id: str
    branch_id: str  # its own id, so that every shared table has the column
    name: str
    currency: str  # ISO 4217
    timezone: str  # IANA
    expo_stages: NotRequired[int]  # 1: hand over; 2: assemble, then hand over
    type_ages: NotRequired[dict[str, list[int]]]  # order type -> [warn_after_s, late_after_s]


class StationRow(TypedDict):
    id: str
    branch_id: str
    name: str
    position: int
    categories: list[str]  # menu categories that this station prepares
    warn_after_s: int
    late_after_s: int
    items: NotRequired[list[str]]  # menu items that it prepares, whatever their category
    modifiers: NotRequired[list[str]]  # chosen modifiers that bring a line here too
    stage: NotRequired[int]  # 1, 2, ...: a line comes here when lower stages have bumped it
    backup_id: NotRequired[str]  # the station that can stand in, or ""
    covered_by: NotRequired[str]  # the station that stands in now, or ""
    unattended: NotRequired[bool]  # it has no screen, and is not to have one


class StaffRow(TypedDict):
    id: str
    branch_id: str
    name: str
    role: Role
    active: bool


class DeviceRow(TypedDict):
    id: str
    branch_id: str
    name: str
    role: Role
    letter: str  # first part of the order numbers that this terminal assigns
    locked_since: NotRequired[str | None]  # its disk was copied: a manager has to let it in again


class Variant(TypedDict):
    name: str  # "M"; "" when the item has one size only
    price: int


class MenuItemRow(TypedDict):
    id: str
    branch_id: str
    name: str
    category: str
    position: int
    variants: list[Variant]
    allergens: list[str]
    out_since: str | None  # 86'd at; None when it can be sold
    prep_s: NotRequired[int]  # how long it takes to make, 0 when not known
    warn_after_s: NotRequired[int | None]  # instead of the station's
    late_after_s: NotRequired[int | None]


class ModifierRow(TypedDict):
    id: str
    branch_id: str
    name: str
    kind: Literal["add", "remove"]
    price: int
    categories: list[str]


class StockItemRow(TypedDict):
    id: str
    branch_id: str
    name: str
    unit: str  # "g", "ml", "pcs"
    level: int  # may fall below zero: the kitchen knows more than the count
    low_level: int
    par_level: int


class RecipeRow(TypedDict):
    id: str  # item_id:variant:stock_item_id
    branch_id: str
    item_id: str
    variant: str
    stock_item_id: str
    qty: int


class QuestionValue(TypedDict):
    """Something the kitchen wants to know about an order. `answer` is "" until it comes."""

    id: str
    text: str
    options: list[str]  # answers that take one tap
    asked_by: str
    asked_at: str
    answer: str
    answered_by: str
    answered_at: str | None


class OrderRow(TypedDict):
    id: str
    branch_id: str
    device_id: str
    number: str  # "A-017"
    type: OrderType
    table_name: str
    customer: str
    server: str
    note: str
    rush: bool
    state: OrderState
    total: int
    paid: int
    placed_at: str
    ready_at: str | None  # when the last line became ready
    closed_at: str | None
    archived_at: NotRequired[str | None]
    vip: NotRequired[bool]
    promised_at: NotRequired[str | None]
    pacing: NotRequired[Pacing]
    together: NotRequired[bool]  # dishes of a course are begun so that they end together
    assembled_at: NotRequired[str | None]  # complete on the pass
    handed_at: NotRequired[str | None]  # to the guest, the runner or the driver
    questions: NotRequired[list[QuestionValue]]


class LineModifier(TypedDict):
    id: str
    name: str
    kind: Literal["add", "remove"]
    price: int


class StopValue(TypedDict):
    """A station on the route of a line. It is due when all stops of lower stages are ready."""

    station_id: str
    stage: int
    state: StopState
    started_at: str | None
    ready_at: str | None


class LineRow(TypedDict):
    id: str
    branch_id: str
    order_id: str
    position: int
    item_id: str
    name: str
    variant: str
    qty: int
    price: int  # of one, modifiers included
    modifiers: list[LineModifier]
    note: str
    course: int
    seat: int | None
    station_id: str
    state: LineState
    sent_at: str
    started_at: str | None
    ready_at: str | None
    voided_at: str | None
    void_reason: str
    archived_at: NotRequired[str | None]
    route: NotRequired[list[StopValue]]  # [] when `station_id` alone makes it
    held: NotRequired[bool]  # not to be made until it is fired
    fire_at: NotRequired[str | None]  # when it was, or is to be, begun; None: when it was sent
    prep_s: NotRequired[int]  # the menu's, when it was sent
    flag: NotRequired[Flag]
    flag_at: NotRequired[str | None]
    was_qty: NotRequired[int | None]  # before the change of flag "qty"
    seen_by: NotRequired[list[str]]  # stations that have acknowledged the flag
    made_by: NotRequired[str]  # who bumped it


class PaymentRow(TypedDict):
    id: str
    branch_id: str
    order_id: str
    device_id: str
    tender: Literal["cash", "card"]
    amount: int
    taken_at: str
    archived_at: NotRequired[str | None]
