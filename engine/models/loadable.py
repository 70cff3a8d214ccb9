"""Which models the engine runs, and as what: the one answer for the pair checker, the pages and the
backend. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.device_fitness import device_reasons
from engine.models.inspection import Inspection
from engine.models.manifest import ModelKind
from engine.models.reasons import Reason, ReasonCode, block

MAIN_KINDS = (ModelKind.LLM,)
"""The engine builds the runtime's pipeline for text. Models with images need another one."""
DRAFT_KINDS = (ModelKind.LLM, ModelKind.EAGLE3, ModelKind.DFLASH)
"""An MTP head is missing: the runtime attaches one only to a main model whose embeddings are an IR
of their own, and such a folder is one of a model with images."""
_WITH_IMAGES = (ModelKind.VLM,)


def main_kind_reasons(main: Inspection) -> Iterator[Reason]:
    """What speaks against this kind of model as main model of a chat."""
    if main.kind in _WITH_IMAGES:
        yield block(ReasonCode.MAIN_NOT_RUN_HERE, kind=main.kind.value)
    elif main.kind not in MAIN_KINDS:
        yield block(ReasonCode.MAIN_TAKES_NO_DRAFT, kind=main.kind.value)


def draft_kind_reasons(draft: Inspection) -> Iterator[Reason]:
    """What speaks against this kind of model as draft. A folder with an MTP head is used through
    it by the runtime, even when it also holds a whole model."""
    if draft.kind is ModelKind.MTP or draft.has_mtp_head:
        yield block(ReasonCode.MTP_NOT_RUN_HERE)
    elif draft.kind not in DRAFT_KINDS:
        yield block(ReasonCode.NOT_A_DRAFT, kind=draft.kind.value)


def damage_reasons(model: Inspection, which: str) -> Iterator[Reason]:
    """The first thing that is damaged or missing; `which` is main or draft."""
    if model.problems:
        problem = model.problems[0]
        facts = {k: v for k, v in problem.facts if k in ("reason", "file")}
        yield block(ReasonCode.MODEL_DAMAGED, which=which, problem=problem.code.value, **facts)


def main_reasons(main: Inspection, device: str) -> tuple[Reason, ...]:
    """What speaks against a main model alone on an OpenVINO device."""
    return (
        *damage_reasons(main, "main"),
        *main_kind_reasons(main),
        *device_reasons(main, device),
    )
