"""Every decision about the draft length is a sentence with its numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.draft_length_text import decision_text, set_aside_text, taken_back_text
from app.core.translation import untranslated
from engine.metrics.report import LengthDecision, LengthReason

DECISION = LengthDecision(
    num_assistant_tokens=4,
    reason=LengthReason.BEST_EXPECTED,
    acceptance_rate=0.71,
    acceptance_by_position=(0.8,),
    draft_cost_ratio=0.11,
    main_step_s=0.05,
    expected_tokens_per_s=38.0,
    expected_speed_up=1.9,
    plain_is_measured=True,
    iterations=120,
    curve=((4, 1.9),),
)


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


def test_the_numbers_stand_behind_the_length() -> None:
    assert plain(decision_text(DECISION, untranslated)) == (
        "4 tokens: 71 % accepted, draft step 0.11 of a main step, expected 1.90\u00d7."
    )
    one = replace(DECISION, num_assistant_tokens=1)
    assert decision_text(one, untranslated).startswith("1 token: ")


@pytest.mark.parametrize("reason", LengthReason)
def test_every_reason_has_a_sentence(reason: LengthReason) -> None:
    said = decision_text(replace(DECISION, reason=reason), untranslated)
    assert "{" not in said
    assert all(number in plain(said) for number in ("71 %", "0.11", "1.90"))


def test_without_a_measurement_no_number_is_said() -> None:
    nothing = replace(DECISION, expected_speed_up=None, reason=LengthReason.CALIBRATING)
    said = decision_text(nothing, untranslated)
    assert said == "4 tokens to begin with: nothing is measured yet."


def test_what_is_done_with_the_draft_has_both_rates() -> None:
    for said in (set_aside_text(DECISION, untranslated), taken_back_text(DECISION, untranslated)):
        assert "20.0 tok/s" in said
        assert "38.0 tok/s" in said
