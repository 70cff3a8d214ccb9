"""Widgets of the Lab: they say what they draw, follow clicks, and can be read without eyes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.palette import DARK, LIGHT
from app.viewmodels.lab_shapes import Bar, GridCell, GridHead, GridShape, TableShape, TileText
from app.views.lab.bars import BarChart
from app.views.lab.figure_table import FigureTable
from app.views.lab.grid import PlacementGrid
from app.views.lab.positions import PositionChart
from app.views.lab.runs_tab import RunEntry, RunsTab
from app.views.lab.tile import fitting_lines

BARS = (
    Bar(key="a", name="Fast", value=40.0, low=35.0, high=45.0, words="40 tok/s", is_best=True),
    Bar(key="b", name="Base", value=20.0, low=19.0, high=21.0, words="20", is_baseline=True),
    Bar(key="c", name="Broken", words="The device is gone."),
)


def colours(image: QImage) -> set[str]:
    points = ((x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))
    return {image.pixelColor(x, y).name() for x, y in points}


def test_the_best_bar_is_green_and_longer_than_the_baseline(qtbot: QtBot) -> None:
    chart = BarChart(name="Speed")
    qtbot.addWidget(chart)
    chart.show_bars(BARS)
    chart.resize(700, chart.sizeHint().height())
    for palette in (LIGHT, DARK):
        chart.apply_palette(palette)
        image = chart.grab().toImage()
        row = image.height() // 3
        best, base = image.copy(0, 0, 700, row), image.copy(0, row, 700, row)
        assert palette.ok in colours(best)
        assert palette.ok not in colours(base)
        assert palette.accent not in colours(image)
    chart.show_bars((Bar(key="d", name="Other", value=1.0, words="1"),))
    assert DARK.accent in colours(chart.grab().toImage())


def test_bars_can_be_heard_and_clicked(qtbot: QtBot) -> None:
    chart = BarChart(name="Speed")
    qtbot.addWidget(chart)
    chart.show_bars(BARS)
    chart.resize(500, chart.sizeHint().height())
    assert chart.accessibleDescription() == "Fast: 40 tok/s; Base: 20; Broken: The device is gone."
    with qtbot.waitSignal(chart.bar_clicked) as clicked:
        QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(50, 80))
    assert clicked.args == ["c"]


def grid_shape(*, is_possible: bool = True, checked: bool = True) -> GridShape:
    text = TileText(
        name="Main CPU, no draft",
        title="Compare",
        detail="why not",
        is_possible=is_possible,
    )
    cell = GridCell(key="x", row=0, column=0, text=text, is_checked=checked)
    heads = (GridHead(title="Main CPU", detail="A processor"),)
    return GridShape(rows=heads, columns=(GridHead(title="No draft"),), cells=(cell,))


def test_tiles_are_ticked_by_keyboard_and_keep_their_widgets(qtbot: QtBot) -> None:
    grid = PlacementGrid(name="Placements", ticks=True)
    qtbot.addWidget(grid)
    grid.show_shape(grid_shape())
    tile = grid.tiles["x"]
    assert tile.accessibleName() == "Main CPU, no draft"
    with qtbot.waitSignal(grid.tile_clicked) as clicked:
        QTest.keyClick(tile, Qt.Key.Key_Space)
    assert clicked.args == ["x", False]
    grid.show_shape(grid_shape(checked=False))
    assert grid.tiles["x"] is tile
    assert not tile.isChecked()


def test_an_impossible_tile_is_greyed_with_its_reason(qtbot: QtBot) -> None:
    grid = PlacementGrid(name="Placements", ticks=True)
    qtbot.addWidget(grid)
    grid.show_shape(grid_shape(is_possible=False))
    tile = grid.tiles["x"]
    assert not tile.isEnabled()
    assert not tile.isChecked()
    assert tile.toolTip() == "why not"
    assert "why not" in tile.accessibleDescription()


def test_a_heat_map_tints_gain_green_and_loss_red(qtbot: QtBot) -> None:
    grid = PlacementGrid(name="Heat", ticks=False)
    qtbot.addWidget(grid)
    shares = {}
    for gain in (2.0, 0.5):
        text = TileText(name="n", title="t", speed_up=gain)
        cell = GridCell(key="x", row=0, column=0, text=text)
        grid.show_shape(GridShape(rows=(GridHead(title="r"),), columns=(), cells=(cell,)))
        tile = grid.tiles["x"]
        tile.resize(160, 60)
        colour = tile.grab().toImage().pixelColor(120, 50)
        shares[gain] = colour.green() - colour.red()
    assert shares[2.0] > 0 > shares[0.5]


def test_positions_say_their_shares_or_that_there_are_none(qtbot: QtBot) -> None:
    chart = PositionChart(name="Accepted by position")
    qtbot.addWidget(chart)
    assert "Not known here" in chart.accessibleDescription()
    chart.show_shares((0.9, 0.5))
    assert chart.accessibleDescription() == "1: 90\u202f%, 2: 50\u202f%"
    chart.resize(300, 150)
    assert LIGHT.ok in colours(chart.grab().toImage())


def test_rows_of_the_table_are_copied_with_tabs(qtbot: QtBot) -> None:
    table = FigureTable(name="All figures")
    qtbot.addWidget(table)
    table.show_shape(
        TableShape(
            heads=("Placement", "tok/s", "Load"),
            rows=(("Main CPU", "40", "1 s"), ("Main GPU", "The device is gone.")),
            keys=("a", "b"),
        )
    )
    with qtbot.waitSignal(table.row_chosen) as chosen:
        table.selectRow(0)
        table.setCurrentCell(0, 0)
    assert chosen.args == ["a"]
    table.copy_rows()
    assert QApplication.clipboard().text() == "Main CPU\t40\t1 s"
    assert table.columnSpan(1, 1) == 2


def test_at_most_two_runs_are_marked(qtbot: QtBot) -> None:
    tab = RunsTab()
    qtbot.addWidget(tab)
    entries = [RunEntry(run_id=n, title=n, detail="", can_resume=n == "c") for n in "abc"]
    tab.show_runs(entries)
    assert not tab.compare.isEnabled()
    for card in tab.cards.values():
        card.mark.click()
    assert [name for name, card in tab.cards.items() if card.mark.isChecked()] == ["b", "c"]
    with qtbot.waitSignal(tab.compare_requested) as asked:
        tab.compare.click()
    assert asked.args == ["b", "c"]
    assert [not card.resume.isHidden() for card in tab.cards.values()] == [False, False, True]
    tab.show_runs(entries[:2])
    assert not tab.compare.isEnabled()


@pytest.mark.parametrize(
    "text",
    [
        "Prompt lookup does not run on an NPU.",
        "\u63d0\u793a\u8bcd\u67e5\u627e\u4e0d\u80fd\u5728 NPU \u4e0a\u8fd0\u884c\u3002" * 3,
        "A main model on the NPU takes drafts of at most 7 tokens, not 8. " * 4,
        "",
    ],
)
@pytest.mark.parametrize("width", [80, 140, 900])
def test_a_tile_cuts_no_line_in_half(qapp: QApplication, text: str, width: int) -> None:
    font = QFont(qapp.font())
    font.setPixelSize(11)
    room = QSize(width, 34)
    lines = fitting_lines(text, font, room)
    assert sum(height for _, height in lines) <= room.height()
    said = "".join(line for line, _ in lines)
    whole = "".join(text.split())
    assert "".join(said.split()) == whole or said.endswith("\u2026")
    metrics = QFontMetrics(font)
    assert all(metrics.horizontalAdvance(line) <= width + 1 for line, _ in lines)
