"""Settings about models survive, damage costs only the settings."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.models.manifest import SourceType
from engine.models.orders import HubChoice
from engine.models.settings import (
    ModelDefaults,
    ModelSettings,
    read_model_settings,
    write_model_settings,
)
from engine.placement import Placement, Strategy


def test_what_was_written_is_read(tmp_path: Path) -> None:
    defaults = ModelDefaults(
        model_id="a/b",
        strategy=Strategy.PROMPT_LOOKUP,
        main_device="GPU",
        temperature=0.7,
        context_limit=4096,
    )
    settings = replace(
        ModelSettings(hub=SourceType.MODELSCOPE, speed_limit_kb_per_s=500).with_agreed("c/d"),
        mirror="https://mirror.example",
    ).with_defaults("a/b", defaults)
    write_model_settings(tmp_path / "models.json", settings)
    assert read_model_settings(tmp_path / "models.json") == settings


def test_defaults_of_a_program_before_are_still_read(tmp_path: Path) -> None:
    old = {
        "model_id": "a/b", "main_device": "GPU", "draft_device": "CPU", "num_assistant_tokens": 5,
        "temperature": 0.5, "max_new_tokens": 100,
    }  # fmt: skip
    content = {"schema": 1, "settings": {"hub": "modelscope", "defaults": [old]}}
    (tmp_path / "models.json").write_text(json.dumps(content))
    settings = read_model_settings(tmp_path / "models.json")
    assert settings.hub is SourceType.MODELSCOPE
    expected = ModelDefaults(
        model_id="a/b", main_device="GPU", num_assistant_tokens=5, temperature=0.5,
        max_new_tokens=100,
    )  # fmt: skip
    assert settings.defaults_of("a/b") == expected
    assert (expected.strategy, expected.context_limit) == (None, None)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"schema": 9}', '{"schema": 1, "settings": {"hub": "elsewhere"}}']
)
def test_damage_means_the_defaults_and_the_file_is_kept(tmp_path: Path, content: str) -> None:
    (tmp_path / "models.json").write_text(content)
    assert read_model_settings(tmp_path / "models.json") == ModelSettings()
    write_model_settings(tmp_path / "models.json", ModelSettings())
    (aside,) = tmp_path.glob("models.damaged-*.json")
    assert aside.read_text() == content


def test_a_mirror_of_the_environment_is_the_start() -> None:
    settings = read_model_settings(Path("absent.json"), mirror="https://mirror.example")
    assert settings.hub_choice == HubChoice(
        type=SourceType.MIRROR, endpoint="https://mirror.example"
    )


def test_a_mirror_without_an_address_is_the_hub_itself() -> None:
    assert ModelSettings(hub=SourceType.MIRROR).hub_choice == HubChoice()


def test_agreement_and_defaults_are_kept_once() -> None:
    settings = ModelSettings().with_agreed("a/b").with_agreed("a/b")
    assert settings.agreed == ("a/b",)
    settings = settings.with_defaults("a/b", ModelDefaults(model_id="a/b"))
    settings = settings.with_defaults("a/b", ModelDefaults(model_id="a/b", max_new_tokens=9))
    found = settings.defaults_of("a/b")
    assert found is not None
    assert found.max_new_tokens == 9
    assert settings.with_defaults("a/b", None).defaults == ()
    assert settings.speed_limit_bytes_per_s is None


def test_a_measured_placement_becomes_the_default_and_the_rest_stays() -> None:
    base = ModelDefaults(model_id="a/b", temperature=0.7, max_new_tokens=99)
    found = ModelSettings().with_placement(
        base,
        strategy=Strategy.DRAFT,
        placement=Placement("GPU", "CPU"),
        num_assistant_tokens=5,
    )
    expected = replace(base, strategy=Strategy.DRAFT, main_device="GPU", num_assistant_tokens=5)
    assert found.defaults == (expected,)
    plain = found.with_placement(
        ModelDefaults(model_id="a/b"),
        strategy=Strategy.NONE,
        placement=Placement("CPU"),
        num_assistant_tokens=None,
    )
    assert plain.defaults == (replace(expected, strategy=Strategy.NONE, main_device="CPU"),)
