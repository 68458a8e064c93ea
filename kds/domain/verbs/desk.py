"""Verbs about an order as a whole: what it is to the kitchen, and what is asked about it."""

from __future__ import annotations

from kds.domain.args import Args, flag, mapping, text, texts
from kds.domain.effect import Draft
from kds.domain.refusals import Reject
from kds.domain.verbs.finding import find_order


def mark(draft: Draft, args: Args) -> None:
    order = find_order(draft, args)
    marks = {name: flag(args, name) for name in ("rush", "vip") if name in args}
    draft.update("orders", order, **marks)


def ask(draft: Draft, args: Args) -> None:
    order = find_order(draft, args)
    new = mapping(args, "question")
    question = {
        "id": text(new, "id"),
        "text": text(new, "text"),
        "options": list(texts(new, "options", at_least=0)),
        "asked_by": draft.actor,
        "asked_at": draft.at,
        "answer": "",
        "answered_by": "",
        "answered_at": None,
    }
    asked = order.get("questions", [])
    if any(one["id"] == question["id"] for one in asked):
        raise Reject("duplicate question")
    draft.update("orders", order, questions=[*asked, question])


def answer(draft: Draft, args: Args) -> None:
    """The first answer stands."""
    order = find_order(draft, args)
    question_id, words = text(args, "question_id"), text(args, "answer")
    questions = order.get("questions", [])
    if all(one["id"] != question_id for one in questions):
        raise Reject("unknown question")
    told = {"answer": words, "answered_by": draft.actor, "answered_at": draft.at}
    after = [
        {**one, **told} if one["id"] == question_id and not one["answer"] else one
        for one in questions
    ]
    draft.update("orders", order, questions=after)
