"""The engine on a real file against the model server: what is accepted arrives, exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kds.base.clock import SystemClock
from kds.base.errors import KdsError, Refused, StorageError, TooLarge, Unauthorized, Unreachable
from kds.base.events import Event
from kds.domain.commands import Command
from kds.domain.rows import floor_stream
from tests.support.fake_connection import ModelServer
from tests.support.restaurant import BRANCH, new_line
from tests.support.sessions import wait_for
from tests.support.terminals import QUICK, Terminal, terminal

AUDITED = replace(QUICK, audit_first=0.0, audit=0.05)


@pytest.fixture
def server() -> ModelServer:
    return ModelServer(SystemClock())


@pytest.fixture
async def till(server: ModelServer, tmp_path: Path) -> AsyncIterator[Terminal]:
    async with terminal(server, tmp_path) as till:
        yield till


def shows_what_the_server_has(till: Terminal, server: ModelServer) -> bool:
    return all(
        till.rows(table) == {pk: dict(row) for pk, row in server.rows.tables[table].items()}
        for table in server.floor.tables
    )


async def test_a_new_terminal_fetches_everything(till: Terminal, server: ModelServer) -> None:
    await till.online()
    assert shows_what_the_server_has(till, server)
    assert {change_set.initiator for change_set in till.shown} == {"load"}
    assert till.engine.progress.complete_to == server.floor.rev


async def test_a_tap_shows_at_once_and_arrives_when_the_network_comes(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    till.connection.cut()
    await till.place("o1", "l1", "l2")
    assert till.shown[-1].initiator == "local"
    assert till.row("orders", "o1")["total"] == 2400
    assert till.engine.progress.waiting == 1
    assert "o1" not in server.rows.tables["orders"]
    till.connection.connect()
    await till.sent()
    await till.until(lambda: shows_what_the_server_has(till, server))
    assert len(server.applied) == 1


async def test_what_was_accepted_survives_a_restart(server: ModelServer, tmp_path: Path) -> None:
    async with terminal(server, tmp_path) as till:
        await till.online()
        till.connection.cut()
        await till.place("o1")
        await till.on_order("bump", "o1", line_ids=["o1"])
    async with terminal(server, tmp_path) as till:
        assert till.row("order_lines", "o1")["state"] == "ready"
        assert till.engine.progress.waiting == 2
        await till.online()
        await till.sent()
        await till.until(lambda: shows_what_the_server_has(till, server))
    assert len(server.applied) == 2


async def test_an_op_whose_answer_was_lost_has_its_effect_once(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    till.connection.deaf = True
    till.connection.lose = ["apply_ops", "apply_ops"]
    await till.on_order("adjust_stock", "stock:dough", stock_item_id="dough", delta=-3)
    await till.sent()
    assert len(server.applied) == 0  # a till may not
    await till.place("o1")
    await till.sent()
    await till.until(lambda: shows_what_the_server_has(till, server))
    assert server.applied.count(server.applied[0]) == 1
    assert server.rows.tables["stock_items"]["dough"]["level"] == 19


async def test_a_poke_with_its_rows_needs_no_pull(till: Terminal, server: ModelServer) -> None:
    await till.online()
    await till.until(lambda: till.engine.progress.head == till.engine.progress.complete_to)
    pulls = len(till.connection.called("changes_since"))
    dough = {**server.rows.tables["stock_items"]["dough"], "level": 7}
    server.write([("stock_items", "dough", dough)], None)
    await till.until(lambda: till.row("stock_items", "dough")["level"] == 7)
    assert till.shown[-1].initiator == "remote"
    assert till.shown[-1].revs[server.floor.name] == server.floor.rev
    assert len(till.connection.called("changes_since")) == pulls


async def test_a_gap_in_the_pokes_is_filled_by_a_pull(till: Terminal, server: ModelServer) -> None:
    await till.online()
    row = server.rows.tables["stock_items"]["dough"]
    till.connection.deaf = True
    server.write([("stock_items", "dough", {**row, "level": 1})], None)
    till.connection.deaf = False
    lettuce = server.rows.tables["stock_items"]["lettuce"]
    server.write([("stock_items", "lettuce", {**lettuce, "level": 2})], None)
    await till.until(lambda: shows_what_the_server_has(till, server))


async def test_without_any_poke_the_poll_finds_it(till: Terminal, server: ModelServer) -> None:
    await till.online()
    till.connection.deaf = True
    dough = {**server.rows.tables["stock_items"]["dough"], "level": 7}
    server.write([("stock_items", "dough", dough)], None)
    await till.until(lambda: till.row("stock_items", "dough")["level"] == 7)


async def test_a_row_that_leaves_the_server_leaves_the_terminal(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    await till.place("o1")
    await till.sent()
    server.write([("order_lines", "o1", None), ("orders", "o1", None)], None)
    await till.until(lambda: till.row("orders", "o1") is None)


async def test_two_tills_that_add_to_one_order_both_keep_their_lines(
    till: Terminal, server: ModelServer, tmp_path: Path
) -> None:
    async with terminal(server, tmp_path, "second") as second:
        await till.online()
        await till.place("o1", "l1")
        await till.sent()
        await second.online()
        till.connection.cut()
        second.connection.cut()
        await till.on_order("add_lines", "o1", lines=[new_line("mine")])
        await second.on_order("add_lines", "o1", lines=[new_line("yours")])
        till.connection.connect()
        second.connection.connect()
        await till.until(lambda: till.rows("order_lines").keys() == {"l1", "mine", "yours"})
        await second.until(lambda: second.rows("order_lines").keys() == {"l1", "mine", "yours"})
        await till.until(lambda: till.row("orders", "o1")["total"] == 3600)
        await till.until(lambda: shows_what_the_server_has(till, server))


async def test_a_refused_op_blocks_its_lane_only_and_stays_visible(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    till.connection.cut()
    first = await till.on_order("close_order", "nobody")
    behind = await till.on_order("bump", "nobody", line_ids=["x"])
    await till.place("o2")
    till.connection.connect()
    await till.sent()
    await till.until(lambda: shows_what_the_server_has(till, server))
    assert "o2" in server.rows.tables["orders"]
    refused, blocked = till.engine.dead_ops
    assert (refused.command, refused.result, refused.reason) == (first, "rejected", "unknown order")
    assert (blocked.command, blocked.result, blocked.blocked_by) == (
        behind,
        "blocked",
        first.op_id,
    )
    assert till.engine.progress.blocked == 2


async def test_retry_sends_the_refused_op_before_those_behind_it(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    first = await till.on_order("add_lines", "o1", lines=[new_line("l2")])
    await till.on_order("bump", "o1", line_ids=["l2"])
    await till.until(lambda: till.engine.progress.blocked == 2)
    server.write(
        [
            (table, pk, dict(row))
            for table, pk, row in (
                ("orders", "o1", ORDER),
                ("order_lines", "l1", {**LINE, "id": "l1"}),
            )
        ],
        None,
    )
    await till.engine.decisions.retry(first.op_id)
    await till.sent()
    await till.until(lambda: till.row("order_lines", "l2") is not None)
    assert server.rows.tables["order_lines"]["l2"]["state"] == "ready"
    assert till.engine.dead_ops == ()


async def test_discard_frees_what_waited_behind(till: Terminal, server: ModelServer) -> None:
    await till.online()
    first = await till.on_order("close_order", "o1")
    await till.until(lambda: till.engine.progress.blocked == 1)
    await till.place("o1")
    await till.until(lambda: till.engine.progress.blocked == 2)
    await till.engine.decisions.discard(first.op_id, "a mistake")
    await till.sent()
    assert "o1" in server.rows.tables["orders"]
    assert till.engine.dead_ops == ()


async def stuck(till: Terminal) -> tuple[Command, Command, Command]:
    """A refused op, one that is blocked behind it, and one accepted since without the server."""
    first = await till.on_order("close_order", "o1")
    second = await till.on_order("bump", "o1", line_ids=["l1"])
    await till.until(lambda: till.engine.progress.blocked == 2)
    till.connection.cut()
    return first, second, await till.on_order("start", "o1", line_ids=["l1"])


def lane_as_tried(till: Terminal) -> list[str]:
    """The kinds of ops in the last request."""
    return [op["kind"] for op in till.connection.called("apply_ops")[-1]["ops"]]


async def test_what_was_blocked_goes_before_what_was_accepted_later(
    server: ModelServer, tmp_path: Path
) -> None:
    async with terminal(server, tmp_path) as till:
        await till.online()
        first, _, _ = await stuck(till)
        await till.engine.decisions.discard(first.op_id, "a mistake")
        till.connection.connect()
        await till.until(lambda: bool(till.engine.dead_ops))
        assert lane_as_tried(till) == ["bump", "start"]


async def test_a_renewed_op_goes_first_also_after_a_restart(
    server: ModelServer, tmp_path: Path
) -> None:
    async with terminal(server, tmp_path) as till:
        await till.online()
        first, _, _ = await stuck(till)
        await till.engine.decisions.retry(first.op_id)
    async with terminal(server, tmp_path) as till:
        await till.online()
        await till.until(lambda: till.engine.progress.blocked == 3)
        assert lane_as_tried(till) == ["close_order", "bump", "start"]


async def test_a_server_that_has_forgotten_a_refusal_does_not_get_what_is_behind_it(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    first, _, third = await stuck(till)
    server.dead.clear()
    server.restore("second", forget_outcomes=True)
    till.connection.connect()
    await till.until(lambda: till.engine.progress.blocked == 3)
    assert till.engine.dead_ops[-1].command == third
    assert till.engine.dead_ops[-1].blocked_by == first.op_id
    await till.engine.decisions.discard(first.op_id, "a mistake")
    await till.until(lambda: till.engine.progress.blocked == 2)
    assert lane_as_tried(till) == ["bump", "start"]


async def test_a_refused_op_is_remembered_over_a_restart(
    server: ModelServer, tmp_path: Path
) -> None:
    async with terminal(server, tmp_path) as till:
        await till.online()
        await till.on_order("close_order", "nobody")
        await till.until(lambda: till.engine.progress.blocked == 1)
        dead = till.engine.dead_ops
    async with terminal(server, tmp_path) as till:
        assert till.engine.dead_ops == dead


async def in_conflict(till: Terminal, server: ModelServer, folder: Path) -> str:
    """The till voids a line of `o1` that Mia has bumped at the grill; the op's id."""
    async with terminal(server, folder, "grill", role="kitchen") as grill:
        await till.online()
        await till.place("o1", "l1", "l2")
        await till.sent()
        till.connection.cut()
        void = await till.on_order("void_line", "o1", line_id="l1", reason="dropped")
        assert till.row("order_lines", "l1")["state"] == "void"
        await grill.online()
        await grill.until(lambda: grill.row("order_lines", "l1") is not None)
        await grill.on_order("bump", "o1", line_ids=["l1"])
        await grill.sent()
    till.connection.connect()
    await till.until(lambda: bool(till.engine.dead_ops))
    await till.until(lambda: till.row("order_lines", "l1")["state"] == "ready")
    return void.op_id


async def test_a_conflict_blocks_nothing_and_waits_for_a_person(
    till: Terminal, server: ModelServer, tmp_path: Path
) -> None:
    op_id = await in_conflict(till, server, tmp_path)
    (dead,) = till.engine.dead_ops
    assert (dead.command.op_id, dead.result) == (op_id, "conflict")
    assert dead.remote is not None
    assert dead.remote["row"]["state"] == "ready"
    assert (dead.remote["kind"], dead.remote["actor"]) == ("bump", "Mia")
    await till.on_order("add_lines", "o1", lines=[new_line("l3")])
    await till.sent()
    assert "l3" in server.rows.tables["order_lines"]
    assert till.engine.dead_ops == (dead,)


async def test_doing_it_anyway_voids_the_ready_line_and_the_total_falls(
    till: Terminal, server: ModelServer, tmp_path: Path
) -> None:
    op_id = await in_conflict(till, server, tmp_path)
    till.connection.cut()
    await till.engine.decisions.do_anyway(op_id, "Leo")
    assert till.row("order_lines", "l1")["state"] == "void"
    assert till.row("orders", "o1")["total"] == 1200
    till.connection.connect()
    await till.sent()
    await till.until(lambda: server.rows.tables["orders"]["o1"]["total"] == 1200)
    assert till.engine.dead_ops == ()
    assert server.resolved[op_id] == ("done anyway", "Leo")


async def test_keeping_what_the_other_did_changes_nothing(
    till: Terminal, server: ModelServer, tmp_path: Path
) -> None:
    op_id = await in_conflict(till, server, tmp_path)
    rev = server.floor.rev
    await till.engine.decisions.keep_remote(op_id, "Leo")
    assert till.engine.dead_ops == ()
    await wait_for(server.told, lambda: op_id in server.resolved)
    assert server.resolved[op_id] == ("kept remote", "Leo")
    assert server.floor.rev == rev


async def test_a_decision_without_the_server_is_told_before_anything_else_is_sent(
    server: ModelServer, tmp_path: Path
) -> None:
    async with terminal(server, tmp_path) as till:
        await till.online()
        first = await till.on_order("close_order", "o1")
        await till.until(lambda: till.engine.progress.blocked == 1)
        await till.place("o1")
        await till.until(lambda: till.engine.progress.blocked == 2)
        till.connection.cut()
        await till.engine.decisions.discard(first.op_id, "a mistake", "Leo")
        assert till.engine.dead_ops == ()
        assert till.row("orders", "o1") is not None
    async with terminal(server, tmp_path) as till:  # the decision survives a restart
        assert till.engine.progress.waiting == 1
        await till.online()
        await till.sent()
        assert "o1" in server.rows.tables["orders"]
        assert server.resolved[first.op_id] == ("discarded: a mistake", "Leo")
        assert [name for name, _ in till.connection.calls if "o" in name].index(
            "resolve_dead_letter"
        ) < [name for name, _ in till.connection.calls if "o" in name].index("apply_ops")


async def test_a_decision_is_told_also_when_nothing_is_to_be_sent(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    first = await till.on_order("close_order", "o1")
    await till.until(lambda: till.engine.progress.blocked == 1)
    till.connection.lose = ["resolve_dead_letter"]
    told: list[str] = []
    server.told.connect(told.append)
    await till.engine.decisions.discard(first.op_id, "a mistake")
    await wait_for(server.told, lambda: told == [first.op_id] * 2)
    await till.place("o1")
    await till.sent()
    assert till.engine.dead_ops == ()
    assert told == [first.op_id] * 2


async def test_money_is_given_up_with_a_reason_only_and_the_first_decision_counts(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    payment = {"id": "p1", "tender": "cash", "amount": 500}
    pay = await till.on_order("pay", "nobody", payment=payment)
    await till.until(lambda: till.engine.progress.blocked == 1)
    with pytest.raises(KdsError, match="Say why"):
        await till.engine.decisions.discard(pay.op_id, "  ")
    decisions = [till.engine.decisions.discard(pay.op_id, "paid twice") for _ in range(2)]
    first, second = await asyncio.gather(*decisions, return_exceptions=True)
    assert first is None
    assert isinstance(second, KdsError)
    await wait_for(server.told, lambda: pay.op_id in server.resolved)


async def test_a_payment_that_was_never_tried_is_kept_by_the_server_when_it_is_given_up(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    await till.on_order("close_order", "o1")
    payment = {"id": "p1", "tender": "cash", "amount": 500}
    pay = await till.on_order("pay", "o1", payment=payment)
    await till.until(lambda: till.engine.progress.blocked == 2)
    await till.engine.decisions.discard(pay.op_id, "paid twice")
    await till.place("o2")
    await till.sent()
    (told,) = till.connection.called("resolve_dead_letter")
    assert told["op"] == pay.to_wire()


async def test_rows_of_the_server_are_on_the_screen_before_they_are_on_the_disk(
    till: Terminal, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await till.online()
    commit = till.replica.commit
    levels: list[int] = []

    async def noting(*args: Any) -> None:
        levels.append(till.row("stock_items", "dough")["level"])
        await commit(*args)

    monkeypatch.setattr(till.replica, "commit", noting)
    dough = {**server.rows.tables["stock_items"]["dough"], "level": 7}
    server.write([("stock_items", "dough", dough)], None)
    await till.until(lambda: levels == [7])


async def test_rows_that_the_disk_did_not_take_are_fetched_and_written_again(
    till: Terminal, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await till.online()
    commit, failures = till.replica.commit, [StorageError("The disk is full.")] * 2
    written: Event[None] = Event()

    async def full(*args: Any) -> None:
        if failures:
            raise failures.pop()
        await commit(*args)
        written.emit(None)

    monkeypatch.setattr(till.replica, "commit", full)
    await till.place("o1")
    await till.until(lambda: till.engine.progress.problem == "The disk is full.")
    await wait_for(written, lambda: not failures)
    await till.sent()
    await till.until(lambda: till.engine.progress.problem is None)
    await till.until(lambda: shows_what_the_server_has(till, server))
    cursor = (await till.replica.load()).cursors[server.floor.name]
    assert cursor.rev == server.floor.rev
    assert len(server.applied) == 1


async def test_what_the_disk_did_not_take_is_not_skipped_by_what_comes_next(
    till: Terminal, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await till.online()
    commit, failures = till.replica.commit, [StorageError("The disk is full.")]

    async def full(*args: Any) -> None:
        if failures:
            raise failures.pop()
        await commit(*args)

    monkeypatch.setattr(till.replica, "commit", full)
    stock = server.rows.tables["stock_items"]
    for item in ("dough", "lettuce"):  # two pokes, the second one heard before the first is written
        server.write([("stock_items", item, {**stock[item], "level": 7})], None)
    assert await till.engine.audit()
    assert not failures


async def test_a_busy_restaurant_is_verified_too(server: ModelServer, tmp_path: Path) -> None:
    """The server moves on with every question: at no moment do both stand still."""
    async with terminal(server, tmp_path, pace=AUDITED) as till:
        dough = server.rows.tables["stock_items"]["dough"]
        answer = till.connection._server.answer

        def busy(name: str, params: dict[str, Any]) -> Any:
            told = answer(name, params)
            for n in range(3):
                server.write(
                    [("stock_items", "dough", {**dough, "level": server.floor.rev + n})], None
                )
            return told

        await till.online()
        till.connection._server.answer = busy  # type: ignore[method-assign]
        await till.until(lambda: till.engine.progress.verified is True)
        till.connection._server.answer = answer  # type: ignore[method-assign]
        assert till.engine.progress.verified is True


async def test_a_forgotten_cursor_means_a_snapshot(till: Terminal, server: ModelServer) -> None:
    await till.online()
    till.connection.cut()
    await till.place("mine")
    dough = {**server.rows.tables["stock_items"]["dough"], "level": 7}
    server.write([("stock_items", "dough", dough)], None)
    server.write([("stock_items", "lettuce", None)], None)
    server.floor.floor = server.floor.rev
    server.floor.log.clear()
    till.connection.connect()
    await till.sent()
    await till.until(lambda: shows_what_the_server_has(till, server))
    assert "lettuce" not in till.rows("stock_items")
    assert len(till.connection.called("snapshot")) == 2


async def test_a_restored_server_hears_again_what_it_forgot(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    await till.place("o1")
    await till.sent()
    await till.until(lambda: till.row("orders", "o1") is not None)
    till.connection.cut()
    for table in ("orders", "order_lines"):
        server.rows.put(table, "o1", None)
    server.restore("second", forget_outcomes=True)
    await till.place("o2")
    till.connection.connect()
    await till.until(
        lambda: (
            {"o1", "o2"} <= server.rows.tables["orders"].keys()
            and shows_what_the_server_has(till, server)
        )
    )
    await till.sent()


async def test_a_backup_that_holds_a_refusal_hears_again_what_was_decided_about_it(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    refused = await till.on_order("close_order", "o1")
    await till.until(lambda: till.engine.progress.blocked == 1)
    backup = {lane: list(op_ids) for lane, op_ids in server.dead.items()}
    assert backup == {(till.device_id, "o1"): [refused.op_id]}
    await till.engine.decisions.discard(refused.op_id, "a mistake")
    await wait_for(server.told, lambda: refused.op_id in server.resolved)
    await till.place("o2")
    await till.sent()  # so the terminal knows that it was told
    server.dead.update(backup)
    server.restore("second", forget_outcomes=False)
    await till.place("o1")
    await till.sent()
    assert till.engine.dead_ops == ()
    assert "o1" in server.rows.tables["orders"]


async def test_a_restored_server_that_remembers_applies_nothing_twice(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    await till.place("o1")
    await till.sent()
    server.restore("second", forget_outcomes=False)
    till.connection.cut()
    till.connection.connect()
    await till.until(lambda: len(till.connection.called("apply_ops")) == 2)
    await till.sent()
    await till.until(lambda: shows_what_the_server_has(till, server))
    assert len(server.applied) == 1
    assert till.engine.dead_ops == ()


async def test_a_row_that_went_wrong_is_found_by_the_audit_and_healed(
    server: ModelServer, tmp_path: Path
) -> None:
    async with terminal(server, tmp_path, pace=AUDITED) as till:
        await till.online()
        await till.until(lambda: till.engine.progress.verified is True)
        verdicts: list[Any] = []
        till.engine.progress_changed.connect(lambda p: verdicts.append(p.verified))
        dough = {**server.rows.tables["stock_items"]["dough"], "level": 7}
        server.rows.put("stock_items", "dough", dough)  # behind the log's back
        await till.until(lambda: till.row("stock_items", "dough")["level"] == 7)
        await till.until(lambda: till.engine.progress.verified is True)
        assert False in verdicts


async def test_a_refused_token_keeps_the_ops_and_says_so(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    till.connection.fail["apply_ops"] = Unauthorized("Please sign in again.")
    await till.place("o1")
    await till.until(lambda: till.engine.progress.problem == "Please sign in again.")
    till.connection.cut()
    till.connection.connect()
    await till.sent()
    assert till.engine.progress.problem is None
    assert till.engine.dead_ops == ()


async def test_a_quarantined_terminal_keeps_the_ops_and_says_so(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    till.connection.fail["apply_ops"] = Refused("This terminal is locked.", "PT409")
    await till.place("o1")
    await till.until(lambda: till.engine.progress.problem == "This terminal is locked.")
    assert till.engine.progress.waiting == 1
    await till.sent()


async def test_an_answer_of_another_shape_is_a_problem_and_not_the_end(
    till: Terminal, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await till.online()
    with monkeypatch.context() as patch:
        patch.setattr(server, "answer", lambda name, params: {"server_time": "soon"})
        await till.until(lambda: till.engine.progress.problem is not None)
    await till.until(lambda: till.engine.progress.problem is None)


async def test_an_op_that_is_too_large_is_put_aside_and_the_rest_goes_on(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    till.connection.cut()
    server.max_bytes = 2000
    for number in range(9):
        await till.place(f"o{number}")
    await till.place("huge", *(f"h{n}" for n in range(20)))
    await till.place("last")
    till.connection.connect()
    await till.sent()
    assert server.rows.tables["orders"].keys() == {*(f"o{n}" for n in range(9)), "last"}
    assert [dead.command.lane for dead in till.engine.dead_ops] == ["huge"]


async def test_an_op_that_the_disk_could_not_put_aside_is_put_aside_later(
    till: Terminal, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await till.online()
    settle, failures = till.replica.outbox.settle, [StorageError("The disk is full.")]

    async def full(*args: Any) -> None:
        if failures:
            raise failures.pop()
        await settle(*args)

    monkeypatch.setattr(till.replica.outbox, "settle", full)
    server.max_bytes = 100
    await till.place("huge")
    await till.sent()
    assert not failures
    assert [dead.command.lane for dead in till.engine.dead_ops] == ["huge"]


async def test_the_server_time_is_told_also_when_the_own_clock_is_wrong(
    till: Terminal, server: ModelServer
) -> None:
    server.ahead_s = 3600.0
    await till.online()
    await till.until(lambda: abs(till.engine.progress.server_offset_s - 3600) < 1)
    ahead = (till.engine.now() - SystemClock().now()).total_seconds()
    assert abs(ahead - 3600) < 1


async def test_a_kitchen_follows_the_floor_only(server: ModelServer, tmp_path: Path) -> None:
    async with terminal(server, tmp_path, "grill", role="kitchen") as grill:
        await grill.online()
        assert grill.connection.called("snapshot") == [{"streams": [floor_stream(BRANCH)]}]


async def test_a_payment_is_counted_once_while_its_rows_arrive(
    till: Terminal, server: ModelServer
) -> None:
    await till.online()
    await till.place("o1")
    await till.sent()
    paid: list[int] = []
    till.engine.changed.connect(lambda _: paid.append(till.row("orders", "o1")["paid"]))
    payment = {"id": "p1", "tender": "card", "amount": 500}
    await till.on_order("pay", "o1", payment=payment)
    await till.sent()
    await till.until(lambda: till.row("payments", "p1") == server.rows.tables["payments"]["p1"])
    assert set(paid) == {500}


async def test_a_cancelled_tap_is_accepted_all_the_same(
    till: Terminal, server: ModelServer
) -> None:
    tap = asyncio.ensure_future(till.place("o1"))
    await asyncio.sleep(0)
    tap.cancel()
    await asyncio.gather(tap, return_exceptions=True)
    await till.until(lambda: till.row("orders", "o1") is not None)


async def test_nothing_is_lost_or_doubled_on_a_bad_line(
    till: Terminal, server: ModelServer
) -> None:
    """Every third answer is lost, every fifth request fails, pokes come and go."""
    await till.online()
    for number in range(60):
        till.connection.deaf = number % 4 == 1
        if number % 3 == 0:
            till.connection.lose = ["apply_ops", "changes_since"]
        if number % 5 == 0:
            till.connection.fail["apply_ops"] = Unreachable("timeout")
        if number % 7 == 0:
            till.connection.fail["apply_ops"] = TooLarge("too large")
        await till.place(f"o{number}")
        if number % 10 == 9:
            till.connection.cut()
            till.connection.connect()
    till.connection.deaf = False
    await till.sent()
    await till.until(lambda: shows_what_the_server_has(till, server))
    placed = {dead.command.lane for dead in till.engine.dead_ops} | server.rows.tables[
        "orders"
    ].keys()
    assert placed == {f"o{number}" for number in range(60)}
    assert len(server.applied) == len(set(server.applied))


ORDER = {
    "id": "o1",
    "branch_id": BRANCH,
    "device_id": "elsewhere",
    "number": "B-001",
    "type": "dine_in",
    "table_name": "7",
    "customer": "",
    "server": "Mia",
    "note": "",
    "rush": False,
    "state": "open",
    "total": 1200,
    "paid": 0,
    "placed_at": "2026-11-21T08:00:00+00:00",
    "ready_at": None,
    "closed_at": None,
    "archived_at": None,
}
LINE = {
    **new_line("l1"),
    "branch_id": BRANCH,
    "order_id": "o1",
    "position": 1,
    "state": "sent",
    "sent_at": "2026-11-21T08:00:00+00:00",
    "started_at": None,
    "ready_at": None,
    "voided_at": None,
    "void_reason": "",
    "archived_at": None,
}
