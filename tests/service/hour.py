"""The hour to play: the busiest one of many sales, or one that a seed makes up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random

from kds.sim.orders_csv import Sale, orders_of
from kds.sim.service import SimLine, SimOrder

HOUR = timedelta(hours=1)
PIZZAS = (
    SimLine("hawaiian", "Hawaiian", "M", "classic", 1, 1325),
    SimLine("pepperoni", "Pepperoni", "L", "classic", 1, 1525),
    SimLine("thai-ckn", "Thai Chicken", "L", "chicken", 1, 2075),
    SimLine("bbq-ckn", "Barbecue Chicken", "S", "chicken", 1, 1275),
    SimLine("five-cheese", "Five Cheese", "L", "veggie", 1, 1850),
    SimLine("spin-pesto", "Spinach Pesto", "M", "veggie", 1, 1650),
    SimLine("italian-supr", "Italian Supreme", "M", "supreme", 1, 1650),
    SimLine("soppressata", "Soppressata", "S", "supreme", 1, 1250),
)


def busiest_hour(sales: Iterable[Sale]) -> tuple[datetime, tuple[SimOrder, ...]]:
    """The sixty minutes of one day in which most pieces were sold: when they begin, what came.

    The first of several that are equally busy. Raises ValueError when nothing was sold.
    """
    ordered = sorted(sales, key=lambda sale: sale.at)
    days = groupby(ordered, key=lambda sale: sale.at.date())
    hours = (hour for _, day in days for hour in _hours(list(day)))
    hour = max(hours, key=len)
    return hour[0].at, orders_of(hour)


def _hours(day: Sequence[Sale]) -> Iterable[Sequence[Sale]]:
    """What was sold within an hour of each sale; `day` is in the order of time."""
    end = 0
    for start, sale in enumerate(day):
        while end < len(day) and day[end].at < sale.at + HOUR:
            end += 1
        yield day[start:end]


def made_up_day(seed: int, busy_orders: int = 14) -> list[Sale]:
    """A day with an order now and then, and an hour in the evening with `busy_orders`."""
    rng, day = Random(seed), date(2015, 11, 27)
    quiet = [datetime.combine(day, time(hour, rng.randrange(60))) for hour in range(11, 18)]
    evening = datetime.combine(day, time(19))
    busy = [evening + timedelta(seconds=rng.randrange(3600)) for _ in range(busy_orders)]
    return [
        Sale(f"2015-{number:06d}", at, rng.choice(PIZZAS))
        for number, at in enumerate(sorted((*quiet, *busy)))
        for _ in range(rng.choice((1, 2, 3, 4)))
    ]
