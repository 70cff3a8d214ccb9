"""The Lab plan that arguments describe. Looks models up; loads nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.device_arguments import read_book, scheduler_from, settings_file
from engine.cli.requests import Folders, open_registry
from engine.device_settings import DeviceBook
from engine.errors import ParameterError
from engine.lab.cells import ModelRef
from engine.lab.plan import DEFAULT_LENGTHS, LabPlan
from engine.lab.prompts import BUILT_IN_SETS, OWN_PROMPTS, PromptSet, prompt_set
from engine.placement import Properties, SchedulerSettings, Strategy
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
    devices = tuple(dict.fromkeys([*main_devices, *arguments.draft_device]))
    book = DeviceBook()
    if arguments.device_settings:
        book = read_book(settings_file(folders.data, folders.cache))
    plan = LabPlan(
        main=_reference(registry.find(main).path),
        drafts=tuple(_reference(registry.find(draft).path) for draft in drafts),
        main_devices=main_devices,
        draft_devices=tuple(arguments.draft_device or main_devices),
        strategies=_strategies(arguments.strategy, has_draft=bool(drafts)),
        lengths=arguments.lengths or DEFAULT_LENGTHS,
        prompt_sets=_sets(arguments),
        properties=_properties(arguments, devices, book),
        schedulers=_schedulers(arguments, main_devices, book),
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
    arguments: argparse.Namespace, devices: tuple[str, ...], book: DeviceBook
) -> tuple[tuple[str, Properties], ...]:
    asked = dict(arguments.properties)
    by_device = ((name, {**dict(book.properties(name)), **asked}) for name in devices)
    return tuple((name, tuple(values.items())) for name, values in by_device if values)


def _schedulers(
    arguments: argparse.Namespace, main_devices: tuple[str, ...], book: DeviceBook
) -> tuple[tuple[str, SchedulerSettings], ...]:
    wanted = ((name, scheduler_from(arguments, book.used(name).scheduler)) for name in main_devices)
    return tuple((name, scheduler) for name, scheduler in wanted if scheduler.changes)
