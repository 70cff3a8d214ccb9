"""What can be said of a draft of the catalogue before it is here: no files, so no fingerprints."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.catalog import Catalog, CatalogModel, DeviceClass
from engine.models.device_fitness import device_reasons
from engine.models.inspection import Inspection
from engine.models.loadable import DRAFT_KINDS, damage_reasons, main_kind_reasons
from engine.models.pair_rules import base_family
from engine.models.pair_size import size_reasons
from engine.models.reasons import Reason, ReasonCode, block, info, remark
from engine.placement import Placement


def check_catalog_draft(
    main: Inspection, entry: CatalogModel, *, catalog: Catalog, placement: Placement
) -> tuple[Reason, ...]:
    """Reasons for and against a catalogue draft for this main.

    A pair of the catalogue is trusted; the same family and width is a remark, since only the
    installed files tell whether the vocabularies are equal; anything else is impossible.
    """
    return (
        *_check_kinds(main, entry),
        *_check_identity(main, entry, catalog),
        *_check_devices(main, entry, placement),
        info(ReasonCode.NOT_INSTALLED),
    )


def _check_kinds(main: Inspection, entry: CatalogModel) -> Iterator[Reason]:
    yield from damage_reasons(main, "main")
    yield from main_kind_reasons(main)
    if entry.kind not in DRAFT_KINDS:
        yield block(ReasonCode.NOT_A_DRAFT, kind=entry.kind.value)


def _check_identity(main: Inspection, entry: CatalogModel, catalog: Catalog) -> Iterator[Reason]:
    basis = catalog.basis_of(main.id, entry.id)
    if basis is not None:
        yield info(ReasonCode.DECLARED_PAIR, basis=basis.value)
        return
    same_family = base_family(main.family) == base_family(entry.family) and main.family is not None
    if not same_family:
        yield block(ReasonCode.OTHER_FAMILY, main=main.family or "", draft=entry.family or "")
    elif main.logits_width != entry.logits_width:
        yield block(
            ReasonCode.OTHER_VOCABULARY, main=main.logits_width or 0, draft=entry.logits_width or 0
        )
    else:
        yield remark(ReasonCode.UNVERIFIED_UNTIL_INSTALLED)
        yield from size_reasons(main.parameters, entry.parameters)


def _check_devices(main: Inspection, entry: CatalogModel, placement: Placement) -> Iterator[Reason]:
    yield from device_reasons(main, placement.main_device)
    if placement.draft_device == "NPU" and DeviceClass.NPU not in entry.devices:
        # Whether its weights are symmetric is only seen in its files.
        yield remark(ReasonCode.NPU_PRECISION_UNTESTED, precision=entry.precision or "unknown")
