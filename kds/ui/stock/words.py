"""Stock in the words of a kitchen. Pure."""

from __future__ import annotations

from kds.domain.stock import StockView
from kds.ui.kit.rowlist import RowSpec
from kds.ui.kit.shapes import Shape
from kds.ui.theme.tokens import ToneName

_LARGE = {"g": "kg", "ml": "l"}
STATES: dict[str, tuple[str, ToneName, Shape]] = {
    "ok": ("OK", "ok", "check"),
    "low": ("Low", "warn", "triangle"),
    "out": ("Out", "danger", "cross"),
}


def amount(quantity: int, unit: str) -> str:
    """`850, "g"` -> `850 g`; `18400, "g"` -> `18.4 kg`; `64, "pcs"` -> `64`."""
    sign = "−" if quantity < 0 else ""
    size = abs(quantity)
    if unit in _LARGE and size >= 1000:
        text = f"{size / 1000:,.2f}".rstrip("0").rstrip(".")
        return f"{sign}{text} {_LARGE[unit]}"
    return f"{sign}{size:,}" if unit == "pcs" else f"{sign}{size:,} {unit}"


def stock_row(item: StockView) -> RowSpec:
    """The item in the list; the bar is full at par, its mark is where it becomes low."""
    text, tone, shape = STATES[item.status]
    mark = item.low_level / item.par_level if item.par_level > 0 else -1.0
    return RowSpec(
        title=item.name,
        subtitle=f"low at {amount(item.low_level, item.unit)} · full at "
        f"{amount(item.par_level, item.unit)}",
        value=amount(item.level, item.unit),
        pill=(text, tone, shape),
        bar=(item.fill, mark, tone),
    )


def steps(unit: str) -> tuple[int, ...]:
    """By how much the level is usually corrected, in smallest units."""
    return (1, 5, 10) if unit == "pcs" else (100, 500, 1000)
