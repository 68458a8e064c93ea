"""Every kind of frame that a real server was seen to send, through a socket into our client.

`frames/recorded.jsonl` has one frame a line, cut from recordings of a real server: `from` names
the recording, `frame` is what the server said (`<join>` and `<push>` stand for references),
`tells` what the channel's owner hears of it.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from kds.connection.ports import Binding, JoinSpec
from tests.component.input.stage import Stage, Told

FRAMES = Path(__file__).parent / "frames" / "recorded.jsonl"
LINES = [json.loads(line) for line in FRAMES.read_text(encoding="utf-8").splitlines()]


def spec_for(frame: dict[str, Any]) -> JoinSpec:
    """The join that the frame belongs to."""
    bindings: tuple[Binding, ...] = ()
    if frame["event"] == "postgres_changes" or "postgres_changes" in json.dumps(frame["payload"]):
        bindings = _bindings(frame["payload"].get("response", {}))
    topic = frame["topic"].removeprefix("realtime:")
    return JoinSpec(topic, private=False, presence_key="me", bindings=bindings)


def _bindings(response: dict[str, Any]) -> tuple[Binding, ...]:
    named = [b for b in response.get("postgres_changes", []) if isinstance(b.get("table"), str)]
    events = ("*", "INSERT", "UPDATE", "DELETE")
    found = [
        Binding(b["table"], b["event"], b.get("filter")) for b in named if b["event"] in events
    ]
    if "postgres_changes" in response:
        return tuple(found) or (Binding("orders"),) * len(response["postgres_changes"])
    return (Binding("orders"), Binding("orders", "INSERT"))


async def heard(stage: Stage, frame: dict[str, Any]) -> list[list[Any]]:
    """What the owner of a channel is told when the server says `frame`."""
    sink = Told()
    if frame["event"] == "phx_reply" and frame["ref"] == "<join>":
        stage.script[frame["topic"]] = [frame]
    async with stage.client() as socket:
        await stage.joined(socket, spec_for(frame), sink)
        if frame["ref"] != "<join>" or frame["event"] != "phx_reply":
            sink.log.clear()
            ref = {"<join>": stage.join_ref(frame["topic"]), "<push>": "999"}
            await stage.say({**frame, "ref": ref.get(frame["ref"], frame["ref"])})
        await stage.fence(socket)
        assert not stage.lost.is_set()
    return sink.log


@pytest.mark.parametrize(
    "line", LINES, ids=[f"{line['from']}-{n}" for n, line in enumerate(LINES, 1)]
)
async def test_a_recorded_frame_tells_what_it_means(
    line: dict[str, Any], stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="kds"):
        assert await heard(stage, line["frame"]) == line["tells"]
    ours = [record for record in caplog.records if record.name.startswith("kds.")]
    assert not [record for record in ours if record.levelno >= logging.ERROR]
    assert all(len(record.getMessage()) < 1000 for record in ours)
