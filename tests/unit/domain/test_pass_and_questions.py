"""Orders at the pass, marks, questions to front of house, and stations that stand in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.restaurant import new_line
from tests.support.service import House, Result, reason


@pytest.fixture
def house() -> House:
    """One open order of two lines."""
    house = House()
    house.place()
    return house


class TestPass:
    def test_a_complete_order_is_handed_over_once(self, house: House) -> None:
        house.on("bump", "l1", "l2")
        house.do("assemble", order_id="o1", done=True)
        assembled = house.at
        house.do("hand_over", order_id="o1", done=True)
        handed = house.at
        assert house.do("hand_over", order_id="o1", done=True) == ()
        assert house.do("assemble", order_id="o1", done=True) == ()
        assert (house.order["assembled_at"], house.order["handed_at"]) == (assembled, handed)

    def test_both_can_be_taken_back(self, house: House) -> None:
        house.on("bump", "l1", "l2")
        for kind in ("assemble", "hand_over"):
            house.do(kind, order_id="o1", done=True)
            house.do(kind, order_id="o1", done=False)
            assert house.do(kind, order_id="o1", done=False) == ()
        assert (house.order["assembled_at"], house.order["handed_at"]) == (None, None)

    @pytest.mark.parametrize("kind", ["assemble", "hand_over"])
    def test_an_order_that_is_being_made_does_not_leave(self, house: House, kind: str) -> None:
        house.on("bump", "l1")
        result = house.do(kind, order_id="o1", done=True)
        assert reason(result) == "order A-001 is still being made"
        assert house.do(kind, order_id="o1", done=False) == ()

    def test_what_is_added_while_it_is_put_together_is_not_assembled(self, house: House) -> None:
        house.on("bump", "l1", "l2")
        house.add(new_line("l3"))
        assert reason(house.do("assemble", order_id="o1", done=True))
        assert house.order["assembled_at"] is None

    @pytest.mark.parametrize("again", ["recall", "add_lines"])
    def test_what_is_to_be_made_again_comes_back(self, house: House, again: str) -> None:
        house.on("bump", "l1", "l2")
        for kind in ("assemble", "hand_over"):
            house.do(kind, order_id="o1", done=True)
        more = {"lines": [new_line("l3")]} if again == "add_lines" else {"line_ids": ["l1"]}
        house.do(again, order_id="o1", **more)
        assert (house.order["assembled_at"], house.order["handed_at"]) == (None, None)

    def test_it_must_be_said_which_way(self, house: House) -> None:
        assert reason(house.do("assemble", order_id="o1")) == "done must be true or false"
        assert reason(house.do("hand_over", order_id="o9", done=True)) == "unknown order"


class TestMarks:
    def test_only_what_is_named_changes(self, house: House) -> None:
        house.do("mark", order_id="o1", rush=True)
        house.do("mark", order_id="o1", vip=True)
        assert (house.order["rush"], house.order["vip"]) == (True, True)
        house.do("mark", order_id="o1", rush=False)
        assert (house.order["rush"], house.order["vip"]) == (False, True)
        assert house.do("mark", order_id="o1") == ()
        assert reason(house.do("mark", order_id="o1", vip=None)) == "vip must be true or false"


class TestQuestions:
    def ask(self, house: House, question_id: str = "q1", **fields: Any) -> Result:
        question = {"id": question_id, "text": "No nuts?", "options": ["Yes", "No"], **fields}
        return house.do("ask", order_id="o1", question=question)

    def test_a_question_waits_for_its_answer(self, house: House) -> None:
        self.ask(house)
        assert house.order["questions"] == [
            {
                "id": "q1",
                "text": "No nuts?",
                "options": ["Yes", "No"],
                "asked_by": "Mia",
                "asked_at": house.at,
                "answer": "",
                "answered_by": "",
                "answered_at": None,
            }
        ]

    def test_the_first_answer_stands(self, house: House) -> None:
        self.ask(house)
        self.ask(house, "q2")
        house.actor = "Emma"
        house.do("answer", order_id="o1", question_id="q1", answer="Yes")
        answered = house.at
        assert house.do("answer", order_id="o1", question_id="q1", answer="No") == ()
        first, second = house.order["questions"]
        told = (first["answer"], first["answered_by"], first["answered_at"])
        assert told == ("Yes", "Emma", answered)
        assert second["answer"] == ""

    def test_what_makes_no_sense_is_refused(self, house: House) -> None:
        self.ask(house)
        assert reason(self.ask(house)) == "duplicate question"
        assert reason(self.ask(house, "q2", text=" ")) == "text is missing"
        assert reason(self.ask(house, "q2", options=[1])) == "options must be texts"
        result = house.do("answer", order_id="o1", question_id="q9", answer="Yes")
        assert reason(result) == "unknown question"
        assert reason(house.do("answer", order_id="o1", question_id="q1")) == "answer is missing"


class TestCover:
    def covered_by(self, house: House, station_id: str = "grill") -> str:
        return str(house.tables["stations"][station_id]["covered_by"])

    def test_a_station_stands_in_until_it_is_taken_back(self, house: House) -> None:
        house.do("cover", station_id="grill", by="cold")
        assert self.covered_by(house) == "cold"
        house.do("cover", station_id="grill", by="")
        assert self.covered_by(house) == ""
        assert house.do("cover", station_id="grill") == ()

    @pytest.mark.parametrize(
        ("station_id", "by", "why"),
        [
            ("ghost", "cold", "unknown station"),
            ("grill", "ghost", "unknown stand-in"),
            ("grill", "grill", "Grill cannot stand in for itself"),
            ("grill", 7, "by must be text"),
            ("", "cold", "station_id is missing"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, house: House, station_id: str, by: Any, why: str
    ) -> None:
        assert reason(house.do("cover", station_id=station_id, by=by)) == why

    def test_a_station_that_is_covered_itself_stands_in_for_nobody(self, house: House) -> None:
        house.do("cover", station_id="cold", by="grill")
        result = house.do("cover", station_id="grill", by="cold")
        assert reason(result) == "Cold is covered itself"
