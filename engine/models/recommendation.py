"""Which pair pack suits this machine: the best of the catalogue that fits, and all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.events import DeviceInfo, DeviceKind
from engine.models.catalog import Catalog, CatalogModel, DeviceClass, PairPack
from engine.models.fit import (
    DEFAULT_CONTEXT_TOKENS,
    FitLabel,
    FitReport,
    Need,
    plan_disk,
    plan_pair,
    planned_tokens,
    worst_label,
)
from engine.models.machine import MachineFacts
from engine.placement import Placement

_CPU = DeviceInfo(name="CPU", full_name="CPU", kind=DeviceKind.CPU)
_KINDS = {
    DeviceClass.GPU: (DeviceKind.DISCRETE_GPU, DeviceKind.INTEGRATED_GPU),
    DeviceClass.NPU: (DeviceKind.NPU,),
    DeviceClass.CPU: (DeviceKind.CPU,),
}
_ORDER = (DeviceClass.GPU, DeviceClass.CPU, DeviceClass.NPU)
"""An NPU comes last: it saves energy and, by most reports, is slower than the CPU beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOffer:
    """A pair pack on this machine."""

    pack: PairPack
    main: CatalogModel
    draft: CatalogModel | None
    placement: Placement
    fit: FitReport
    disk: Need
    label: FitLabel
    """Memory and disk together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """The pack to offer first, and all packs whose devices this machine has."""

    best: PackOffer | None
    """None when no pack fits: the models that come with the program still run."""
    offers: tuple[PackOffer, ...]


def recommend(
    catalog: Catalog, machine: MachineFacts, *, context_tokens: int = DEFAULT_CONTEXT_TOKENS
) -> Recommendation:
    """Judge every pack of the catalogue on this machine and pick one."""
    offers = tuple(_offers(catalog, machine, context_tokens))
    return Recommendation(best=_best(catalog, offers), offers=offers)


def _offers(catalog: Catalog, machine: MachineFacts, context_tokens: int) -> Iterator[PackOffer]:
    for pack in catalog.packs:
        main, device = catalog.model(pack.main), _device(machine, pack.device_class)
        if main is None or device is None:
            continue
        draft = catalog.model(pack.draft) if pack.draft is not None else None
        draft_device = (
            _device(machine, pack.draft_device_class) if pack.draft_device_class else None
        )
        if draft is not None and draft_device is None:
            continue
        yield _offer(pack, (main, device), (draft, draft_device), machine, context_tokens)


def _offer(
    pack: PairPack,
    main: tuple[CatalogModel, DeviceInfo],
    draft: tuple[CatalogModel | None, DeviceInfo | None],
    machine: MachineFacts,
    context_tokens: int,
) -> PackOffer:
    draft_model, draft_device = draft
    placement = Placement(
        main_device=main[1].name,
        draft_device=draft_device.name if draft_device is not None else None,
    )
    fit = plan_pair(
        main[0],
        draft_model,
        placement=placement,
        machine=machine,
        context_tokens=planned_tokens(main[0].context_length, context_tokens),
    )
    disk = plan_disk(fit.weight_bytes, machine)
    return PackOffer(
        pack=pack,
        main=main[0],
        draft=draft_model,
        placement=placement,
        fit=fit,
        disk=disk,
        label=worst_label(fit.label, disk.label),
    )


def _best(catalog: Catalog, offers: tuple[PackOffer, ...]) -> PackOffer | None:
    """The first recommended pack that fits, then one that may be slow."""
    by_id = {offer.pack.id: offer for offer in offers}
    for label in (FitLabel.FITS, FitLabel.MAY_BE_SLOW):
        for device_class in _ORDER:
            for pack_id in catalog.recommended.for_class(device_class):
                offer = by_id.get(pack_id)
                if offer is not None and offer.label is label:
                    return offer
    return None


def _device(machine: MachineFacts, device_class: DeviceClass) -> DeviceInfo | None:
    found = machine.first(*_KINDS[device_class])
    return _CPU if found is None and device_class is DeviceClass.CPU else found
