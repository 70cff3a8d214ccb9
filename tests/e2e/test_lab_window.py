"""The Placement Lab in the real window: on engines whose costs are known, and once on real ones."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from app.arguments import Arguments
from app.async_generators import closing_generators
from app.bootstrap import lay_foundation
from app.controllers.lab_controller import LabStage
from app.controllers.turn import TurnStage
from app.crash import CrashGuard
from app.desktop import Desktop, dress
from app.features.lab_page import LabPageLink
from app.paths import resolve_paths
from app.viewmodels.lab_setup import LabSetup
from app.views.lab.page import LabPage, LabTab
from engine.backends.base import InferenceBackend
from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeOptions, FakeTiming
from engine.errors import DeviceError, EngineError, ErrorCode
from engine.lab.results import ALL_SETS
from engine.lab.verdict import VerdictCode
from engine.placement import LoadSpec, Strategy
from engine.state import SessionState
from engine.tuning.choices import ChoiceFile
from tests.synthetic.pair import PairCosts, SyntheticBackend

LIMIT_S = 120.0
# The offscreen platform says so for every dialog.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
MEASURED = ("none/CPU", "draft/CPU+CPU/demo-draft", "draft/CPU+GPU/demo-draft")
Scenario = Callable[["Hand"], Awaitable[None]]
Play = Callable[..., None]
TINY = LabSetup(set_ids=("story",), lengths=(2, 4), repeats=1, max_new_tokens=24, settle_s=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Somebody in front of the window."""

    desktop: Desktop
    data: Path

    @property
    def link(self) -> LabPageLink:
        return self.desktop.lab.page

    @property
    def page(self) -> LabPage:
        return self.link.widget

    def click(self, widget: QWidget) -> None:
        assert widget.isEnabled(), widget.accessibleName()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    async def wait(self, condition: Callable[[], object]) -> None:
        while True:
            if condition():
                return
            await asyncio.sleep(0.01)

    async def open_lab(self, setup: LabSetup = TINY) -> None:
        await self.wait(lambda: self.desktop.loads.is_ready and self.desktop.lab.devices)
        self.desktop.window.show_page("lab")
        self.link.change_setup(setup)

    async def compare(self) -> None:
        self.click(self.page.setup.compare)
        await self.wait(lambda: self.link.results.results is not None)
        await self.wait(lambda: not self.link.controller.is_busy)

    def has_said(self, sentence: str) -> bool:
        return self.notice() == sentence

    def notice(self) -> str:
        return "" if self.page.notice.isHidden() else self.page.notice_text.text()


def fail_on_npu(spec: LoadSpec, _is_loading: bool) -> EngineError | None:
    if spec.placement.main_device != "NPU":
        return None
    return DeviceError("gone", code=ErrorCode.DEVICE_NOT_AVAILABLE, device="NPU")


def synthetic(acceptance: float = 0.8) -> Callable[[], InferenceBackend]:
    """Engines of known costs; the NPU is broken."""
    seeds = iter(range(10_000))
    costs = PairCosts(acceptance=acceptance)
    return lambda: SyntheticBackend(lambda _: costs, seed=next(seeds), fail=fail_on_npu)


def slow() -> InferenceBackend:
    return FakeBackend(FakeOptions(timing=FakeTiming(run_s=0.02)))


@pytest.fixture
def play(qapp: QApplication, tmp_path: Path) -> Iterator[Play]:
    """Opens the real window, scripted unless `real`, and lets a scenario use it."""
    dress(qapp)
    loop = qasync.QEventLoop(qapp, already_running=False)

    def run(
        scenario: Scenario,
        *,
        make_backend: Callable[[], InferenceBackend] | None = None,
        real: bool = False,
    ) -> None:
        paths = resolve_paths(tmp_path / "data", {})
        paths.create()
        arguments = Arguments(size=(1280, 800), show_error_windows=False, demo=not real)
        foundation = lay_foundation(arguments, paths, CrashGuard(paths.logs))
        desktop = Desktop(foundation, qapp)
        if make_backend is not None:
            desktop.lab.make_backend = make_backend
        desktop.open()

        async def whole() -> None:
            try:
                async with asyncio.timeout(LIMIT_S):
                    await scenario(Hand(desktop=desktop, data=paths.data))
            finally:
                await desktop.end_tasks()

        try:
            with closing_generators(loop):
                loop.run_until_complete(whole())
        finally:
            desktop.close()
            foundation.bridge.close()
            assert foundation.session.close(timeout_s=8.0)
            desktop.window.deleteLater()

    yield run
    loop.close()
    asyncio.set_event_loop(None)
    # Here, not in whatever thread the collector happens to run: windows have timers.
    gc.collect()


def test_a_comparison_from_one_click_to_the_default_of_the_pair(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab()
        await hand.compare()
        page, results = hand.page, hand.link.results.results
        assert results is not None
        verdict = results.verdict(ALL_SETS)
        assert verdict is not None
        assert verdict.code is VerdictCode.CANDIDATES_ARE_BEST
        assert verdict.best is not None
        said = page.results.verdict.headline.text()
        assert said.startswith("Over all prompts: \u201cMain ")
        assert "the speed" in said
        failed = [bar for bar in page.results.bars.bars if bar.value is None]
        assert failed, "the broken NPU is shown"
        assert all("device" in bar.words.lower() for bar in failed)
        assert [bar.is_best for bar in page.results.bars.bars].count(True) == 1
        hand.click(page.results.verdict.use)
        choice = hand.desktop.loads.choice
        assert choice.strategy is Strategy.DRAFT
        assert choice.main_device == verdict.best.group.placement.main_device
        assert choice.draft_device == verdict.best.group.placement.draft_device
        assert choice.num_assistant_tokens == verdict.best.num_assistant_tokens
        await hand.wait(lambda: hand.desktop.loads.is_ready)
        current = hand.desktop.preferences.current
        assert current.num_assistant_tokens == verdict.best.num_assistant_tokens
        file = ChoiceFile(hand.data / "choices.json")
        await hand.wait(file.all)
        (kept,) = file.all()
        assert kept.speed_up == verdict.speed_up.value if verdict.speed_up else None
        assert kept.run_id == results.record.header.run_id

    play(scenario, make_backend=synthetic())


def test_a_draft_that_is_never_right_is_not_recommended(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab(replace(TINY, excluded=frozenset({"none/GPU", "none/NPU"})))
        await hand.compare()
        assert "no draft is best here" in hand.page.results.verdict.headline.text()
        page = hand.page
        hand.click(page.new_run)
        assert not page.setup.isHidden()
        hand.click(page.setup.tune)
        await hand.wait(lambda: not page.finding.isHidden())
        assert "Nothing was saved" in page.finding.headline.text()
        assert page.finding.use.isHidden()
        assert page.results.verdict.isHidden()
        assert not (hand.data / "choices.json").exists()

    play(scenario, make_backend=synthetic(acceptance=0.0))


def test_auto_tune_offers_what_beats_plain_decoding(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab(replace(TINY, set_ids=("story", "code"), repeats=2))
        page = hand.page
        hand.click(page.setup.tune)
        await hand.wait(lambda: not page.finding.isHidden())
        assert "draft" in page.finding.headline.text()
        assert "answers" in page.finding.notes.text()
        await hand.wait(lambda: hand.desktop.loads.is_ready)
        hand.click(page.finding.use)
        assert hand.desktop.loads.choice.strategy is Strategy.DRAFT
        assert "used from now on" in hand.notice()

    play(scenario, make_backend=synthetic())


def test_the_chats_models_are_away_and_a_message_waits_until_they_are_back(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab()
        desktop, controller = hand.desktop, hand.link.controller
        hand.click(hand.page.setup.compare)
        await hand.wait(lambda: controller.stage is LabStage.RUNNING)
        assert desktop.loads.state is SessionState.IDLE
        assert not desktop.loads.is_ready
        assert desktop.chat.send("Are you there?")
        banner = desktop.window.page.banner
        assert "answered afterwards" in banner.sentence.text()
        await asyncio.sleep(0.3)
        assert desktop.chat.stage is TurnStage.WAITING
        assert desktop.loads.state is SessionState.IDLE, "nothing disturbs the measuring"
        desktop.window.show_page("chat")
        hand.click(banner.button)
        await hand.wait(lambda: controller.stage is LabStage.IDLE)
        await hand.wait(lambda: desktop.chat.stage is TurnStage.NONE)
        assert desktop.transcript.message(1).text, "the waiting message was answered"
        assert not banner.is_shown

    play(scenario, make_backend=slow)


def test_an_answer_in_progress_ends_before_anything_is_measured(play: Play) -> None:
    made: list[SessionState] = []

    async def scenario(hand: Hand) -> None:
        await hand.open_lab()
        desktop = hand.desktop

        def make() -> InferenceBackend:
            made.append(desktop.loads.state)
            return synthetic()()

        desktop.lab.controller.make_backend = make
        assert desktop.chat.send("Tell me a story.")
        await hand.wait(lambda: desktop.chat.stage is TurnStage.STREAMING)
        await hand.compare()
        assert desktop.transcript.message(1).text
        assert set(made) == {SessionState.IDLE}
        await hand.wait(lambda: desktop.loads.is_ready)

    play(scenario)


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


def test_closing_the_window_ends_a_run(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab()
        hand.click(hand.page.setup.compare)
        await hand.wait(lambda: hand.link.controller.stage is LabStage.RUNNING)
        await hand.desktop.end_tasks()
        assert not hand.link.controller.is_busy

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
        hand.link.results.use(strange, header.measured_cells[-1], None)
        assert "stranger" in hand.notice()
        assert hand.desktop.loads.choice == before

    play(scenario, make_backend=synthetic())


@pytest.mark.openvino
def test_a_tiny_run_of_the_embedded_pair_on_real_and_emulated_devices(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLIPSTREAM_EMULATE", "GPU")

    async def scenario(hand: Hand) -> None:
        tiny = replace(TINY, lengths=(3,), prompts_per_set=1, max_new_tokens=12)
        await hand.open_lab(tiny)
        for key in hand.page.setup.grid.tiles:
            hand.link.change_setup(hand.link.setup.toggled(key, wanted=key in MEASURED))
        assert [device.emulated for device in hand.desktop.lab.devices] == [False, True]
        await hand.compare()
        results = hand.link.results.results
        assert results is not None
        assert results.record.is_finished
        assert not results.record.failures
        assert {load.group_key for load in results.record.loads} == set(MEASURED)
        draft = next(f for f in results.of_set(ALL_SETS) if not f.cell.is_plain)
        assert draft.memory_bytes
        assert draft.load_s
        assert "too few prompts" in hand.page.results.verdict.headline.text()
        await hand.wait(lambda: hand.desktop.loads.is_ready)

    play(scenario, real=True)
