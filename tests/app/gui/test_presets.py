"""Generation settings and presets in a real window."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.generation_settings import GenerationSettings
from app.core.presets import Preset
from app.core.presets_file import PresetsFile, read_presets
from engine.placement import Strategy

Open = Callable[..., Any]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_a_preset_sets_everything_and_is_remembered(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.desktop.generation.choose("from-a-text")
    choice = rig.desktop.loads.choice
    assert (choice.strategy, choice.num_assistant_tokens) == (Strategy.PROMPT_LOOKUP, 5)
    assert "text you are given" in rig.desktop.preferences.current.system_prompt
    rig.desktop.generation.change("temperature", 0.3)
    assert rig.desktop.generation.is_modified
    rig.desktop.preferences.close()
    saved = json.loads(rig.preferences_path.read_text())
    assert (saved["preset"], saved["temperature"]) == ("from-a-text", 0.3)


def test_own_presets_are_saved_exported_and_imported(open_window: Open, tmp_path: Path) -> None:
    rig = open_window()
    generation = rig.desktop.generation
    generation.change("temperature", 1.5)
    preset = generation.save_as("Wild", num_assistant_tokens=4)
    assert generation.preset == preset
    assert not generation.is_modified
    assert generation.export_to(tmp_path / "out.json")
    generation.delete(preset.key)
    assert generation.preset is None
    rig.desktop.generation_settings.import_from(tmp_path / "out.json")
    assert "Wild" in [item.name for item in generation.presets]
    rig.desktop.generation_settings.import_from(tmp_path / "missing.json")
    assert rig.window.page.banner.title.text() == "Nothing was imported"


def test_presets_that_could_not_be_saved_are_saved_by_another_try(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = open_window()
    generation = rig.desktop.generation
    written, original = generation._file.path, PresetsFile.write
    disk_is_full = True

    def write(file: PresetsFile, presets: tuple[Preset, ...]) -> None:
        if disk_is_full:
            raise OSError(errno.ENOSPC, "No space left on device")
        original(file, presets)

    monkeypatch.setattr(PresetsFile, "write", write)
    generation.save_as("Wild")
    banner = rig.window.page.banner
    rig.wait(lambda: banner.is_shown)
    assert banner.title.text() == "Cannot save"
    assert not written.exists()
    disk_is_full = False
    banner.button.click()
    rig.wait(written.exists)
    assert [preset.name for preset in read_presets(written)] == ["Wild"]


def test_settings_of_another_chat_change_no_preference(open_window: Open) -> None:
    rig = open_window(temperature=0.0)
    shown: list[GenerationSettings] = []
    edited: list[GenerationSettings] = []
    generation = rig.desktop.generation
    generation.changed.connect(shown.append)
    generation.edited.connect(edited.append)
    generation.restore(GenerationSettings(temperature=0.9, preset="inventive"))
    assert (shown[-1].temperature, edited) == (0.9, [])
    assert rig.desktop.preferences.current.temperature == 0.0
    generation.restore(None)
    assert generation.current.temperature == 0.0


def test_what_the_pipeline_does_not_use_is_said_beside_the_setting(open_window: Open) -> None:
    rig = open_window(strategy="none")
    rig.wait_ready()
    generation, popover = rig.desktop.generation, rig.desktop.popover
    generation.change("seed", 5)
    generation.change("assistant_confidence_threshold", 0.4)
    rig.desktop.generation_settings.open()
    notes = {key: line.text() for key, line in popover._notes.items() if not line.isHidden()}
    assert notes["seed"].startswith("Not used here. At temperature 0")
    assert notes["assistant_confidence_threshold"].startswith("Not used here")
    generation.change("assistant_confidence_threshold", None)
    assert popover._notes["assistant_confidence_threshold"].isHidden()
    assert popover._notes["num_assistant_tokens"].text().startswith("Not used here")
    generation.change("temperature", 0.5)
    assert popover._notes["seed"].isHidden()
    popover.hide()
