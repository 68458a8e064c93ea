"""The merged view: what pending commands add to the server's rows, kept up to date cheaply."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kds.domain import rows as domain_rows
from kds.domain.apply import apply, effect_of
from kds.domain.changes import RowChange
from kds.domain.commands import Command
from kds.domain.effect import TablesView
from kds.domain.refusals import Rejected
from kds.sync import overlay as overlay_module
from kds.sync.overlay import Overlay
from tests.support.restaurant import (
    BRANCH,
    KINDS,
    OFFICE,
    Draw,
    commands,
    new_line,
    new_order,
    rows,
)

AT = "2026-11-21T08:00:00+00:00"
Tables = dict[str, dict[str, Any]]


def op(seq: int, kind: Any, lane: str = "o1", **args: Any) -> Command:
    return Command(f"op{seq}", seq, kind, lane, "Mia", AT, args)


def place(seq: int = 1, order_id: str = "o1", *line_ids: str) -> Command:
    lines = [new_line(line_id) for line_id in line_ids or (f"{order_id}-l1",)]
    return op(seq, "place_order", order_id, order=new_order(order_id), lines=lines)


def bump(seq: int, order_id: str, *line_ids: str) -> Command:
    return op(seq, "bump", order_id, order_id=order_id, line_ids=list(line_ids))


def merged(overlay: Overlay) -> Tables:
    return {table: dict(found) for table, found in overlay.tables.items() if found}


def loaded(*pending: Command) -> Overlay:
    overlay = Overlay(BRANCH, OFFICE)
    overlay.load(rows(), pending)
    return overlay


def done_by_server(base: domain_rows.Tables, *done: Command) -> list[RowChange]:
    """What the server's log says after it has applied these commands to `base`."""
    after: dict[str, dict[str, Any]] = {table: dict(found) for table, found in base.items()}
    changed: dict[tuple[str, str], RowChange] = {}
    for command in done:
        result = apply(TablesView(after), command, BRANCH, OFFICE)
        for change in result if isinstance(result, tuple) else ():
            assert change.after is not None
            after.setdefault(change.table, {})[change.pk] = change.after
            changed[change.table, change.pk] = replace(change, before=None)
    return list(changed.values())


def keys(changes: tuple[RowChange, ...]) -> set[tuple[str, str]]:
    return {(change.table, change.pk) for change in changes}


def test_load_reports_every_row_with_pending_commands_on_top() -> None:
    overlay = Overlay(BRANCH, OFFICE)
    change_set = overlay.load(rows(), [place()])
    assert change_set.initiator == "load"
    assert len(change_set.changes) == len(rows()) + 2
    assert all(change.before is None for change in change_set.changes)
    assert overlay.tables["stock_items"]["mozzarella"]["level"] == 2380
    assert overlay.base["stock_items"]["mozzarella"]["level"] == 2500
    assert "o1" not in overlay.base["orders"]


def test_loading_again_reports_only_the_difference() -> None:
    overlay = loaded(place())
    change_set = overlay.load(rows(), [])
    assert keys(change_set.changes) == {
        ("orders", "o1"),
        ("order_lines", "o1-l1"),
        ("stock_items", "mozzarella"),
        ("stock_items", "dough"),
    }
    assert overlay.pending == ()


def test_push_is_local_and_stacks() -> None:
    overlay = loaded()
    overlay.push(place())
    change_set = overlay.push(bump(2, "o1", "o1-l1"))
    assert change_set.initiator == "local"
    assert overlay.tables["order_lines"]["o1-l1"]["state"] == "ready"
    assert overlay.tables["orders"]["o1"]["ready_at"] == AT
    assert [command.seq for command in overlay.pending] == [1, 2]


def test_a_refused_command_changes_nothing_and_says_why() -> None:
    overlay = loaded()
    assert overlay.push(bump(1, "nobody", "x")).changes == ()
    assert overlay.refusal("op1") == Rejected("unknown order")
    assert overlay.refusal("never seen") is None


def test_a_confirmed_command_leaves_without_a_visible_change() -> None:
    overlay = loaded(place(1, "o1"), place(2, "o2"))
    base = done_by_server(overlay.base, place(1, "o1"))
    change_set = overlay.rebase(base, {"op1"}, {"floor": 7})
    assert change_set.changes == ()
    assert (change_set.initiator, change_set.revs) == ("remote", {"floor": 7})
    assert [command.op_id for command in overlay.pending] == ["op2"]
    assert overlay.tables["stock_items"]["mozzarella"]["level"] == 2260


def test_a_rejected_command_takes_its_effect_and_its_followers_along() -> None:
    overlay = loaded(place(1), bump(2, "o1", "o1-l1"), place(3, "o2"))
    change_set = overlay.rebase((), {"op1"}, {})
    assert {change.pk for change in change_set.changes if change.after is None} == {"o1", "o1-l1"}
    assert overlay.refusal("op2") == Rejected("unknown order")
    assert "o2" in overlay.tables["orders"]


def test_a_follower_comes_back_to_life_when_its_order_arrives() -> None:
    overlay = loaded(bump(2, "o1", "o1-l1"))
    overlay.rebase(done_by_server(overlay.base, place(1)), (), {})
    assert overlay.refusal("op2") is None
    assert overlay.tables["order_lines"]["o1-l1"]["state"] == "ready"


def test_both_tills_lines_stay_on_the_order() -> None:
    overlay = loaded()
    overlay.rebase(done_by_server(overlay.base, place(1)), (), {})
    overlay.push(op(5, "add_lines", order_id="o1", lines=[new_line("mine")]))
    theirs = op(9, "add_lines", order_id="o1", lines=[new_line("theirs")])
    overlay.rebase(done_by_server(overlay.base, theirs), (), {})
    lines = overlay.tables["order_lines"]
    assert [lines[pk]["position"] for pk in ("o1-l1", "theirs", "mine")] == [1, 2, 3]
    assert overlay.tables["orders"]["o1"]["total"] == 3600


def test_stock_counts_sales_elsewhere_and_pending_ones_together() -> None:
    overlay = loaded(place())
    row = {**overlay.base["stock_items"]["mozzarella"], "level": 1000}
    change_set = overlay.rebase([RowChange("stock_items", "mozzarella", None, row)], (), {})
    assert [change.after["level"] for change in change_set.changes if change.after] == [880]
    gone = overlay.rebase([RowChange("stock_items", "mozzarella", None, None)], (), {})
    assert keys(gone.changes) == {("stock_items", "mozzarella")}
    assert "mozzarella" not in overlay.tables["stock_items"]


def test_a_row_that_leaves_the_base_leaves_the_view() -> None:
    overlay = loaded()
    change_set = overlay.rebase([RowChange("recipes", "margherita::dough", None, None)], (), {})
    assert keys(change_set.changes) == {("recipes", "margherita::dough")}
    overlay.push(place())
    assert overlay.tables["stock_items"]["dough"]["level"] == 20


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the commands that were run, in order."""
    found: list[str] = []
    original = effect_of

    def counting(view: Any, command: Command, branch_id: str, device_id: str) -> Any:
        found.append(command.op_id)
        return original(view, command, branch_id, device_id)

    monkeypatch.setattr(overlay_module, "effect_of", counting)
    return found


def test_a_base_row_that_no_command_touches_runs_none_again(runs: list[str]) -> None:
    overlay = loaded(place(1, "o1"), place(2, "o2"))
    runs.clear()
    sold = {**overlay.base["stock_items"]["mozzarella"], "level": 9}
    station = {**overlay.base["stations"]["cold"], "name": "Salads"}
    change_set = overlay.rebase(
        [
            RowChange("stock_items", "mozzarella", None, sold),
            RowChange("stations", "cold", None, station),
        ],
        (),
        {},
    )
    assert len(change_set.changes) == 2
    assert runs == []


def test_only_commands_on_the_same_order_run_again(runs: list[str]) -> None:
    overlay = loaded(place(1, "o1"), place(2, "o2"), bump(3, "o1", "o1-l1"), place(4, "o3"))
    runs.clear()
    overlay.rebase(done_by_server(overlay.base, place(1, "o1")), {"op1"}, {})
    assert runs == ["op3"]


draws: st.SearchStrategy[Draw] = st.tuples(
    st.integers(0, len(KINDS) - 1), st.integers(0, 2), st.integers(0, 7), st.integers(0, 5)
)
steps = st.lists(
    st.tuples(
        st.sampled_from(["tap", "tap", "tap", "server", "lose", "other", "menu"]),
        draws,
        st.integers(0, 7),
    ),
    max_size=30,
)


@settings(max_examples=120, deadline=None)
@given(steps)
def test_however_it_came_about_the_view_is_the_base_with_all_pending_run_on_it(
    script: list[tuple[str, Draw, int]],
) -> None:
    overlay = loaded()
    taps = iter(commands([draw for _, draw, _ in script], "mine"))
    others = iter(commands([draw for _, draw, _ in script], "mine" if len(script) % 2 else "its"))
    shown: Tables = {table: dict(found) for table, found in overlay.tables.items()}
    for what, draw, number in script:
        tap, other = next(taps), next(others)
        pending = overlay.pending
        named = {command.op_id for command in pending[: 1 + number]}
        match what:
            case "tap":
                change_set = overlay.push(tap)
            case "server":
                done = [command for command in pending if command.op_id in named]
                change_set = overlay.rebase(done_by_server(overlay.base, *done), named, {})
            case "lose":
                lost = {pending[number % len(pending)].op_id} if pending else set()
                change_set = overlay.rebase((), lost | {"unknown"}, {})
            case "other":
                change_set = overlay.rebase(done_by_server(overlay.base, other), (), {})
            case _:
                change_set = overlay.rebase([menu_change(overlay, draw)], (), {})
        for change in change_set.changes:
            assert change.before == shown.get(change.table, {}).get(change.pk)
            assert change.before != change.after
            if change.after is None:
                del shown[change.table][change.pk]
            else:
                shown.setdefault(change.table, {})[change.pk] = dict(change.after)
        assert len(keys(change_set.changes)) == len(change_set.changes)
        assert merged(overlay) == {table: found for table, found in shown.items() if found}
        afresh = Overlay(BRANCH, OFFICE)
        base = [(table, row) for table, found in overlay.base.items() for row in found.values()]
        afresh.load(base, overlay.pending)
        assert merged(overlay) == merged(afresh)
        assert [overlay.refusal(c.op_id) for c in overlay.pending] == [
            afresh.refusal(c.op_id) for c in overlay.pending
        ]


def menu_change(overlay: Overlay, draw: Draw) -> RowChange:
    """A recipe comes, changes or goes; now and then a stock item or an order goes."""
    what, which, _, amount = draw
    if what % 4 == 0:
        return RowChange("stock_items", ("mozzarella", "dough", "lettuce")[which], None, None)
    if what % 4 == 1 and overlay.base["orders"]:
        return RowChange("orders", sorted(overlay.base["orders"])[0], None, None)
    pk = f"margherita:{('M', 'L', '')[which]}:mozzarella"
    row = {
        "id": pk,
        "branch_id": BRANCH,
        "item_id": "margherita",
        "variant": pk.split(":")[1],
        "stock_item_id": "mozzarella",
        "qty": amount,
    }
    return RowChange("recipes", pk, None, row if amount else None)
