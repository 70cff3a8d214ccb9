"""Which hub `models search` and `models download` ask: the window's, unless an option is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.cli.arguments import parse_arguments
from engine.cli.model_hub import chosen_hub, window_settings
from engine.errors import ParameterError
from engine.models.manifest import SourceType
from engine.models.orders import HubChoice
from engine.models.settings import SETTINGS_NAME, ModelSettings, write_model_settings

MIRROR = "https://mirror.example"
OTHER = "https://other.example"
WITH_MIRROR = ModelSettings(hub=SourceType.MIRROR, mirror=MIRROR)
HUGGINGFACE = HubChoice()
MODELSCOPE = HubChoice(type=SourceType.MODELSCOPE)


def at(address: str) -> HubChoice:
    return HubChoice(type=SourceType.MIRROR, endpoint=address)


@pytest.mark.parametrize(
    ("settings", "options", "expected"),
    [
        (None, [], HUGGINGFACE),
        (WITH_MIRROR, [], at(MIRROR)),
        (ModelSettings(hub=SourceType.MODELSCOPE), [], MODELSCOPE),
        (WITH_MIRROR, ["--source", "huggingface"], HUGGINGFACE),
        (WITH_MIRROR, ["--source", "modelscope"], MODELSCOPE),
        (WITH_MIRROR, ["--mirror", OTHER], at(OTHER)),
        (ModelSettings(mirror=MIRROR), ["--source", "mirror"], at(MIRROR)),
        (ModelSettings(hub=SourceType.MODELSCOPE), ["--mirror", "other.example/"], at(OTHER)),
    ],
)
def test_the_window_says_which_hub_and_options_win(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: ModelSettings | None,
    options: list[str],
    expected: HubChoice,
) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    if settings is not None:
        (tmp_path / "config").mkdir()
        write_model_settings(tmp_path / "config" / SETTINGS_NAME, settings)
    arguments = parse_arguments(["models", "search", "x", "--data-dir", str(tmp_path), *options])
    assert chosen_hub(arguments, window_settings(arguments)) == expected


def test_a_mirror_of_the_environment_counts_until_the_window_chose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "mirror.example")
    arguments = parse_arguments(["models", "search", "x", "--data-dir", str(tmp_path)])
    assert chosen_hub(arguments, window_settings(arguments)) == at(MIRROR)
    (tmp_path / "config").mkdir()
    write_model_settings(tmp_path / "config" / SETTINGS_NAME, ModelSettings())
    assert chosen_hub(arguments, window_settings(arguments)) == HUGGINGFACE


def test_a_mirror_without_an_address_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    arguments = parse_arguments(
        ["models", "search", "x", "--data-dir", str(tmp_path), "--source", "mirror"]
    )
    with pytest.raises(ParameterError):
        chosen_hub(arguments, window_settings(arguments))
