"""The wheel scrolls a page; it changes no number and no choice on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QWidget

from app.views.caption_combo import CaptionCombo
from app.views.caption_spin import CaptionSpin
from app.views.optional_spin import OptionalDoubleSpin, OptionalSpin

QtBot = Any
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def turn_down(widget: QWidget) -> bool:
    """One notch over a widget. Returns whether it kept the event from what lies around it."""
    place = QPointF(5, 5)
    event = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def test_the_wheel_goes_past_a_choice(qtbot: QtBot) -> None:
    combo = CaptionCombo("Main", name="main device")
    qtbot.addWidget(combo)
    for device in ("CPU", "GPU", "NPU"):
        combo.add_choice(device, short=device, long=device)
    combo.choose("CPU")
    with qtbot.assertNotEmitted(combo.activated):
        assert not turn_down(combo)
    assert combo.currentData() == "CPU"


@pytest.mark.parametrize(
    "make",
    [
        lambda: CaptionSpin("Tokens", name="tokens"),
        lambda: OptionalSpin(low=1, high=30, unset="Not set"),
        lambda: OptionalDoubleSpin(low=0.0, high=2.0, step=0.05),
    ],
    ids=["caption", "whole", "decimal"],
)
def test_the_wheel_goes_past_a_number(qtbot: QtBot, make: Callable[[], QAbstractSpinBox]) -> None:
    spin: Any = make()
    qtbot.addWidget(spin)
    spin.setValue(2)
    assert not turn_down(spin)
    assert spin.value() == 2
    assert not spin.focusPolicy() & Qt.FocusPolicy.WheelFocus & ~Qt.FocusPolicy.StrongFocus


def test_a_number_that_has_the_focus_follows_the_wheel(qtbot: QtBot) -> None:
    spin = OptionalSpin(low=1, high=30, unset="Not set")
    qtbot.addWidget(spin)
    spin.setValue(8)
    with qtbot.waitActive(spin):
        spin.show()
        spin.activateWindow()
    spin.setFocus()
    assert turn_down(spin)
    assert spin.value() == 7
