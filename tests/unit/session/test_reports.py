"""A question to the server: its answer, or a sentence for a person."""

from __future__ import annotations

from typing import Any

import pytest

from kds.base.errors import Refused, RemoteError, Unreachable
from kds.session.reports import NOT_SET_UP, UNREADABLE, ReportFailed, Reports, reading

OLDER = "The server is older than this program and keeps no kitchen times."


def reports(answer: Any, branch_id: str | None = "b") -> Reports:
    """Of a server that answers so; {} with what it was asked, and an exception is raised."""

    async def ask(function: str, parameters: dict[str, Any]) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return {"asked": (function, parameters)} if answer == {} else answer

    return Reports(ask, lambda: branch_id, "kitchen times")


async def test_a_report_is_about_this_branch() -> None:
    answer = await reports({}).ask("prep_load", {"weeks": 4})
    assert answer["asked"] == ("prep_load", {"branch_id": "b", "weeks": 4})


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (Unreachable("The server does not answer."), "The server does not answer."),
        (Refused("Not for you.", "42501"), "Not for you."),
        (Refused("Could not find the function", "PGRST202"), OLDER),
        (Refused("function does not exist", "42883"), OLDER),
    ],
)
async def test_what_goes_wrong_is_said_in_a_sentence(failure: Exception, said: str) -> None:
    with pytest.raises(RemoteError) as caught:
        await reports(failure).ask("prep_load", {})
    assert str(caught.value) == said


@pytest.mark.parametrize("answer", [None, [], "text", 3])
async def test_an_answer_that_is_no_report_is_logged_and_said_so(
    answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ReportFailed, match=UNREADABLE):
        await reports(answer).ask("prep_load", {})
    assert "prep_load gave an answer of another shape" in caplog.text


async def test_a_terminal_without_a_branch_says_so() -> None:
    with pytest.raises(ReportFailed, match=NOT_SET_UP):
        await reports({}, branch_id=None).ask("prep_load", {})


@pytest.mark.parametrize("error", [KeyError("lines"), TypeError("x"), ValueError("x")])
def test_a_part_of_another_shape_is_said_so_too(error: Exception) -> None:
    with pytest.raises(ReportFailed, match=UNREADABLE), reading("prep_lines", {}):
        raise error
