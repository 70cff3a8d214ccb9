"""Turns parsed arguments into the engine's own values. Looks models up; loads nothing."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

from engine.cli.arguments import AUTO_LENGTH, NO_DRAFT
from engine.cli.device_arguments import apply_devices, settings_file
from engine.models.location import models_folder
from engine.models.registry import Registry
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.resources import asset_path

DATA_DIR_VARIABLE = "SLIPSTREAM_DATA_DIR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where this user's things are; the window uses the same ones."""

    config: Path
    data: Path
    logs: Path
    cache: Path
    """What can be made again."""

    @property
    def models(self) -> Path:
        """Installed models, wherever they were moved to."""
        return models_folder(self.data)


def find_folders(data_dir: Path | None) -> Folders:
    """The folders: --data-dir, then SLIPSTREAM_DATA_DIR, then the platform's own."""
    chosen = data_dir or os.environ.get(DATA_DIR_VARIABLE)
    if chosen:
        root = Path(chosen).expanduser().absolute()
        return Folders(
            config=root / "config", data=root / "data", logs=root / "logs", cache=root / "cache"
        )
    from platformdirs import PlatformDirs

    platform = PlatformDirs("slipstream", appauthor=False)
    return Folders(
        config=platform.user_config_path,
        data=platform.user_data_path,
        logs=platform.user_log_path,
        cache=platform.user_cache_path,
    )


def open_registry(folders: Folders) -> Registry:
    """The installed models and those that come with the program."""
    return Registry(folders.models, embedded=asset_path("models"))


def make_spec(arguments: argparse.Namespace, registry: Registry) -> LoadSpec:
    """What to load.

    Raises:
        ModelError: a model is not installed and no folder.
        ParameterError: the arguments contradict each other.
        StorageError: what is set on the devices cannot be read.
    """
    main, draft = arguments.main, arguments.draft
    strategy = Strategy(arguments.strategy) if arguments.strategy else None
    if main is None:
        main = str(asset_path("models", "demo-main"))
        if draft is None and strategy in (None, Strategy.DRAFT):
            draft = str(asset_path("models", "demo-draft"))
    if draft == NO_DRAFT:
        draft = None
    if strategy is None:
        strategy = Strategy.DRAFT if draft else Strategy.NONE
    draft_device = arguments.draft_device or (arguments.main_device if draft else None)
    spec = LoadSpec(
        main_path=str(registry.find(main).path),
        draft_path=str(registry.find(draft).path) if draft else None,
        strategy=strategy,
        placement=Placement(arguments.main_device, draft_device),
        sampling=bool(arguments.temperature),
        greedy_draft=bool(draft) and arguments.assistant_confidence_threshold is None,
        num_assistant_tokens=_fixed_length(arguments),
    )
    folders = find_folders(arguments.data_dir)
    return apply_devices(spec, arguments, file=settings_file(folders.data, folders.cache))


def make_params(arguments: argparse.Namespace) -> GenerationParams:
    """The parameters of every answer.

    Raises:
        ParameterError: a value is out of range.
    """
    return GenerationParams(
        max_new_tokens=arguments.max_new_tokens,
        temperature=arguments.temperature,
        top_p=arguments.top_p,
        top_k=arguments.top_k,
        repetition_penalty=arguments.repetition_penalty,
        seed=arguments.seed,
        stop_strings=tuple(arguments.stop),
        num_assistant_tokens=_fixed_length(arguments),
        auto_num_assistant_tokens=arguments.num_assistant_tokens == AUTO_LENGTH,
        assistant_confidence_threshold=arguments.assistant_confidence_threshold,
        ignore_eos=arguments.ignore_eos,
    )


def _fixed_length(arguments: argparse.Namespace) -> int | None:
    length: int | str | None = arguments.num_assistant_tokens
    return length if isinstance(length, int) else None
