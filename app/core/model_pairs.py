"""Finds the pair to load first: what was asked for, else what was chosen last, else our own."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.load_choice import ModelPair
from engine.errors import ErrorInfo, ModelError
from engine.models.registry import InstalledModel, Registry

DEMONSTRATION_MAIN = "slipstream/demo-main"
DEMONSTRATION_DRAFT = "slipstream/demo-draft"
NO_DRAFT = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPair:
    """A pair, and what to tell when it is not the wanted one."""

    pair: ModelPair
    problem: ErrorInfo | None = None


def find_pair(registry: Registry, *, main: str, draft: str) -> FoundPair:
    """Find models by id or folder. An empty `main` is the pair that ships; so is the draft of it.

    Raises:
        ModelError: MODEL_NOT_FOUND for the pair that ships: the installation is incomplete.
    """
    if not main or main == DEMONSTRATION_MAIN:
        return FoundPair(pair=_pair(registry, DEMONSTRATION_MAIN, draft or DEMONSTRATION_DRAFT))
    try:
        return FoundPair(pair=_pair(registry, main, draft or NO_DRAFT))
    except ModelError as error:
        shipped = _pair(registry, DEMONSTRATION_MAIN, DEMONSTRATION_DRAFT)
        return FoundPair(pair=shipped, problem=error.to_info())


def _pair(registry: Registry, main: str, draft: str) -> ModelPair:
    main_model = registry.find(main)
    draft_model = None if draft == NO_DRAFT else registry.find(draft)
    return ModelPair(
        main_name=main_model.name,
        main_path=main_model.path,
        draft_name=draft_model.name if draft_model else None,
        draft_path=draft_model.path if draft_model else None,
        is_demonstration=_is_demonstration(main_model),
    )


def _is_demonstration(model: InstalledModel) -> bool:
    return model.embedded and model.id == DEMONSTRATION_MAIN
