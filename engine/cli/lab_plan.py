"""The Lab plan that arguments describe. Looks models up; loads nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.requests import Folders, open_registry
from engine.errors import ParameterError
from engine.lab.cells import ModelRef
from engine.lab.plan import DEFAULT_LENGTHS, LabPlan
from engine.lab.prompts import BUILT_IN_SETS, OWN_PROMPTS, PromptSet, prompt_set
from engine.placement import Properties, Strategy
from engine.resources import asset_path

_DEFAULT_SETS = ("story", "question")


def make_lab_plan(arguments: argparse.Namespace, folders: Folders) -> LabPlan:
    """The plan of a grid.

    Raises:
        ModelError: a model is not installed and no folder.
        ParameterError: the arguments contradict each other.
    """
    registry = open_registry(folders)
    main, drafts = arguments.main, list(arguments.draft)
    if main is None:
        main = str(asset_path("models", "demo-main"))
        drafts = drafts or [str(asset_path("models", "demo-draft"))]
    main_devices = tuple(arguments.main_device or ["CPU"])
    plan = LabPlan(
        main=_reference(registry.find(main).path),
        drafts=tuple(_reference(registry.find(draft).path) for draft in drafts),
        main_devices=main_devices,
        draft_devices=tuple(arguments.draft_device or main_devices),
        strategies=_strategies(arguments.strategy, has_draft=bool(drafts)),
        lengths=arguments.lengths or DEFAULT_LENGTHS,
        prompt_sets=_sets(arguments),
        properties=_properties(arguments, main_devices),
        repeats=getattr(arguments, "repeats", 1),
        max_new_tokens=arguments.max_new_tokens,
        settle_s=getattr(arguments, "settle_s", 0.0),
    )
    return plan


def _reference(path: Path) -> ModelRef:
    return ModelRef(name=path.name, path=str(path))


def _strategies(names: list[str], *, has_draft: bool) -> tuple[Strategy, ...]:
    chosen = tuple(Strategy(name) for name in names) or tuple(Strategy)
    if names and Strategy.DRAFT in chosen and not has_draft:
        raise ParameterError("The draft strategy needs --draft.", parameter="draft")
    return chosen


def _sets(arguments: argparse.Namespace) -> tuple[PromptSet, ...]:
    if not hasattr(arguments, "sets"):
        return (BUILT_IN_SETS["story"],)
    own = prompt_set(OWN_PROMPTS, arguments.prompts)
    names = arguments.sets or (() if own.prompts else _DEFAULT_SETS)
    sets = [BUILT_IN_SETS[name].first(arguments.prompts_per_set) for name in names]
    return (*sets, own) if own.prompts else tuple(sets)


def _properties(
    arguments: argparse.Namespace, main_devices: tuple[str, ...]
) -> tuple[tuple[str, Properties], ...]:
    if not arguments.properties:
        return ()
    devices = dict.fromkeys([*main_devices, *(arguments.draft_device or [])])
    return tuple((device, tuple(arguments.properties)) for device in devices)
