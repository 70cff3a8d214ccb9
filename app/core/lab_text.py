"""Names of Lab cells and prompt sets, and why a cell is impossible. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.lab.cells import Cell
from engine.lab.plan import PlannedCell
from engine.lab.results import ALL_SETS
from engine.placement import Placement, Strategy
from engine.placement_rules import Effect, Finding, Reason

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

_REASONS: Mapping[Reason, str] = {
    Reason.DEVICE_NAME_UNKNOWN_TO_NPU_PATH: QT_TRANSLATE_NOOP(
        "LabText", "The runtime knows only one NPU by the name NPU, not {subject}."
    ),
    Reason.PROMPT_LOOKUP_NOT_ON_NPU: QT_TRANSLATE_NOOP("LabText", "The NPU ignores prompt lookup."),
    Reason.SAMPLING_WITH_DRAFT_NOT_ON_NPU: QT_TRANSLATE_NOOP(
        "LabText", "With an NPU and a draft the likeliest token is always taken."
    ),
    Reason.SAMPLING_WITH_DRAFT_NOT_ON_GPU: QT_TRANSLATE_NOOP(
        "LabText", "Sampling with a draft fails on a GPU; the likeliest token is always taken."
    ),
    Reason.SAMPLING_WITH_DRAFT_DISTORTED: QT_TRANSLATE_NOOP(
        "LabText",
        "With a draft, this runtime does not sample exactly as the main model alone would.",
    ),
    Reason.SAMPLING_WITH_DRAFT_DISTORTED: QT_TRANSLATE_NOOP(
        "LabText", "With a draft this runtime does not sample exactly as without one."
    ),
    Reason.SAMPLING_TURNS_PREFIX_CACHING_OFF: QT_TRANSLATE_NOOP(
        "LabText", "Sampling with a draft reads earlier turns anew for every answer."
    ),
    Reason.LOADED_WITHOUT_SAMPLING: QT_TRANSLATE_NOOP(
        "LabText", "The models were loaded without sampling."
    ),
    Reason.SEED_NOT_REPEATABLE_WITH_DRAFT: QT_TRANSLATE_NOOP(
        "LabText", "With a draft the same seed does not give the same answer."
    ),
    Reason.NO_CANDIDATES_IN_PLAIN_DECODING: QT_TRANSLATE_NOOP(
        "LabText", "Without a draft there is no draft length."
    ),
    Reason.THRESHOLD_NEEDS_DRAFT: QT_TRANSLATE_NOOP(
        "LabText", "A confidence threshold needs a draft model."
    ),
    Reason.THRESHOLD_NOT_ON_NPU: QT_TRANSLATE_NOOP(
        "LabText", "The NPU takes no confidence threshold."
    ),
    Reason.PENALTY_NOT_ON_NPU_DRAFT: QT_TRANSLATE_NOOP(
        "LabText", "With an NPU and a draft the repetition penalty has no effect."
    ),
    Reason.DRAFT_LENGTH_BUILT_IN: QT_TRANSLATE_NOOP(
        "LabText", "A main model on the NPU takes drafts of at most {limit} tokens, not {wanted}."
    ),
    Reason.DRAFT_LENGTH_ADAPTS: QT_TRANSLATE_NOOP(
        "LabText", "On the NPU the draft length changes by itself, up to twice what is set."
    ),
    Reason.SCHEDULER_NOT_ON_NPU: QT_TRANSLATE_NOOP(
        "LabText", "The NPU keeps its own fixed cache; settings of memory and batching do nothing."
    ),
    Reason.GREEDY: QT_TRANSLATE_NOOP("LabText", "The likeliest token is always taken."),
}


def set_name(set_id: str, translate: Translate) -> str:
    """Name of a prompt set; sets of other people keep the name they have."""
    source = _SET_NAMES.get(set_id)
    return translate(_CONTEXT, source) if source is not None else set_id


def cell_name(cell: Cell, translate: Translate, *, with_draft: bool = False) -> str:
    """A cell in a few words; `with_draft` adds which draft model, where there are several."""
    placement, length = cell.group.placement, cell.num_assistant_tokens
    if cell.is_plain:
        source = QT_TRANSLATE_NOOP("LabText", "Main {main}, no draft")
    elif cell.group.strategy is Strategy.PROMPT_LOOKUP:
        source = QT_TRANSLATE_NOOP("LabText", "Main {main}, prompt lookup, length {length}")
    elif with_draft:
        source = QT_TRANSLATE_NOOP(
            "LabText", "Main {main}, draft {draft} ({model}), length {length}"
        )
    else:
        source = QT_TRANSLATE_NOOP("LabText", "Main {main}, draft {draft}, length {length}")
    return translate(_CONTEXT, source).format(
        main=placement.main_device,
        draft=placement.draft_device,
        length=length,
        model=cell.group.draft,
    )


def placement_name(placement: Placement, translate: Translate) -> str:
    """Which model runs where."""
    if placement.draft_device is None:
        source = QT_TRANSLATE_NOOP("LabText", "Main {main}")
    else:
        source = QT_TRANSLATE_NOOP("LabText", "Main {main}, draft {draft}")
    return translate(_CONTEXT, source).format(
        main=placement.main_device, draft=placement.draft_device
    )


def finding_text(finding: Finding, translate: Translate) -> str:
    """Why something is refused or changed."""
    facts = {"subject": finding.subject, **dict(finding.facts)}
    return translate(_CONTEXT, _REASONS[finding.code]).format(**facts)


def refusal_text(planned: PlannedCell, translate: Translate) -> str:
    """Why a cell is impossible; empty when it is possible."""
    refused = [f for f in planned.findings if f.effect is Effect.REFUSED]
    return " ".join(dict.fromkeys(finding_text(finding, translate) for finding in refused))


def remark_text(planned: PlannedCell, translate: Translate) -> str:
    """What is different about a possible cell; often empty."""
    changed = [f for f in planned.findings if f.effect is Effect.CHANGED]
    return " ".join(dict.fromkeys(finding_text(finding, translate) for finding in changed))
