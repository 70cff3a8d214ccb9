"""Runs of the Lab that are kept, continued, exported, imported and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from app.views.lab.page import LabPage, LabTab
from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeOptions
from engine.lab.results import ALL_SETS
from tests.e2e.lab_hand import TINY, Hand, Play, playing, slow, synthetic

# The offscreen platform says so for every dialog.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def play(qapp: QApplication, tmp_path: Path) -> Iterator[Play]:
    with playing(qapp, tmp_path) as run:
        yield run


def test_a_stopped_run_is_kept_and_goes_on_where_it_ended(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab(replace(TINY, excluded=frozenset({"prompt_lookup/CPU"})))
        page, controller = hand.page, hand.link.controller
        hand.click(page.setup.compare)
        await hand.wait(lambda: controller.board is not None and any(
            row.rate is not None for row in controller.board.rows(ALL_SETS)
        ))  # fmt: skip
        hand.click(page.progress.cancel)
        await hand.wait(lambda: not controller.is_busy)
        await hand.wait(lambda: hand.link.results.results is not None)
        first = hand.link.results.results
        assert first is not None
        assert not first.record.is_finished
        done = len(first.record.measurements)
        assert done
        hand.click(page.tabs[LabTab.RUNS])
        await hand.wait(lambda: page.runs.cards)
        controller.make_backend = lambda: FakeBackend(FakeOptions())
        (card,) = page.runs.cards.values()
        hand.click(card.resume)
        await hand.wait(lambda: controller.is_busy)
        await hand.wait(lambda: not controller.is_busy)
        record = hand.link.results.results.record if hand.link.results.results else None
        assert record is not None
        assert record.is_finished
        assert record.measurements[:done] == first.record.measurements

    play(scenario, make_backend=slow)


def test_reports_go_out_and_come_back_the_same(play: Play, tmp_path: Path) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab()
        await hand.compare()
        page, link = hand.page, hand.link
        files = [tmp_path / f"run{suffix}" for suffix in (".json", ".csv", ".html", ".png")]
        for file in files:
            link.history.export(file)
            saved = f"Saved as {file.name}."
            await hand.wait(partial(hand.has_said, saved))
        json_file, csv_file, html_file, png_file = files
        assert png_file.read_bytes().startswith(b"\x89PNG")
        assert len(csv_file.read_text().splitlines()) > 10
        run = link.results.results
        assert run is not None
        page.show_tab(LabTab.RUNS)
        await hand.wait(lambda: page.runs.cards)
        hand.click(page.runs.cards[run.record.header.run_id].delete)
        await hand.wait(lambda: question(page, "Delete"))
        hand.click(question(page, "Delete")[0])
        await hand.wait(lambda: not page.runs.cards)
        for file in (html_file, json_file):
            page.notice.hide()
            page.runs.import_requested.emit(file)
            await hand.wait(lambda: "was imported" in hand.notice())
            shown = link.results.results
            assert shown is not None
            assert shown.record == run.record.without_paths()
        assert page.tab is LabTab.COMPARE
        damaged = tmp_path / "damaged.json"
        damaged.write_text(json_file.read_text()[:-20])
        page.runs.import_requested.emit(damaged)
        await hand.wait(lambda: page.notice.property("role") == "fault")

    play(scenario, make_backend=synthetic())


def question(page: LabPage, action: str) -> list[QPushButton]:
    dialogs = [d for d in page.findChildren(QDialog) if d.isVisible()]
    return [b for d in dialogs for b in d.findChildren(QPushButton) if b.text() == action]


def test_two_runs_are_compared_and_raced(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab()
        await hand.compare()
        page = hand.page
        hand.click(page.new_run)
        await hand.compare()
        page.show_tab(LabTab.RUNS)
        await hand.wait(lambda: len(page.runs.cards) == 2)
        for card in page.runs.cards.values():
            hand.click(card.mark)
        hand.click(page.runs.compare)
        await hand.wait(page.runs.table.rowCount)
        assert page.runs.table.columnCount() == 6
        page.show_tab(LabTab.RACE)
        race = page.race
        assert len(race.lanes) == 2
        race.speed.choose("4.0")
        hand.click(race.play)
        await hand.wait(lambda: not race.is_playing)
        finished = [view.text.toPlainText() for view in race.lanes]
        assert all(finished)
        hand.link.race._tab.lane_toggled.emit(race.lanes[1].lane.cell.key, False)
        assert len(race.lanes) == 1

    play(scenario, make_backend=synthetic())


def test_a_run_of_another_pair_is_not_put_to_use(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab()
        await hand.compare()
        results = hand.link.results.results
        assert results is not None
        before = hand.desktop.loads.choice
        header = results.record.header
        plan = replace(header.plan, main=replace(header.plan.main, name="stranger"))
        strange = replace(results.record, header=replace(header, plan=plan))
        hand.link.results.use(strange, header.measured_cells[-1])
        assert "stranger" in hand.notice()
        assert hand.desktop.loads.choice == before

    play(scenario, make_backend=synthetic())
