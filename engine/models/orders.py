"""What to ask a hub for: the manifest of a model before its files are here, and what only the files
tell once they are. Pure but for the inspection of the finished folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import ErrorCode, TransferError
from engine.models.catalog import Catalog, CatalogModel
from engine.models.inspection import inspect_folder
from engine.models.manifest import (
    ModelKind,
    ModelManifest,
    ModelRole,
    ModelSource,
    SourceType,
    is_safe_id,
)

TRUSTED_OWNERS = frozenset({"OpenVINO"})
"""Owners whose repositories are offered without asking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubChoice:
    """The hub the user asks: which one, and for a mirror its address."""

    type: SourceType = SourceType.HUGGINGFACE
    endpoint: str | None = None

    def source_of(self, repository: str, *, revision: str | None = None) -> ModelSource:
        """A repository there. Revisions of one hub mean nothing on another."""
        pinned = None if self.type is SourceType.MODELSCOPE else revision
        return ModelSource(
            type=self.type, repository=repository, revision=pinned, endpoint=self.endpoint
        )


def order_for(source: ModelSource, catalog: Catalog) -> ModelManifest:
    """The order for a repository; the catalogue knows the roles and partners of some.

    Raises:
        TransferError: UNSAFE_NAME when the repository's name cannot be a model id.
    """
    repository = source.repository or ""
    if not is_safe_id(repository) or "/" not in repository:
        raise TransferError(
            "This is no name of a model.", code=ErrorCode.REPOSITORY_NOT_FOUND,
            repository=repository, reason="name",
        )  # fmt: skip
    entry = catalog.model(repository)
    if entry is not None:
        return _known_order(entry, source, catalog)
    return ModelManifest(
        id=repository,
        name=repository.partition("/")[2],
        role=ModelRole.MAIN,
        kind=ModelKind.LLM,
        source=source,
    )


def partners_of(model_id: str, catalog: Catalog) -> tuple[str, ...]:
    """Ids the catalogue pairs with a model, its pair packs included."""
    links = [(pair.main, pair.draft) for pair in catalog.pairs]
    links += [(pack.main, pack.draft) for pack in catalog.packs if pack.draft is not None]
    found = [draft for main, draft in links if main == model_id]
    found += [main for main, draft in links if draft == model_id]
    return tuple(dict.fromkeys(found))


def is_trusted(repository: str, catalog: Catalog) -> bool:
    """Whether nobody need be asked: a known owner, or a model of the catalogue."""
    return repository.partition("/")[0] in TRUSTED_OWNERS or catalog.model(repository) is not None


def complete_order(folder: Path, order: ModelManifest, *, catalog: Catalog) -> ModelManifest:
    """Fill in what the complete files say. The role of the catalogue holds; else they decide.

    Raises:
        ModelError: the folder cannot be read.
    """
    found = inspect_folder(folder)
    known = catalog.model(order.id) is not None
    kind = order.kind if found.kind is ModelKind.UNKNOWN and known else found.kind
    return replace(
        order,
        kind=kind,
        role=order.role if known else found.role,
        parameters=found.parameters or order.parameters,
        precision=found.precision.label if found.precision else order.precision,
        context_length=found.context_length or order.context_length,
        license=order.license or found.license,
    )


def holds_model(paths: Iterable[str]) -> bool:
    """Whether a listing looks like an OpenVINO model: at least one IR with its weights."""
    listing = frozenset(paths)
    return any(p.endswith(".xml") and p.removesuffix(".xml") + ".bin" in listing for p in listing)


def _known_order(entry: CatalogModel, source: ModelSource, catalog: Catalog) -> ModelManifest:
    revision = source.revision
    if revision is None and source.type is not SourceType.MODELSCOPE:
        revision = entry.source.revision
    return ModelManifest(
        id=entry.id,
        name=entry.name,
        role=entry.role,
        kind=entry.kind,
        source=replace(source, revision=revision),
        license=entry.license,
        parameters=entry.parameters,
        precision=entry.precision,
        context_length=entry.context_length,
        pair=partners_of(entry.id, catalog),
    )
