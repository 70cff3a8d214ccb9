"""Generation settings and presets: JSON and back, ranges, broken files refused whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.generation_settings import SHARED_KEYS, GenerationSettings, settings_for_new_chat
from app.core.preferences import Preferences, changed
from app.core.presets import (
    BUILT_IN,
    Preset,
    PresetsUnreadableError,
    dump_presets,
    key_for,
    load_presets,
    merged,
)
from app.core.presets_file import PresetsFile, read_presets
from engine.placement import Strategy

MINE = Preset(
    key="mine",
    name="Mein 预设",
    settings=GenerationSettings(temperature=0.4, top_k=0, stop_strings=("END", "\n\n")),
    strategy=Strategy.NONE,
    num_assistant_tokens=7,
)

settings_values = st.builds(
    GenerationSettings,
    preset=st.sampled_from(["", "exact", "mine"]),
    system_prompt=st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
    temperature=st.floats(0, 5),
    top_p=st.none() | st.floats(0.01, 1),
    top_k=st.none() | st.integers(0, 1000),
    repetition_penalty=st.none() | st.floats(0.1, 2),
    seed=st.none() | st.integers(0, 2**31 - 1),
    max_new_tokens=st.integers(1, 1000),
    stop_strings=st.lists(st.text("ab\n", min_size=1), max_size=3).map(tuple),
    assistant_confidence_threshold=st.none() | st.floats(0.01, 1),
    enable_thinking=st.none() | st.booleans(),
)


@given(settings_values)
def test_settings_survive_json(settings: GenerationSettings) -> None:
    assert GenerationSettings.from_json(json.loads(json.dumps(settings.to_json()))) == settings


@given(settings_values, st.sampled_from(list(Strategy)))
def test_settings_are_always_possible_parameters(
    settings: GenerationSettings, strategy: Strategy
) -> None:
    params = settings.to_params(strategy=strategy, num_assistant_tokens=3)
    assert params.temperature == settings.temperature
    assert (params.num_assistant_tokens is None) >= (strategy is Strategy.NONE)
    assert params.assistant_confidence_threshold is None or strategy is Strategy.DRAFT


@pytest.mark.parametrize(
    "values",
    [
        {"temperature": "hot"},
        {"top_p": 7},
        {"seed": -1},
        {"stop_strings": [""]},
        {"stop_strings": "x"},
        {"preset": 5},
        {"enable_thinking": 1},
        {"nonsense": 1},
    ],
)
def test_impossible_values_become_defaults(values: dict[str, object]) -> None:
    assert GenerationSettings.from_json(values) == GenerationSettings()


def test_shared_fields_are_preferences_and_come_back_for_a_new_chat() -> None:
    settings = MINE.applied()
    preferences = changed(Preferences(), settings.to_preferences())
    assert settings_for_new_chat(preferences) == settings
    assert set(SHARED_KEYS) < set(settings.to_preferences())


def test_a_preset_tells_whether_something_was_changed() -> None:
    assert MINE.matches(MINE.applied())
    assert not MINE.matches(MINE.applied().changed({"temperature": 0.5}))


def test_the_first_preset_is_what_preferences_begin_with() -> None:
    assert BUILT_IN[0].matches(settings_for_new_chat(Preferences()))
    assert Preferences().preset == BUILT_IN[0].key


def test_presets_survive_a_file(tmp_path: Path) -> None:
    file = PresetsFile(tmp_path / "presets.json")
    assert file.read() == ()
    file.write((MINE,))
    assert file.read() == (MINE,)
    assert read_presets(file.path) == (MINE,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "other"}',
        "[" * 100_000,
        json.dumps({"format": "slipstream-presets", "version": 9, "presets": []}),
        json.dumps({"format": "slipstream-presets", "version": 1, "presets": 5}),
        json.dumps({"format": "slipstream-presets", "version": 1, "presets": [{"name": "a"}, 5]}),
        json.dumps({"format": "slipstream-presets", "version": 1, "presets": [{"name": " "}]}),
        json.dumps(
            {
                "format": "slipstream-presets",
                "version": 1,
                "presets": [{"name": "a", "settings": 1}],
            }
        ),
    ],
)
def test_broken_files_are_refused_whole(text: str, tmp_path: Path) -> None:
    with pytest.raises(PresetsUnreadableError):
        load_presets(text)
    path = tmp_path / "presets.json"
    path.write_text(text)
    assert PresetsFile(path).read() == ()
    assert list(tmp_path.glob("presets.damaged-*.json"))


def test_an_import_replaces_nothing() -> None:
    twice = merged((MINE,), load_presets(dump_presets([MINE, BUILT_IN[0]])))
    assert [preset.name for preset in twice] == [MINE.name, MINE.name, "Exact"]
    assert len({preset.key for preset in (*twice, *BUILT_IN)}) == len(twice) + len(BUILT_IN)
    assert not any(preset.is_built_in for preset in twice)


def test_keys_are_made_of_names() -> None:
    assert key_for("My Preset!", ()) == "my-preset"
    assert key_for("预设", ("preset",)) == "preset-2"
