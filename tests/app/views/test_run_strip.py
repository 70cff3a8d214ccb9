"""The strip of run lengths announces the step that was chosen."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt

from app.views.run_strip import RunStrip

QtBot = Any


def test_a_click_and_enter_announce_the_step(qtbot: QtBot) -> None:
    strip = RunStrip()
    qtbot.addWidget(strip)
    strip.resize(200, 44)
    strip.set_runs((1, 4, 3), first_step=10)
    steps: list[int] = []
    strip.step_activated.connect(steps.append)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(8, 20))
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(150, 20))
    strip.set_runs((1, 4, 3), first_step=10)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert steps == [11, 11]
