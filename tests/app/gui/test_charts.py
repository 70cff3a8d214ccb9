"""Charts draw what they are given and say it to a screen reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.formatting import share
from app.palette import DARK
from app.views.charts import _AXIS_FONT_PX, _AXIS_WIDTH, SparkLine, nice_high
from app.views.run_strip import RunStrip


@given(st.lists(st.floats(min_value=1e-6, max_value=1e7), min_size=1))
def test_the_scale_ends_a_little_above_the_highest_value(values: list[float]) -> None:
    high = nice_high(values)
    assert max(values) <= high <= 2 * max(values) * (1 + 1e-9)


def test_without_values_the_scale_is_one() -> None:
    assert nice_high(()) == 1.0


def colours(widget: SparkLine | RunStrip) -> set[str]:
    image = widget.grab().toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_the_line_is_drawn_in_its_colour_and_described(qtbot: QtBot) -> None:
    chart = SparkLine("Decode rate")
    qtbot.addWidget(chart)
    chart.resize(240, 78)
    chart.apply_palette(DARK, colour=DARK.accent)
    assert chart.accessibleDescription() == "Nothing measured yet."
    assert QColor(DARK.accent).name() not in colours(chart)
    chart.set_values((10.0, 30.0, 20.0))
    assert QColor(DARK.accent).name() in colours(chart)
    assert chart.accessibleDescription() == "Last 20.00, least 10.00, greatest 30.00."


@pytest.fixture
def strip(qtbot: QtBot) -> RunStrip:
    widget = RunStrip()
    qtbot.addWidget(widget)
    widget.resize(240, 44)
    widget.apply_palette(DARK)
    return widget


def test_accepted_tokens_have_their_colour(strip: RunStrip) -> None:
    strip.set_runs((1, 1, 1), first_step=0)
    assert QColor(DARK.ok).name() not in colours(strip)
    strip.set_runs((1, 4, 2), first_step=0)
    assert QColor(DARK.ok).name() in colours(strip)


def test_a_bar_says_what_happened_in_its_step(strip: RunStrip) -> None:
    strip.set_runs((1, 4, 1), first_step=0)
    assert [strip.describe_run(index) for index in range(3)] == [
        "Prefill: the first token",
        "Step 1: 4 tokens, 3 of them accepted",
        "Step 2: 1 token, no draft token accepted",
    ]
    assert strip.run_at(1) == 0
    assert strip.run_at(7) == 1
    assert strip.run_at(200) is None


def test_only_the_newest_bars_that_fit_are_shown(strip: RunStrip) -> None:
    strip.set_runs(tuple(range(1, 101)), first_step=50)
    shown = 240 // 6
    assert strip.run_at(0) == 100 - shown
    assert strip.describe_run(99).startswith("Step 149: 100 tokens")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_keyboard_moves_over_the_bars(strip: RunStrip, qtbot: QtBot) -> None:
    strip.set_runs((1, 4, 2), first_step=0)
    strip.show()
    for _ in range(5):
        QTest.keyClick(strip, Qt.Key.Key_Left)
    assert strip._chosen == 0
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip._chosen == 1


def test_shares_are_written_as_everywhere_and_find_room(qtbot: QtBot) -> None:
    chart = SparkLine("Acceptance rate", fixed_high=1.0)
    qtbot.addWidget(chart)
    chart.set_values((0.25, 1.0))
    assert [chart._axis_text(value) for value in (1.0, 0.5)] == [share(1.0), share(0.5)]
    font = QFont(chart.font())
    font.setPixelSize(_AXIS_FONT_PX)
    assert QFontMetrics(font).horizontalAdvance(share(1.0)) <= _AXIS_WIDTH - 6
