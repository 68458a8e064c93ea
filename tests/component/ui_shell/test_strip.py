"""The strip across a window: hidden, unless it has something to say."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kds.ui.kit import Banner, Strip
from kds.ui.theme import DARK, LIGHT, apply_theme
from tests.support.screens import exposed


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    return exposed(qtbot, QWidget(), 1280, 200)


def test_a_strip_is_hidden_until_it_has_words_and_again_when_they_are_gone(window: QWidget) -> None:
    strip = Strip("alarm", "alert", parent=window)
    assert strip.isHidden()
    strip.say("A-017 is on no screen.")
    assert strip.isVisible()
    assert strip.text == "A-017 is on no screen."
    strip.say("")
    assert (strip.isHidden(), strip.text) == (True, "")


def test_a_screen_reader_says_the_sentence_or_what_it_is_given_instead(window: QWidget) -> None:
    strip = Strip("call", "kitchen", parent=window)
    strip.say("No basil left?")
    assert strip.accessibleName() == "No basil left?"
    strip.say("No basil left?", "The kitchen asks: no basil left?")
    assert strip.accessibleName() == "The kitchen asks: no basil left?"


def test_a_key_acts_while_the_strip_is_shown_and_not_while_it_is_hidden(window: QWidget) -> None:
    strip, acted = Strip("ready", "check", parent=window), list[str]()
    strip.on_key("F7", lambda: acted.append("given"))
    QTest.keyClick(window, Qt.Key.Key_F7)
    assert acted == []
    strip.say("A-017 is ready")
    QTest.keyClick(window, Qt.Key.Key_F7)
    assert acted == ["given"]


def test_the_mark_follows_the_theme(qapp: QApplication, window: QWidget) -> None:
    apply_theme(qapp, DARK)
    strip = Strip("banner", "alert", parent=window)
    strip.say("This terminal is signed out.")
    before = strip.grab().toImage()
    apply_theme(qapp, LIGHT)
    assert strip.grab().toImage() != before


def test_a_banner_offers_its_button_only_where_there_is_something_to_do(
    qtbot: QtBot, window: QWidget
) -> None:
    banner = Banner(parent=window)
    banner.report("The hub is being restored.")
    assert banner.button.isHidden()
    banner.report("This terminal is signed out.", "Sign in")
    with qtbot.waitSignal(banner.acted):
        banner.button.click()
