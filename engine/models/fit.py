"""Does a pair fit this machine? Weights, both KV caches and what compiling takes, against free
memory; files against free disk. Estimates by a written rule; the label carries its numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from engine.events import DeviceInfo, DeviceKind
from engine.models.catalog import CatalogModel
from engine.models.inspection import Inspection
from engine.models.machine import MachineFacts
from engine.placement import Placement

_GIB = 1 << 30
_MIB = 1 << 20
DEFAULT_CONTEXT_TOKENS = 8192
"""Tokens planned for when nobody says: a long chat, not the longest possible."""
_CPU_OVERHEAD_BYTES = _GIB
_ACCELERATOR_OVERHEAD_BYTES = _GIB + _GIB // 2
_SECOND_MODEL_BYTES = 64 * _MIB
_REFUSE_SHARE = 0.95
_WARN_SHARE = 0.80
_DISK_RESERVE_BYTES = _GIB
_DISK_RESERVE_SHARE = 0.05
# When a model does not say how its cache is built: about what models of that size take.
_KV_GUESSES = ((300_000_000, 24 * 1024), (1_000_000_000, 112 * 1024), (20_000_000_000, 160 * 1024))
_KV_LARGEST_GUESS = 192 * 1024


class FitLabel(StrEnum):
    """The plain answer."""

    FITS = "fits"
    MAY_BE_SLOW = "may_be_slow"
    """It fits, with so little memory left that the system may start to swap."""
    WILL_NOT_FIT = "will_not_fit"
    UNKNOWN = "unknown"
    """A size is not known."""


class Pool(StrEnum):
    """What is used up."""

    RAM = "ram"
    DEVICE = "device"
    """Memory of a discrete GPU."""
    DISK = "disk"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLoad:
    """What one model asks for on one device."""

    weight_bytes: int | None
    kv_bytes_per_token: int
    device: DeviceInfo
    kv_is_guess: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Bytes needed from one pool, and what is there."""

    pool: Pool
    device: str | None
    """OpenVINO device name for Pool.DEVICE."""
    needed_bytes: int
    available_bytes: int
    label: FitLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class FitReport:
    """The label and the numbers behind it."""

    label: FitLabel
    needs: tuple[Need, ...]
    weight_bytes: int
    kv_bytes: int
    overhead_bytes: int
    context_tokens: int
    estimated: bool
    """Whether any figure is an estimate rather than read from files."""


def load_of(
    model: Inspection | CatalogModel, device: DeviceInfo, *, shares_memory: bool = False
) -> ModelLoad:
    """What a model asks for on a device. With `shares_memory` it brings no weights of its own
    (an MTP head in the same folder)."""
    if isinstance(model, Inspection):
        weight_bytes: int | None = model.weight_bytes
        kv = model.config.kv_bytes_per_token
    else:
        weight_bytes, kv = model.size_bytes, model.kv_bytes_per_token
    return ModelLoad(
        weight_bytes=0 if shares_memory else weight_bytes,
        kv_bytes_per_token=kv if kv is not None else guess_kv(model.parameters),
        device=device,
        kv_is_guess=kv is None,
    )


def plan_memory(
    loads: tuple[ModelLoad, ...],
    machine: MachineFacts,
    *,
    context_tokens: int = DEFAULT_CONTEXT_TOKENS,
    estimated: bool = False,
    fixed_cache_bytes: int = 0,
) -> FitReport:
    """Add up what the models need and compare it with what is free now.

    Args:
        loads: the main model first.
        fixed_cache_bytes: KV cache taken at once for all models; 0 grows with the chat.
    """
    ram = 0
    by_device: dict[str, int] = defaultdict(int)
    overhead = 0
    seen: set[str] = set()
    for load in loads:
        weights = load.weight_bytes or 0
        kv = load.kv_bytes_per_token * context_tokens
        if load is loads[0]:
            kv = max(kv, fixed_cache_bytes)
        share = _overhead_bytes(load.device, seen)
        overhead += share
        if load.device.kind is DeviceKind.DISCRETE_GPU:
            by_device[load.device.name] += weights + kv + share
            ram += weights  # weights pass through system memory on their way
        else:
            # An integrated GPU and an NPU keep a copy of their own beside the one read.
            copies = 1 if load.device.kind is DeviceKind.CPU else 2
            ram += copies * weights + kv + share
    needs = [_need(Pool.RAM, None, ram, machine.ram_available_bytes)]
    for name, needed in by_device.items():
        needs.append(_need(Pool.DEVICE, name, needed, _device_bytes(machine, name)))
    label = _worst(need.label for need in needs)
    if any(load.weight_bytes is None for load in loads) and label is not FitLabel.WILL_NOT_FIT:
        label = FitLabel.UNKNOWN
    return FitReport(
        label=label,
        needs=tuple(needs),
        weight_bytes=sum(load.weight_bytes or 0 for load in loads),
        kv_bytes=sum(load.kv_bytes_per_token for load in loads) * context_tokens,
        overhead_bytes=overhead,
        context_tokens=context_tokens,
        estimated=estimated or any(load.kv_is_guess for load in loads),
    )


def plan_pair(
    main: Inspection | CatalogModel,
    draft: Inspection | CatalogModel | None,
    *,
    placement: Placement,
    machine: MachineFacts,
    context_tokens: int = DEFAULT_CONTEXT_TOKENS,
) -> FitReport:
    """Plan a main and its draft on the devices of a placement; the same folder twice (an MTP
    head) brings its weights once. A device the machine does not list is planned as a CPU.
    """
    loads = [load_of(main, machine.device(placement.main_device))]
    if draft is not None and placement.draft_device is not None:
        shares = isinstance(main, Inspection) and main.has_mtp_head and draft == main
        device = machine.device(placement.draft_device)
        loads.append(load_of(draft, device, shares_memory=shares))
    models = [model for model in (main, draft) if isinstance(model, CatalogModel)]
    return plan_memory(
        tuple(loads), machine, context_tokens=context_tokens,
        estimated=any(model.estimated for model in models),
    )  # fmt: skip


def planned_tokens(context_length: int | None, limit: int | None = None) -> int:
    """Tokens to plan caches for: a long chat, as far as the model and a limit set for it go."""
    wanted = limit or DEFAULT_CONTEXT_TOKENS
    return min(wanted, context_length or wanted)


def plan_disk(download_bytes: int, machine: MachineFacts) -> Need:
    """Whether files of this size fit on the volume, and leave 1 GiB or 5 % of them free."""
    reserve = max(_DISK_RESERVE_BYTES, int(download_bytes * _DISK_RESERVE_SHARE))
    needed = download_bytes + reserve
    fits = needed <= machine.disk_free_bytes
    return Need(
        pool=Pool.DISK,
        device=None,
        needed_bytes=needed,
        available_bytes=machine.disk_free_bytes,
        label=FitLabel.FITS if fits else FitLabel.WILL_NOT_FIT,
    )


def worst_label(*labels: FitLabel) -> FitLabel:
    """The label that holds when all of these hold."""
    return _worst(labels)


def _overhead_bytes(device: DeviceInfo, seen: set[str]) -> int:
    """What a runtime takes on a device: once in full, little for a second model there."""
    if device.name in seen:
        return _SECOND_MODEL_BYTES
    seen.add(device.name)
    return _CPU_OVERHEAD_BYTES if device.kind is DeviceKind.CPU else _ACCELERATOR_OVERHEAD_BYTES


def _need(pool: Pool, device: str | None, needed: int, available: int | None) -> Need:
    if available is None:
        label = FitLabel.UNKNOWN
    elif needed > available * _REFUSE_SHARE:
        label = FitLabel.WILL_NOT_FIT
    else:
        label = FitLabel.MAY_BE_SLOW if needed > available * _WARN_SHARE else FitLabel.FITS
    return Need(
        pool=pool, device=device, needed_bytes=needed, available_bytes=available or 0, label=label
    )


def _device_bytes(machine: MachineFacts, name: str) -> int | None:
    return next((d.memory_bytes for d in machine.devices if d.name == name), None)


def _worst(labels: Iterable[FitLabel]) -> FitLabel:
    order = (FitLabel.FITS, FitLabel.MAY_BE_SLOW, FitLabel.UNKNOWN, FitLabel.WILL_NOT_FIT)
    return max(labels, key=order.index)


def guess_kv(parameters: int | None) -> int:
    """Bytes of keys and values a token takes in a model of that size, about."""
    size = parameters or 8_000_000_000
    return next((kv for limit, kv in _KV_GUESSES if size < limit), _KV_LARGEST_GUESS)
