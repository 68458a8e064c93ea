"""The day in figures: orders, an instant and a time zone in, numbers out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from statistics import fmean, median

from kds.domain.orders import OrderView

LATE_AFTER_S = 480


@dataclass(frozen=True, slots=True)
class Figures:
    """One day of a branch. Void orders count only in `void`. Money in minor units.

    A ticket's time runs from placed to ready, in seconds; the averages are None before the first
    order is ready. `late_share` is of the orders that are ready or already past `LATE_AFTER_S`,
    0.0 to 1.0, None while there are none. `per_hour` has 24 counts of placed orders, by the
    branch's own wall clock.
    """

    orders: int = 0
    open: int = 0
    ready: int = 0
    late_now: int = 0
    void: int = 0
    sales: int = 0
    paid: int = 0
    average_s: float | None = None
    median_s: float | None = None
    late_share: float | None = None
    per_hour: tuple[int, ...] = (0,) * 24

    @property
    def average_order(self) -> int:
        """Sales per order, rounded to the minor unit; 0 before the first order."""
        return round(self.sales / self.orders) if self.orders else 0


def figures(
    orders: Iterable[OrderView], now: datetime, zone: tzinfo, late_after_s: int = LATE_AFTER_S
) -> Figures:
    """The figures of the day that `now` falls on in `zone`.

    An order that is still open counts under `open` and `ready` on whatever day it was placed:
    somebody is waiting for it.
    """
    everything = list(orders)
    today = [order for order in everything if is_today(order, now, zone)]
    counted = [order for order in today if order.progress != "void"]
    waiting = [order for order in everything if order.progress in ("sent", "started")]
    times = [seconds for order in counted if (seconds := ticket_time(order)) is not None]
    late_now = sum(age_s(order, now) >= late_after_s for order in waiting)
    return Figures(
        orders=len(counted),
        open=len(waiting),
        ready=sum(order.progress == "ready" for order in everything),
        late_now=late_now,
        void=len(today) - len(counted),
        sales=sum(order.total for order in counted),
        paid=sum(order.paid for order in counted),
        average_s=fmean(times) if times else None,
        median_s=median(times) if times else None,
        late_share=_late_share(times, late_now, late_after_s),
        per_hour=_per_hour(counted, zone),
    )


def late_orders(
    orders: Iterable[OrderView], now: datetime, late_after_s: int = LATE_AFTER_S
) -> tuple[OrderView, ...]:
    """The orders that are still being cooked and already late, the longest waiting first."""
    late = (
        order
        for order in orders
        if order.progress in ("sent", "started") and age_s(order, now) >= late_after_s
    )
    return tuple(sorted(late, key=lambda order: (order.placed_at, order.number)))


def age_s(order: OrderView, now: datetime) -> float:
    """Seconds since the order was placed; never negative, whatever the clocks say."""
    return max(0.0, (now - order.placed_at) / timedelta(seconds=1))


def ticket_time(order: OrderView) -> float | None:
    """Seconds from placed to ready; None while the order is not ready."""
    if order.ready_at is None:
        return None
    return max(0.0, (order.ready_at - order.placed_at) / timedelta(seconds=1))


def is_today(order: OrderView, now: datetime, zone: tzinfo) -> bool:
    """Whether the order was placed on the day of `now`, by the clock of `zone`."""
    return order.placed_at.astimezone(zone).date() == now.astimezone(zone).date()


def _late_share(times: Sequence[float], late_now: int, late_after_s: int) -> float | None:
    judged = len(times) + late_now
    if not judged:
        return None
    return (sum(seconds >= late_after_s for seconds in times) + late_now) / judged


def _per_hour(orders: Iterable[OrderView], zone: tzinfo) -> tuple[int, ...]:
    counts = [0] * 24
    for order in orders:
        counts[order.placed_at.astimezone(zone).hour] += 1
    return tuple(counts)
