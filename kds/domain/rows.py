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
LineState = Literal["sent", "started", "ready", "void"]
Role = Literal["kitchen", "pos", "manager"]

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


class StationRow(TypedDict):
    id: str
    branch_id: str
    name: str
    position: int
    categories: list[str]  # menu categories that this station prepares
    warn_after_s: int
    late_after_s: int


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


class LineModifier(TypedDict):
    id: str
    name: str
    kind: Literal["add", "remove"]
    price: int


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


class PaymentRow(TypedDict):
    id: str
    branch_id: str
    order_id: str
    device_id: str
    tender: Literal["cash", "card"]
    amount: int
    taken_at: str
    archived_at: NotRequired[str | None]
