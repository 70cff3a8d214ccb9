"""Names of Lab cells and prompt sets, and why a cell is impossible. No Qt here."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.core.filling import filled
from app.core.placement_notes import finding_text
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.lab.cells import Cell
from engine.lab.plan import PlannedCell
from engine.lab.results import ALL_SETS
from engine.placement import Placement, Strategy
from engine.placement_rules import Effect

_CONTEXT = "LabText"

_SET_NAMES: Mapping[str, str] = {
    ALL_SETS: QT_TRANSLATE_NOOP("LabText", "All prompts"),
    "story": QT_TRANSLATE_NOOP("LabText", "Stories"),
    "code": QT_TRANSLATE_NOOP("LabText", "Code"),
    "summarise": QT_TRANSLATE_NOOP("LabText", "Summaries"),
    "question": QT_TRANSLATE_NOOP("LabText", "Questions"),
    "chinese": QT_TRANSLATE_NOOP("LabText", "Chinese"),
    "own": QT_TRANSLATE_NOOP("LabText", "Own prompts"),
    "last_chat": QT_TRANSLATE_NOOP("LabText", "This chat"),
}


def set_name(set_id: str, translate: Translate) -> str:
    """Name of a prompt set; sets of other people keep the name they have."""
    source = _SET_NAMES.get(set_id)
    return translate(_CONTEXT, source) if source is not None else set_id


def cell_name(
    cell: Cell,
    translate: Translate,
    *,
    with_draft: bool = False,
    emulated: Collection[str] = (),
) -> str:
    """A cell in a few words.

    Args:
        with_draft: adds which draft model, where there are several.
        emulated: names of devices that are labelled so.
    """
    placement, length = cell.group.placement, cell.num_assistant_tokens
    if cell.is_plain:
        source = QT_TRANSLATE_NOOP("LabText", "Main {main}, no draft")
    elif cell.group.strategy is Strategy.PROMPT_LOOKUP:
        source = QT_TRANSLATE_NOOP(
            "LabText", "Main {main}, prompt lookup, {length} {length:token|tokens}"
        )
    elif with_draft:
        source = QT_TRANSLATE_NOOP(
            "LabText", "Main {main}, draft {draft} ({model}), {length} {length:token|tokens}"
        )
    else:
        source = QT_TRANSLATE_NOOP(
            "LabText", "Main {main}, draft {draft}, {length} {length:token|tokens}"
        )
    return filled(
        translate(_CONTEXT, source),
        main=device_name(placement.main_device, translate, emulated=emulated),
        draft=device_name(placement.draft_device or "", translate, emulated=emulated),
        length=length,
        model=cell.group.draft,
    )


def device_name(name: str, translate: Translate, *, emulated: Collection[str]) -> str:
    """A device, labelled when it is only emulated."""
    if name not in emulated:
        return name
    source = QT_TRANSLATE_NOOP("LabText", "{device} (emulated)")
    return filled(translate(_CONTEXT, source), device=name)


def placement_name(placement: Placement, translate: Translate) -> str:
    """Which model runs where."""
    if placement.draft_device is None:
        source = QT_TRANSLATE_NOOP("LabText", "Main {main}")
    else:
        source = QT_TRANSLATE_NOOP("LabText", "Main {main}, draft {draft}")
    return filled(
        translate(_CONTEXT, source), main=placement.main_device, draft=placement.draft_device
    )


def refusal_text(planned: PlannedCell, translate: Translate) -> str:
    """Why a cell is impossible; empty when it is possible."""
    refused = [f for f in planned.findings if f.effect is Effect.REFUSED]
    return " ".join(dict.fromkeys(finding_text(finding, translate) for finding in refused))


def remark_text(planned: PlannedCell, translate: Translate) -> str:
    """What is different about a possible cell; often empty."""
    changed = [f for f in planned.findings if f.effect is Effect.CHANGED]
    return " ".join(dict.fromkeys(finding_text(finding, translate) for finding in changed))
