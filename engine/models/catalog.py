"""The built-in catalogue: known models, pairs and pair packs, checked on loading.

Data of the program, not of a hub: sizes are estimates until an entry is marked verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from engine.codec import from_plain
from engine.errors import EngineError, ErrorCode, StorageError
from engine.models.json_file import read_json_object
from engine.models.manifest import ModelKind, ModelRole, ModelSource, is_safe_id
from engine.resources import asset_path

CATALOG_SCHEMA = 1


class DeviceClass(StrEnum):
    """What the catalogue tells devices apart by."""

    CPU = "cpu"
    GPU = "gpu"
    NPU = "npu"


class PairBasis(StrEnum):
    """Why a pair is in the catalogue."""

    TRAINED_FOR_MAIN = "trained_for_main"
    SAME_VOCABULARY = "same_vocabulary"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogModel:
    """A model the program knows of. Figures are estimates while `estimated` is set."""

    id: str
    name: str
    role: ModelRole
    kind: ModelKind
    family: str | None
    """`model_type` of its configuration."""
    parameters: int | None
    precision: str | None
    """`int4` says nothing about symmetry; `int4_sym_cw` does."""
    size_bytes: int | None
    estimated: bool
    license: str | None
    context_length: int | None
    logits_width: int | None
    kv_bytes_per_token: int | None
    devices: tuple[DeviceClass, ...]
    """Device classes it is offered for."""
    source: ModelSource
    verified: bool
    """Whether files, revision and digests were read at the source once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogPair:
    """A draft that is known to suit a main."""

    main: str
    draft: str
    basis: PairBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class PairPack:
    """A main and, where one is known, a draft, for one class of device."""

    id: str
    device_class: DeviceClass
    main: str
    draft: str | None
    """None: offered with prompt lookup or plain decoding."""
    draft_device_class: DeviceClass | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended:
    """Pack ids to try per device class, best first."""

    cpu: tuple[str, ...]
    gpu: tuple[str, ...]
    npu: tuple[str, ...]

    def for_class(self, device_class: DeviceClass) -> tuple[str, ...]:
        """The pack ids of one device class."""
        by_class = {
            DeviceClass.CPU: self.cpu, DeviceClass.GPU: self.gpu, DeviceClass.NPU: self.npu,
        }  # fmt: skip
        return by_class[device_class]


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """All entries of the catalogue.

    Raises:
        ValueError: an id repeats or is unsafe; a pair or pack names an unknown or unfit model.
    """

    schema: int
    models: tuple[CatalogModel, ...]
    pairs: tuple[CatalogPair, ...]
    packs: tuple[PairPack, ...]
    recommended: Recommended

    def __post_init__(self) -> None:
        for fault in _faults(self):
            raise ValueError(fault)

    def model(self, model_id: str) -> CatalogModel | None:
        """The entry of this id, or None."""
        return self._by_id.get(model_id)

    def pack(self, pack_id: str) -> PairPack | None:
        """The pack of this id, or None."""
        return next((pack for pack in self.packs if pack.id == pack_id), None)

    def drafts(self) -> tuple[CatalogModel, ...]:
        """Every entry meant as a draft or a draft head."""
        roles = (ModelRole.DRAFT, ModelRole.HEAD)
        return tuple(model for model in self.models if model.role in roles)

    def draft_for(self, main_id: str) -> CatalogModel | None:
        """The draft to fetch with a main: that of its first pack, else of its first pair."""
        links = [(pack.main, pack.draft) for pack in self.packs]
        links += [(pair.main, pair.draft) for pair in self.pairs]
        names = (draft for main, draft in links if main == main_id and draft is not None)
        return self.model(next(names, ""))

    def basis_of(self, main_id: str, draft_id: str) -> PairBasis | None:
        """Why the catalogue pairs these two; None when it does not."""
        bases = (p.basis for p in self.pairs if (p.main, p.draft) == (main_id, draft_id))
        return next(bases, None)

    @cached_property
    def _by_id(self) -> dict[str, CatalogModel]:
        return {model.id: model for model in self.models}


def load_catalog(file: Path | None = None) -> Catalog:
    """Load a catalogue; without a file, the one that comes with the program.

    Raises:
        StorageError: STORAGE_NEWER_SCHEMA, or STORAGE_CORRUPT with the reason in `fault`.
    """
    path = file if file is not None else asset_path("catalog.json")
    try:
        data = read_json_object(path, limit_bytes=16 * 1024 * 1024)
    except EngineError as error:
        raise _unusable(str(error)) from error
    schema = data.get("schema")
    if isinstance(schema, int) and schema > CATALOG_SCHEMA:
        raise StorageError(
            "The catalogue is of a newer program.",
            code=ErrorCode.STORAGE_NEWER_SCHEMA, schema=schema, known_schema=CATALOG_SCHEMA,
        )  # fmt: skip
    try:
        return from_plain(Catalog, data)
    except ValueError as error:
        raise _unusable(str(error)) from error


def _faults(catalog: Catalog) -> Iterator[str]:
    if catalog.schema != CATALOG_SCHEMA:
        yield f"unknown schema {catalog.schema}"
    yield from _model_faults(catalog)
    roles = {model.id: model.role for model in catalog.models}
    links: list[tuple[str, str | None]] = [(pair.main, pair.draft) for pair in catalog.pairs]
    links += [(pack.main, pack.draft) for pack in catalog.packs]
    for main, draft in links:
        if roles.get(main) is not ModelRole.MAIN:
            yield f"{main} is no main model of the catalogue"
        if draft is not None and roles.get(draft) not in (ModelRole.DRAFT, ModelRole.HEAD):
            yield f"{draft} is no draft of the catalogue"
    packs = {pack.id: pack.device_class for pack in catalog.packs}
    if len(packs) != len(catalog.packs):
        yield "a pack id repeats"
    for device_class in DeviceClass:
        for pack_id in catalog.recommended.for_class(device_class):
            if packs.get(pack_id) is not device_class:
                yield f"{pack_id} is no pack for {device_class.value}"


def _model_faults(catalog: Catalog) -> Iterator[str]:
    ids = {model.id.casefold() for model in catalog.models}
    if len(ids) != len(catalog.models):
        yield "a model id repeats"
    for model in catalog.models:
        numbers = (
            model.parameters, model.size_bytes, model.context_length, model.logits_width,
            model.kv_bytes_per_token,
        )  # fmt: skip
        if not is_safe_id(model.id) or not model.name:
            yield f"{model.id!r} is no usable id or has no name"
        elif any(number is not None and number <= 0 for number in numbers):
            yield f"{model.id} has a figure that is not positive"
        elif not model.devices:
            yield f"{model.id} is for no device"
        elif model.verified and (model.estimated or model.source.revision is None):
            yield f"{model.id} is verified without revision or exact size"


def _unusable(fault: str) -> StorageError:
    return StorageError(f"The catalogue cannot be used: {fault}", fault=fault[:400])
