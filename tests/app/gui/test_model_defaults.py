"""The defaults of a main model hold whenever it is chosen: loaded, asked and shown like that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.core.load_choice import LoadChoice
from engine.models.registry import InstalledModel, Registry
from engine.models.settings import (
    SETTINGS_NAME,
    ModelDefaults,
    ModelSettings,
    write_model_settings,
)
from engine.placement import Placement, Strategy
from engine.resources import asset_path

Open = Callable[..., Any]
MAIN = "slipstream/demo-main"


@pytest.fixture
def models() -> tuple[InstalledModel, InstalledModel]:
    registry = Registry(Path("nowhere"), embedded=asset_path("models"))
    return registry.find(MAIN), registry.find("slipstream/demo-draft")


def keep(tmp_path: Path, **values: object) -> None:
    defaults = ModelDefaults(model_id=MAIN, **values)  # type: ignore[arg-type]
    folder = tmp_path / "data" / "config"
    folder.mkdir(parents=True)
    write_model_settings(folder / SETTINGS_NAME, ModelSettings(defaults=(defaults,)))


def test_a_pack_is_loaded_as_the_defaults_say(
    open_window: Open, tmp_path: Path, models: tuple[InstalledModel, InstalledModel]
) -> None:
    keep(
        tmp_path,
        strategy=Strategy.PROMPT_LOOKUP,
        main_device="GPU",
        num_assistant_tokens=7,
        context_limit=1024,
        max_new_tokens=99,
        top_p=0.9,
        top_k=40,
        repetition_penalty=1.15,
    )
    rig = open_window()
    rig.wait_ready()
    loaded: list[Any] = []
    rig.desktop.loads.loaded.connect(loaded.append)
    pairing = rig.desktop.models.services.pairing
    pairing.use_models(*models, strategy=Strategy.DRAFT, prefers_defaults=True)
    rig.wait_ready()

    spec = loaded[-1].spec
    assert (spec.strategy, spec.placement) == (Strategy.PROMPT_LOOKUP, Placement("GPU"))
    assert loaded[-1].context_length == spec.context_limit == 1024
    assert rig.desktop.loads.choice.num_assistant_tokens == 7
    current = rig.desktop.preferences.current
    assert (current.max_new_tokens, current.context_limit) == (99, 1024)
    assert (current.top_p, current.top_k, current.repetition_penalty) == (0.9, 40, 1.15)
    meter = rig.window.page.composer.context
    rig.wait(lambda: "1\u202f024" in meter.toolTip())

    rig.desktop.loads.choose(LoadChoice(pair=rig.desktop.loads.choice.pair))
    assert rig.desktop.preferences.current.context_limit is None


def test_what_is_picked_in_the_dialog_goes_before_the_defaults(
    open_window: Open, tmp_path: Path, models: tuple[InstalledModel, InstalledModel]
) -> None:
    keep(tmp_path, strategy=Strategy.NONE, main_device="GPU", context_limit=2048)
    rig = open_window()
    rig.wait_ready()
    pairing = rig.desktop.models.services.pairing
    pairing.use_models(*models, strategy=Strategy.DRAFT, placement=Placement("CPU", "CPU"))
    choice = rig.desktop.loads.choice
    assert (choice.strategy, choice.main_device) == (Strategy.DRAFT, "CPU")
    assert choice.context_limit == 2048, "a limit is no choice of the dialog"


def test_a_pack_is_loaded_on_the_devices_it_is_for_unless_defaults_say_others(
    open_window: Open, tmp_path: Path, models: tuple[InstalledModel, InstalledModel]
) -> None:
    rig = open_window()
    rig.wait_ready()
    pairing = rig.desktop.models.services.pairing
    on_gpu = Placement("GPU", "CPU")
    pairing.use_models(*models, strategy=Strategy.DRAFT, placement=on_gpu, prefers_defaults=True)
    choice = rig.desktop.loads.choice
    assert (choice.main_device, choice.draft_device) == ("GPU", "CPU")


def test_defaults_go_before_the_devices_of_a_pack(
    open_window: Open, tmp_path: Path, models: tuple[InstalledModel, InstalledModel]
) -> None:
    keep(tmp_path, main_device="CPU", draft_device="CPU")
    rig = open_window()
    rig.wait_ready()
    rig.desktop.models.services.pairing.use_models(
        *models,
        strategy=Strategy.DRAFT,
        placement=Placement("GPU", "GPU"),
        prefers_defaults=True,
    )
    choice = rig.desktop.loads.choice
    assert (choice.main_device, choice.draft_device) == ("CPU", "CPU")


def test_a_model_without_defaults_has_no_limit(
    open_window: Open, tmp_path: Path, models: tuple[InstalledModel, InstalledModel]
) -> None:
    rig = open_window(context_limit=512)
    rig.wait_ready()
    assert rig.desktop.preferences.current.context_limit == 512
    rig.desktop.models.services.pairing.use_models(*models, strategy=Strategy.DRAFT)
    assert rig.desktop.loads.choice.context_limit is None
