"""Telling a network that blocks WebSockets from a server that is away."""

from __future__ import annotations

from kds.connection.polling import Signs


def test_two_failed_sockets_each_followed_by_an_answer_mean_polling() -> None:
    signs = Signs(2)
    signs.socket_failed()
    assert signs.contact("") is True
    assert not signs.polling
    signs.socket_failed()
    assert signs.contact("") is False
    assert signs.polling


def test_many_answers_after_one_failure_are_one_sign() -> None:
    signs = Signs(2)
    signs.socket_failed()
    for _ in range(5):
        signs.contact("")
    assert not signs.polling


def test_many_failures_before_one_answer_are_one_sign() -> None:
    signs = Signs(2)
    for _ in range(5):
        signs.socket_failed()
    signs.contact("")
    assert not signs.polling


def test_trouble_over_http_wipes_the_signs_out() -> None:
    for trouble in ("offline", "server_error"):
        signs = Signs(1)
        signs.socket_failed()
        signs.contact("")
        assert signs.polling
        signs.contact(trouble)  # type: ignore[arg-type]
        assert (signs.polling, signs.answers) == (False, False)
        assert signs.contact("") is True
        assert not signs.polling


def test_a_lost_link_makes_old_answers_worthless() -> None:
    signs = Signs(2)
    signs.contact("")
    signs.link_lost(held=True)
    assert not signs.answers
    assert signs.contact("") is True


def test_a_link_that_held_clears_the_signs_and_one_that_did_not_adds_to_them() -> None:
    for held, polling in ((True, False), (False, True)):
        signs = Signs(2)
        signs.socket_failed()
        signs.contact("")
        signs.link_lost(held=held)
        signs.contact("")
        assert signs.polling is polling


def test_a_new_start_forgets_everything() -> None:
    signs = Signs(1)
    signs.socket_failed()
    signs.contact("")
    signs.forget()
    assert (signs.polling, signs.answers) == (False, False)
    signs.contact("")
    assert not signs.polling
