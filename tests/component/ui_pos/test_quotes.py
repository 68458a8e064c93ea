"""How long an order will take, at the till."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from kds.app.pages import Page
from kds.domain.quote import Quote
from kds.ui.pos.till import Till
from tests.component.ui_pos.test_till import tap
from tests.support.pos import Desk


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> Page:
    """As a window of the program has it."""
    page = Page(desk, "pos", "Front till")  # type: ignore[arg-type]
    qtbot.addWidget(page.widget)
    page.widget.resize(1280, 720)
    page.widget.show()
    return page


@pytest.fixture
def till(page: Page) -> Till:
    screen = page.widget.screen_widget(0)
    assert isinstance(screen, Till)
    return screen


def test_the_quote_appears_as_soon_as_it_is_known(till: Till, desk: Desk) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[0])
    assert till.cart.quote == ""
    desk.quotes.say(Quote(840, 1320))
    assert till.cart.quote == "about 14 min, 22 at most"


def test_the_quote_follows_the_kitchen_while_the_order_is_taken(till: Till, desk: Desk) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[0])
    desk.quotes.quote = Quote(600, 900)
    desk.order("A-001")
    assert till.cart.quote == "about 10 min, 15 at most"


def test_the_quote_is_the_proposal_for_the_promise(till: Till, desk: Desk) -> None:
    desk.quotes.say(Quote(840, 1320))
    tap(till.menu.tiles["hawaiian"].buttons[0])
    tap(till.cart.when)
    assert till.timing.proposed.text() == "In 25 min, as the kitchen is now"
    tap(till.timing.proposed)
    assert till.entry.cart.promised_at == desk.now() + timedelta(minutes=25)


def test_without_a_quote_nothing_is_proposed(till: Till) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[0])
    tap(till.cart.when)
    assert not till.timing.proposed.isVisible()
