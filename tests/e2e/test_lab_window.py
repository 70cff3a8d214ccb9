"""The Placement Lab in the real window: on engines of known cost, and once on real ones."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.controllers.lab_controller import LabStage
from app.controllers.turn import TurnStage
from engine.backends.base import InferenceBackend
from engine.lab.results import ALL_SETS
from engine.lab.verdict import VerdictCode
from engine.models.settings import SETTINGS_NAME, read_model_settings
from engine.placement import Strategy
from engine.state import SessionState
from tests.e2e.lab_hand import MEASURED, TINY, Hand, Play, playing, slow, synthetic

# The offscreen platform says so for every dialog.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def play(qapp: QApplication, tmp_path: Path) -> Iterator[Play]:
    with playing(qapp, tmp_path) as run:
        yield run


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
        file = hand.config / SETTINGS_NAME
        await hand.wait(lambda: read_model_settings(file).defaults)
        (kept,) = read_model_settings(file).defaults
        assert (kept.strategy, kept.main_device) == (choice.strategy, choice.main_device)
        assert kept.num_assistant_tokens == choice.num_assistant_tokens

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
        assert not (hand.config / SETTINGS_NAME).exists()

    play(scenario, make_backend=synthetic(acceptance=0.0))


def test_another_language_says_every_word_of_a_result(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab()
        await hand.compare()
        verdict = hand.page.results.verdict
        before = verdict.headline.text(), verdict.notes.text()
        hand.desktop.preferences.update(language="zh_CN")
        said = verdict.headline.text() + verdict.notes.text()
        assert not re.search("[a-z]{4,}", said.replace("demo-main", "").replace("demo-draft", ""))
        hand.desktop.preferences.update(language="en")
        assert (verdict.headline.text(), verdict.notes.text()) == before

    play(scenario, make_backend=synthetic())


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


def test_closing_the_window_ends_a_run(play: Play) -> None:
    async def scenario(hand: Hand) -> None:
        await hand.open_lab()
        hand.click(hand.page.setup.compare)
        await hand.wait(lambda: hand.link.controller.stage is LabStage.RUNNING)
        await hand.desktop.end_tasks()
        assert not hand.link.controller.is_busy

    play(scenario, make_backend=slow)


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
