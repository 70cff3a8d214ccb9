"""`models`: what is installed, what fits together, import, verify, remove; as text or JSON."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from engine.cli.exit_codes import ExitCode
from engine.cli.lines import write_json, write_table
from engine.cli.model_arguments import LIST
from engine.cli.requests import find_folders, open_registry
from engine.errors import EngineError
from engine.models.catalog import load_catalog
from engine.models.inspection import Inspection, inspect_model
from engine.models.listing import (
    inspection_to_json,
    model_to_json,
    pairs_to_json,
    recommendation_to_json,
    source_to_json,
    verification_to_json,
)
from engine.models.pairing import DraftOption, pair_report
from engine.models.registry import InstalledModel, Registry
from engine.placement import Placement

_MEGABYTE = 1_000_000


def run_models(arguments: argparse.Namespace) -> ExitCode:
    """Carry out one action.

    Raises:
        EngineError: the model is missing, the hub refuses, the disk is full.
    """
    action = arguments.action or LIST
    actions = {
        "list": _list, "inspect": _inspect, "pairs": _pairs, "recommend": _recommend,
        "import": _import, "remove": _remove,
    }  # fmt: skip
    if action in actions:
        actions[action](arguments, _registry(arguments))
        return ExitCode.OK
    if action == "verify":
        return _verify(arguments, _registry(arguments))
    from engine.cli.model_hub import run_download, run_search

    if action == "search":
        return run_search(arguments)
    return run_download(arguments)


def megabytes(size_bytes: int | None) -> str:
    """A size in decimal megabytes, a dash when unknown."""
    return "-" if size_bytes is None else f"{size_bytes / _MEGABYTE:.1f} MB"


def _registry(arguments: argparse.Namespace) -> Registry:
    return open_registry(find_folders(arguments.data_dir))


def _list(arguments: argparse.Namespace, registry: Registry) -> None:
    models = registry.scan()
    if arguments.json:
        for model in models:
            write_json(model_to_json(model))
        return
    write_table(
        [[m.id, m.role.value, m.kind.value, megabytes(m.size_bytes), _problem(m)] for m in models]
    )


def _inspect(arguments: argparse.Namespace, registry: Registry) -> None:
    model = registry.find(arguments.model)
    found = inspect_model(model)
    facts = inspection_to_json(found) | source_to_json(model)
    if arguments.json:
        write_json(facts)
        return
    shown = {key: value for key, value in facts.items() if key not in ("devices", "problems")}
    write_table([[key, _short(value)] for key, value in shown.items()])
    for name, device in facts["devices"].items():
        codes = ", ".join(reason["code"] for reason in device["reasons"])
        sys.stdout.write(f"on {name.upper()}: {device['verdict']}  {codes}".rstrip() + "\n")
    for problem in found.problems:
        sys.stdout.write(f"problem: {problem.message}\n")


def _pairs(arguments: argparse.Namespace, registry: Registry) -> None:
    main = registry.find(arguments.model)
    placement = Placement(arguments.main_device, arguments.draft_device)
    report = pair_report(
        inspect_model(main),
        tuple(_inspections(registry)),
        catalog=load_catalog(),
        placement=placement,
    )
    if arguments.json:
        write_json(pairs_to_json(report))
        return
    write_table([_option(option) for option in report.options])


def _recommend(arguments: argparse.Namespace, registry: Registry) -> None:
    from engine.backends.process_backend import ProcessBackend
    from engine.models.machine import read_machine
    from engine.models.recommendation import recommend

    backend = ProcessBackend(log_dir=find_folders(arguments.data_dir).logs)
    try:
        devices = backend.devices()
    finally:
        backend.close()
    found = recommend(load_catalog(), read_machine(registry.root, tuple(devices)))
    if arguments.json:
        write_json(recommendation_to_json(found))
        return
    rows = []
    for offer in found.offers:
        best = "recommended" if offer == found.best else ""
        draft = offer.draft.id if offer.draft is not None else "-"
        needed = megabytes(offer.fit.weight_bytes)
        rows.append([offer.pack.id, offer.label.value, needed, offer.main.id, draft, best])
    write_table(rows)


def _import(arguments: argparse.Namespace, registry: Registry) -> None:
    from engine.models.import_folder import import_copy, import_in_place, plan_import

    take = import_in_place if arguments.in_place else import_copy
    model = take(plan_import(arguments.folder), registry, model_id=arguments.id)
    if arguments.json:
        write_json(model_to_json(model))
    else:
        sys.stdout.write(f"{model.id}  {megabytes(model.size_bytes)}\n")


def _verify(arguments: argparse.Namespace, registry: Registry) -> ExitCode:
    from engine.models.verify import verify_model

    model = registry.find(arguments.model)
    report = verify_model(model)
    if not report.ok and arguments.repair:
        from engine.cli.model_hub import repair_model

        repair_model(model, [bad.path for bad in report.bad_files], root=registry.root)
        report = verify_model(registry.find(arguments.model))
    if arguments.json:
        write_json(verification_to_json(report))
    else:
        for bad in report.bad_files:
            sys.stdout.write(f"{bad.path}: {bad.fault.value}\n")
        word = "whole" if report.ok else "damaged"
        sys.stdout.write(f"{report.model_id}: {word}, {megabytes(report.checked_bytes)} read\n")
    return ExitCode.OK if report.ok else ExitCode.MODEL


def _remove(arguments: argparse.Namespace, registry: Registry) -> None:
    freed = registry.remove(arguments.model)
    if arguments.json:
        write_json({"id": arguments.model, "freed_bytes": freed})
    else:
        sys.stdout.write(f"{arguments.model} removed, {megabytes(freed)} freed\n")


def _inspections(registry: Registry) -> list[Inspection]:
    found = []
    for model in registry.scan():
        try:
            found.append(inspect_model(model))
        except EngineError:  # gone meanwhile
            continue
    return found


def _option(option: DraftOption) -> list[str]:
    reasons = ", ".join(reason.code.value for reason in option.reasons)
    name = option.model_id or option.strategy.value
    return [option.verdict.value, option.origin.value, name, reasons]


def _problem(model: InstalledModel) -> str:
    return model.problem.code.value if model.problem is not None else ""


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {item}" for key, item in value.items() if item is not None)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "-" if value is None else str(value)
