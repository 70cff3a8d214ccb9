"""How the draft length is chosen, as a chat keeps it and as the engine is asked."""

from __future__ import annotations

import pytest

from app.core.generation_settings import USUAL_THRESHOLD, GenerationSettings, LengthMode
from app.core.preferences import Preferences
from app.core.presets import Preset, dump_presets, load_presets
from engine.placement import Strategy

THRESHOLD = GenerationSettings(assistant_confidence_threshold=0.6)


@pytest.mark.parametrize("mode", LengthMode)
def test_a_mode_is_kept_with_the_chat_and_in_presets(mode: LengthMode) -> None:
    settings = GenerationSettings().with_length_mode(mode)
    assert settings.length_mode is mode
    assert GenerationSettings.from_json(settings.to_json()) == settings
    preset = Preset(key="mine", name="Mine", settings=settings)
    (read,) = load_presets(dump_presets([preset]))
    assert read.settings.length_mode is mode


def test_a_mode_asks_the_engine_for_one_thing() -> None:
    for mode in LengthMode:
        settings = GenerationSettings().with_length_mode(mode)
        params = settings.to_params(strategy=Strategy.DRAFT, num_assistant_tokens=4)
        asked = (
            params.num_assistant_tokens,
            params.assistant_confidence_threshold,
            params.auto_num_assistant_tokens,
        )
        assert (
            asked
            == {
                LengthMode.FIXED: (4, None, False),
                LengthMode.CONFIDENCE: (None, USUAL_THRESHOLD, False),
                LengthMode.AUTO: (4, None, True),
            }[mode]
        )


def test_automatic_length_and_threshold_exclude_each_other() -> None:
    automatic = THRESHOLD.changed({"auto_draft_length": True})
    assert (automatic.length_mode, automatic.assistant_confidence_threshold) == (
        LengthMode.AUTO,
        None,
    )
    back = automatic.changed({"assistant_confidence_threshold": 0.3})
    assert (back.length_mode, back.auto_draft_length) == (LengthMode.CONFIDENCE, False)
    both = GenerationSettings(auto_draft_length=True, assistant_confidence_threshold=0.3)
    params = both.to_params(strategy=Strategy.DRAFT, num_assistant_tokens=4)
    assert (params.auto_num_assistant_tokens, params.assistant_confidence_threshold) == (True, None)


def test_a_threshold_that_is_set_stays() -> None:
    assert THRESHOLD.with_length_mode(LengthMode.CONFIDENCE) == THRESHOLD


def test_the_length_is_fixed_unless_somebody_chooses() -> None:
    assert GenerationSettings().length_mode is LengthMode.FIXED
    assert not Preferences().auto_draft_length
