"""Refuses a load that cannot fit into memory, before anything is read, and says the numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.errors import DeviceError, EngineError, ErrorCode
from engine.events import DeviceInfo, DeviceKind
from engine.models.fit import FitLabel, FitReport, ModelLoad, load_of, plan_memory
from engine.models.inspection import inspect_folder
from engine.models.machine import MachineFacts, read_machine
from engine.placement import LoadSpec

_PLANNED_TOKENS = 2048
"""A refusal must be sure: a short chat, not the longest one."""


def check_memory(spec: LoadSpec, *, machine: MachineFacts) -> FitReport:
    """Whether the models of a load fit, by the rule of `engine.models.fit`.

    Raises:
        ModelError: a folder cannot be read.
    """
    models = [(spec.main_path, spec.placement.main_device)]
    if spec.draft_path is not None and spec.placement.draft_device is not None:
        models.append((spec.draft_path, spec.placement.draft_device))
    loads = tuple(_load(Path(path), device, machine) for path, device in models)
    # An NPU has no such cache: the setting does nothing there.
    cache = 0 if spec.placement.uses_npu else spec.scheduler.cache_size_gb << 30
    tokens = min(_PLANNED_TOKENS, spec.context_limit or _PLANNED_TOKENS)
    return plan_memory(loads, machine, context_tokens=tokens, fixed_cache_bytes=cache)


def require_memory(spec: LoadSpec, *, devices: tuple[DeviceInfo, ...] = ()) -> None:
    """Refuse a load that will not fit now. A folder that cannot be read is the load's to refuse.

    Raises:
        DeviceError: OUT_OF_MEMORY with facts pool, needed_bytes, available_bytes.
    """
    machine = read_machine(Path(spec.main_path), devices)
    try:
        report = check_memory(spec, machine=machine)
    except EngineError:
        return
    for need in report.needs:
        if need.label is FitLabel.WILL_NOT_FIT:
            raise DeviceError(
                "The models need more memory than is free.",
                code=ErrorCode.OUT_OF_MEMORY,
                pool=str(need.pool),
                device=need.device or "",
                needed_bytes=need.needed_bytes,
                available_bytes=need.available_bytes,
            )


def _load(path: Path, device_name: str, machine: MachineFacts) -> ModelLoad:
    known = next((d for d in machine.devices if d.name == device_name), None)
    device = known or DeviceInfo(name=device_name, full_name=device_name, kind=_kind(device_name))
    if device.emulated:
        device = replace(device, kind=DeviceKind.CPU)
    return load_of(inspect_folder(path), device)


def _kind(name: str) -> DeviceKind:
    if name.startswith("GPU"):
        return DeviceKind.INTEGRATED_GPU
    return DeviceKind.NPU if name.startswith("NPU") else DeviceKind.CPU
