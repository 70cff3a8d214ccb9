"""The focus of a strip that hides goes where it is wanted."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QPushButton, QWidget

from app.views.focus_heir import FocusHeir

QtBot = Any
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_strip_that_hides_gives_its_focus_to_the_heir(qtbot: QtBot) -> None:
    window, strip = QWidget(), QFrame()
    button, next_one, heir = QPushButton(), QLineEdit(), QLineEdit()
    QHBoxLayout(strip).addWidget(button)
    layout = QHBoxLayout(window)
    for widget in (heir, strip, next_one):
        layout.addWidget(widget)
    qtbot.addWidget(window)
    FocusHeir(strip, heir)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    button.setFocus()
    strip.hide()
    assert QApplication.focusWidget() is heir
    strip.show()
    next_one.setFocus()
    strip.hide()
    assert QApplication.focusWidget() is next_one
