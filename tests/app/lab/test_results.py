"""What is shown of a run while it is measured and after it."""

from __future__ import annotations

from dataclasses import replace

from app.core.translation import untranslated
from app.viewmodels.lab_board import (
    CellRow,
    LiveBoard,
    best_by_group,
    best_rows,
    make_results,
    result_rows,
)
from app.viewmodels.lab_words import bar_shapes, detail_figures, result_shape, table_shape
from engine.lab.cells import Cell
from engine.lab.plan import plain_cell
from engine.lab.results import ALL_SETS
from engine.lab.statistics import Spread
from engine.placement import Strategy

from .conftest import Measure, fail_on_gpu


def test_the_fastest_is_first_and_marked_and_the_baseline_is_there(measure: Measure) -> None:
    results = make_results(measure())
    rows = result_rows(results, ALL_SETS)
    assert rows[0].is_best
    assert rows[0].cell.group.strategy is Strategy.DRAFT
    assert [row.is_baseline for row in rows].count(True) == 1
    speeds = [row.rate.median for row in rows if row.rate is not None]
    assert speeds == sorted(speeds, reverse=True)
    bars = bar_shapes(rows, untranslated)
    assert bars[0].is_best
    assert any(bar.words.endswith("baseline") for bar in bars)
    assert all(b.low <= b.value <= b.high for b in bars if b.value and b.low and b.high)


def test_a_bar_says_when_its_gain_may_be_noise() -> None:
    row = CellRow(
        cell=Cell(group=plain_cell("GPU").group, num_assistant_tokens=None),
        rate=Spread(median=100.0, low=90.0, high=110.0, count=6),
        speed_up=1.31,
        is_uncertain=True,
    )
    tied = replace(row, is_tie=True)
    words = [bar.words for bar in bar_shapes((row, tied), untranslated)]
    assert words[0].endswith("1.31\u00d7  \u00b7  may be noise")
    assert words[1].endswith("1.31\u00d7  \u00b7  tie with the best")


def test_a_cell_that_failed_shows_its_sentence_and_the_others_their_figures(
    measure: Measure,
) -> None:
    results = make_results(measure(main_devices=("CPU", "GPU"), fail=fail_on_gpu))
    rows = result_rows(results, ALL_SETS)
    failed = [row for row in rows if row.error is not None]
    assert {row.cell.group.placement.main_device for row in failed} == {"GPU"}
    assert rows[-1].error is not None
    words = bar_shapes(failed, untranslated)[0].words
    assert "device" in words.lower()
    table = table_shape(results, ALL_SETS, untranslated)
    by_key = dict(zip(table.keys, table.rows, strict=True))
    assert len(by_key[failed[0].cell.key]) == 2
    assert len(by_key["none/CPU"]) == len(table.heads)
    shape = result_shape(results.record.header, rows, chosen=None, translate=untranslated)
    titles = {cell.key: cell.text.title for cell in shape.cells}
    assert titles["none/GPU"] == "Failed"
    assert titles["none/CPU"] == "1\u00d7"


def test_the_heat_map_shows_the_best_length_of_every_group(measure: Measure) -> None:
    results = make_results(measure())
    rows = result_rows(results, ALL_SETS)
    best = best_by_group(rows)["draft/CPU+CPU/small"]
    shape = result_shape(results.record.header, rows, chosen=best.cell, translate=untranslated)
    tile = next(cell for cell in shape.cells if cell.key == "draft/CPU+CPU/small")
    assert tile.is_checked
    assert f"{best.cell.num_assistant_tokens} tokens" in tile.text.detail
    assert tile.text.speed_up == best.speed_up
    kept = best_rows(rows, results.record.header.plan.baseline)
    assert len(kept) == len({row.cell.group.key for row in rows})
    assert any(row.is_baseline for row in kept)


def test_live_medians_are_those_of_the_finished_run(measure: Measure) -> None:
    record = measure(prompts=7)
    board = LiveBoard(record)
    live = {row.cell.key: row.rate for row in board.rows(ALL_SETS)}
    done = {row.cell.key: row.rate for row in result_rows(make_results(record), ALL_SETS)}
    assert live == done
    assert [row.cell for row in board.rows("story")] == list(record.header.measured_cells)


def test_a_board_grows_with_what_is_measured(measure: Measure) -> None:
    record = measure()
    board = LiveBoard(replace(record, measurements=()))
    assert all(row.rate is None for row in board.rows(ALL_SETS))
    draft = next(m for m in record.measurements if m.cell_key.startswith("draft"))
    board.add(draft)
    row = next(r for r in board.rows("story") if r.cell.key == draft.cell_key)
    assert row.rate is not None
    assert row.speed_up is None, "there is no baseline yet"


def test_details_say_a_dash_where_nothing_was_measured(measure: Measure) -> None:
    results = make_results(measure())
    figures = next(f for f in results.of_set(ALL_SETS) if f.cell.is_plain)
    shown = dict(detail_figures(figures, untranslated))
    assert shown["Energy per token"] == "\u2013"
    assert shown["Tokens per step"] == "\u2013"
    assert shown["First token"].endswith("ms")
