"""Verbs of the expo: orders leave the pass, and a station stands in for another."""

from __future__ import annotations

from kds.domain.args import Args, flag, optional_text, text
from kds.domain.effect import Draft
from kds.domain.refusals import Reject
from kds.domain.rows import Row
from kds.domain.verbs.finding import find_order, require_made


def assemble(draft: Draft, args: Args) -> None:
    _pass(draft, args, "assembled_at")


def hand_over(draft: Draft, args: Args) -> None:
    _pass(draft, args, "handed_at")


def cover(draft: Draft, args: Args) -> None:
    """Screens of the station `by` show this one's lines, too.

    Not by one that is covered itself: its screens may be the ones that are dark.
    """
    station_id = text(args, "station_id")
    by = optional_text(args, "by")
    station = _station(draft, station_id, "unknown station")
    if by:
        stand_in = _station(draft, by, "unknown stand-in")
        if by == station_id:
            raise Reject(f"{station['name']} cannot stand in for itself")
        if stand_in.get("covered_by"):
            raise Reject(f"{stand_in['name']} is covered itself")
    draft.update("stations", station, covered_by=by)


def _pass(draft: Draft, args: Args, mark: str) -> None:
    """The first time counts. What was added while it was put together is still to come."""
    order, done = find_order(draft, args), flag(args, "done")
    if done:
        require_made(draft, order)
    if done != bool(order.get(mark)):
        draft.update("orders", order, **{mark: draft.at if done else None})


def _station(draft: Draft, station_id: str, otherwise: str) -> Row:
    station = draft.row("stations", station_id)
    if station is None:
        raise Reject(otherwise)
    return station
