"""The hub answers a recorded client frame for frame as the real server did.

Cut from the recordings: refused frames of megabytes, messages by HTTP, frames that raced with
the close of their own channel (a real server drops those or answers them, as it happens), and the
two seconds after a change of claims in which a real server still shows the old branch's rows.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.support.realtime import Client, Server, known_tokens, sql
from tests.support.transcripts import Step, canonical, load, wire

FRAMES = Path(__file__).parent / "frames"
FENCE = {
    "1.0.0": '{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"fence"}',
    "2.0.0": '[null,"fence","phoenix","heartbeat",{}]',
}


class Replay:
    """Plays both sides of a recording: does what the client did, expects what it got."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._tokens = known_tokens()
        self._clients: dict[str, tuple[Client, str]] = {}
        self.compared = 0

    async def play(self, steps: list[Step]) -> None:
        for actions, expected in _bursts(steps):
            for step in actions:
                await self._act(step)
            await self._expect(expected)

    async def _act(self, step: Step) -> None:
        if step.dir == "open":
            vsn = "2.0.0" if "vsn=2.0.0" in step.frame else "1.0.0"
            client = await self._server.connect(self._tokens["anon"], vsn)
            self._clients[step.conn] = (client, vsn)
        elif step.dir == "out":
            await self._clients[step.conn][0].send(wire(step.frame, self._tokens))
        elif step.dir == "sql":
            statement = step.frame if isinstance(step.frame, dict) else {"sql": step.frame}
            values = statement.get("args", [])
            await asyncio.to_thread(sql, self._server.dsn, statement["sql"], *values)
        elif step.conn in self._clients:
            client, _ = self._clients.pop(step.conn)
            if step.frame == 1006:
                transport = client.ws.get_extra_info("socket")
                transport.shutdown(2)
            await client.ws.close()

    async def _expect(self, expected: list[Step]) -> None:
        """Every client gets what it got then, and nothing else."""
        for conn, (client, vsn) in self._clients.items():
            wanted = [step.frame for step in expected if step.conn == conn]
            got: list[Any] = [await client.receive() for _ in wanted]
            await client.send(FENCE[vsn])
            while '"fence"' not in (frame := str(await client.receive())):
                got.append(frame)
            assert canonical(got) == canonical(wanted), conn
            self.compared += len(wanted)


def _bursts(steps: list[Step]) -> list[tuple[list[Step], list[Step]]]:
    """Actions and what came of them, alternating."""
    bursts: list[tuple[list[Step], list[Step]]] = [([], [])]
    for step in steps:
        if step.dir != "in" and bursts[-1][1]:
            bursts.append(([], []))
        bursts[-1][step.dir == "in"].append(step)
    return bursts


@pytest.mark.parametrize("name", sorted(path.stem for path in FRAMES.glob("*.jsonl")))
async def test_replays_like_the_real_server(name: str, server: Server) -> None:
    sql(server.dsn, "truncate orders, orders_full, notes, realtime.messages restart identity")
    steps = load(FRAMES / f"{name}.jsonl")
    replay = Replay(server)
    await replay.play(steps)
    assert replay.compared >= sum(step.dir == "in" for step in steps)
