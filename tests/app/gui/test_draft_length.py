"""The automatic draft length as the user meets it: choice, sentence, chart, the draft set aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.core.generation_settings import LengthMode
from app.views.history.figures_dialog import FiguresDialog
from engine.events import LengthDecided
from engine.messages import Role
from engine.metrics.definitions import DEFAULT_NUM_ASSISTANT_TOKENS
from engine.metrics.report import LengthDecision, LengthReason
from engine.placement import Strategy

from .conftest import Rig

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Open = Callable[..., Rig]
DECISION = LengthDecision(
    num_assistant_tokens=4,
    reason=LengthReason.BEST_EXPECTED,
    acceptance_rate=0.71,
    acceptance_by_position=(0.8, 0.75, 0.7, 0.6),
    draft_cost_ratio=0.11,
    main_step_s=0.05,
    expected_tokens_per_s=38.0,
    expected_speed_up=1.9,
    plain_is_measured=False,
    iterations=120,
    curve=((1, 1.4), (2, 1.6), (3, 1.8), (4, 1.9), (5, 1.7)),
)
PLAIN = replace(
    DECISION,
    num_assistant_tokens=1,
    reason=LengthReason.PLAIN_IS_FASTER,
    acceptance_rate=0.22,
    expected_tokens_per_s=17.0,
    expected_speed_up=0.85,
    curve=((1, 0.85), (2, 0.8)),
)


@pytest.fixture
def rig(open_window: Open) -> Rig:
    rig = open_window()
    rig.wait_ready()
    rig.desktop.generation.choose_length(LengthMode.AUTO)
    return rig


def decide(rig: Rig, decision: LengthDecision) -> None:
    event = LengthDecided(generation_id=1, decision=decision)
    rig.desktop.generation_settings.lengths.on_event(event)


def ask(rig: Rig) -> None:
    count = len(rig.desktop.transcript)
    rig.type_and_send("Hello")
    rig.wait(
        lambda: len(rig.desktop.transcript) == count + 2 and not rig.desktop.chat.answering.turns
    )


def test_an_answer_shows_where_its_length_comes_from(rig: Rig) -> None:
    card = rig.window.stats.decision
    assert card.isHidden()
    for _ in range(3):
        ask(rig)
    last = rig.desktop.transcript.message(len(rig.desktop.transcript) - 1)
    assert last.role is Role.ASSISTANT
    report = last.report
    assert report is not None
    assert report.length_decision is not None
    assert not card.isHidden()
    assert card.sentence.text().startswith(f"{report.params.num_assistant_tokens} token")
    assert "accepted, draft step" in card.sentence.text()
    assert card.chart.curve == report.length_decision.curve
    assert card.chart.chosen == report.params.num_assistant_tokens
    assert "dashed line" in card.chart.accessibleDescription()


def test_the_top_bar_says_that_the_length_is_automatic(rig: Rig) -> None:
    spin = rig.window.top_bar.num_assistant_tokens
    assert (spin.text(), spin.isEnabled()) == ("Auto", False)
    rig.desktop.generation.choose_length(LengthMode.FIXED)
    assert (spin.text(), spin.isEnabled()) == (str(DEFAULT_NUM_ASSISTANT_TOKENS), True)
    assert rig.desktop.loads.choice.num_assistant_tokens == DEFAULT_NUM_ASSISTANT_TOKENS


@pytest.mark.parametrize("changes", [{"strategy": Strategy.PROMPT_LOOKUP}, {"draft_device": "NPU"}])
def test_where_no_length_can_be_chosen_the_set_one_is_shown_with_the_reason(
    rig: Rig, changes: dict[str, Any]
) -> None:
    loads = rig.desktop.loads
    loads.choose(replace(loads.choice, **changes))
    rig.wait_ready()
    spin = rig.window.top_bar.num_assistant_tokens
    assert (spin.text(), spin.isEnabled()) == (str(DEFAULT_NUM_ASSISTANT_TOKENS), True)
    rig.desktop.generation_settings.open()
    popover = rig.desktop.popover
    note = popover._notes["auto_num_assistant_tokens"]
    assert not note.isHidden()
    assert note.text().startswith("Not used here.")
    assert popover.length.isHidden()
    popover.hide()
    ask(rig)
    report = rig.desktop.transcript.report(1)
    assert report is not None
    assert report.params.num_assistant_tokens == DEFAULT_NUM_ASSISTANT_TOKENS
    assert report.length_decision is None


def test_fixed_answers_show_no_decision(rig: Rig) -> None:
    rig.desktop.generation.choose_length(LengthMode.FIXED)
    ask(rig)
    assert rig.window.stats.decision.isHidden()


def test_the_popover_offers_three_ways(rig: Rig) -> None:
    popover, generation = rig.desktop.popover, rig.desktop.generation
    rig.desktop.generation_settings.open()

    def shown() -> list[bool]:
        threshold = popover._numbers["assistant_confidence_threshold"]
        fields = (popover.num_assistant_tokens, threshold, popover.length)
        return [not field.isHidden() for field in fields]

    assert shown() == [False, False, True]
    for mode, expected in (
        (LengthMode.CONFIDENCE, [False, True, False]),
        (LengthMode.FIXED, [True, False, False]),
        (LengthMode.AUTO, [False, False, True]),
    ):
        popover.length.combo.choose(mode)
        popover.length.combo.activated.emit(popover.length.combo.currentIndex())
        assert generation.current.length_mode is mode
        assert shown() == expected
    decide(rig, DECISION)
    assert popover.length.decision.text().startswith("4 tokens: 71")
    assert popover.length.chart.chosen == 4
    popover.hide()


def test_only_a_threshold_loads_the_draft_anew(rig: Rig) -> None:
    loads, generation = rig.desktop.loads, rig.desktop.generation
    first = loads.asked_spec
    assert first is not None
    assert first.greedy_draft
    generation.choose_length(LengthMode.FIXED)
    generation.change("temperature", 0.7)
    ask(rig)
    assert loads.asked_spec is first
    generation.choose_length(LengthMode.CONFIDENCE)
    ask(rig)
    assert loads.asked_spec == replace(first, greedy_draft=False)
    generation.choose_length(LengthMode.AUTO)
    ask(rig)
    assert loads.asked_spec == first


def test_a_draft_that_does_not_pay_is_set_aside_and_comes_back(rig: Rig) -> None:
    loads, banner = rig.desktop.loads, rig.window.page.banner
    decide(rig, PLAIN)
    rig.wait_ready()
    assert loads.choice.strategy is Strategy.DRAFT
    assert loads.choice.effective_strategy is Strategy.NONE
    sentence = banner.sentence.text()
    assert "without a draft about 20.0 tok/s, with it at best 17.0 tok/s" in sentence
    assert rig.window.top_bar.strategy.currentData() == Strategy.NONE
    assert rig.desktop.preferences.current.strategy is Strategy.DRAFT
    banner.button.click()
    rig.wait_ready()
    assert not loads.choice.draft_rests


@pytest.mark.parametrize("wake", ["new_chat", "fixed", "device", "faster"])
def test_the_draft_is_tried_again(rig: Rig, wake: str) -> None:
    loads = rig.desktop.loads
    decide(rig, PLAIN)
    rig.wait_ready()
    rig.wait(lambda: loads.choice.draft_rests)
    match wake:
        case "new_chat":
            rig.desktop.chat.new_chat()
        case "fixed":
            rig.desktop.generation.choose_length(LengthMode.FIXED)
        case "device":
            loads.choose(replace(loads.choice, main_device="GPU"))
        case "faster":
            decide(rig, replace(DECISION, plain_is_measured=True))
            assert "Plain decoding reached 20.0" in rig.window.page.banner.sentence.text()
    rig.wait_ready()
    assert not loads.choice.draft_rests
    assert loads.choice.effective_strategy is Strategy.DRAFT


def test_a_decision_about_other_models_counts_for_nothing(rig: Rig) -> None:
    loads = rig.desktop.loads
    loads.choose(replace(loads.choice, main_device="GPU"))
    decide(rig, PLAIN)
    assert not loads.choice.draft_rests


def test_all_figures_of_an_answer_name_the_decision(rig: Rig) -> None:
    ask(rig)
    report = rig.desktop.transcript.report(1)
    assert report is not None
    dialog = FiguresDialog(replace(report, length_decision=DECISION), lambda _, text: text)
    rows = {row.key: row.value for row in dialog.rows}
    assert rows["decision"].startswith("4 tokens: 71")
    assert dialog.chart.curve == DECISION.curve
    dialog.deleteLater()
