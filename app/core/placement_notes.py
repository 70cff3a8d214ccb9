"""The sentence of every placement rule, and the notes beside settings that are not used. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.core.filling import filled
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.params import GenerationParams
from engine.placement import LoadSpec
from engine.placement_rules import (
    Effect,
    Finding,
    Reason,
    check_load,
    check_params,
    unused_defaults,
)

_CONTEXT = "PlacementNotes"
_NOT_USED = QT_TRANSLATE_NOOP("PlacementNotes", "Not used here. {reason}")
_SUBJECTS = {"sampling": "temperature"}
"""What a load calls otherwise than the answers do."""

REASONS: Mapping[Reason, str] = {
    Reason.DEVICE_NAME_UNKNOWN_TO_NPU_PATH: QT_TRANSLATE_NOOP(
        "PlacementNotes", "The runtime knows the NPU by the name NPU only, not {subject}."
    ),
    Reason.PROMPT_LOOKUP_NOT_ON_NPU: QT_TRANSLATE_NOOP(
        "PlacementNotes", "Prompt lookup does not run on an NPU."
    ),
    Reason.SAMPLING_WITH_DRAFT_NOT_ON_NPU: QT_TRANSLATE_NOOP(
        "PlacementNotes", "With a draft model, an NPU always takes the likeliest token."
    ),
    Reason.SAMPLING_WITH_DRAFT_NOT_ON_GPU: QT_TRANSLATE_NOOP(
        "PlacementNotes", "With a draft model, sampling on a GPU gives wrong text in this runtime."
    ),
    Reason.NO_CANDIDATES_IN_PLAIN_DECODING: QT_TRANSLATE_NOOP(
        "PlacementNotes", "Without a draft nothing is proposed."
    ),
    Reason.THRESHOLD_NEEDS_DRAFT: QT_TRANSLATE_NOOP(
        "PlacementNotes", "Only a draft model has a confidence."
    ),
    Reason.THRESHOLD_NOT_ON_NPU: QT_TRANSLATE_NOOP(
        "PlacementNotes", "On an NPU the draft length adapts by itself, without a threshold."
    ),
    Reason.THRESHOLD_NEEDS_GREEDY: QT_TRANSLATE_NOOP(
        "PlacementNotes",
        "At a temperature above 0 drafts have a fixed length: that keeps sampling exact.",
    ),
    Reason.THRESHOLD_NEEDS_CONFIDENCE: QT_TRANSLATE_NOOP(
        "PlacementNotes",
        "This pipeline was loaded with a draft that is always sure of itself; a threshold needs "
        "one loaded for it.",
    ),
    Reason.PENALTY_NOT_ON_NPU_DRAFT: QT_TRANSLATE_NOOP(
        "PlacementNotes", "With a draft model, an NPU knows no repetition penalty."
    ),
    Reason.DRAFT_LENGTH_BUILT_IN: QT_TRANSLATE_NOOP(
        "PlacementNotes",
        "A main model on the NPU takes drafts of at most {limit} {limit:token|tokens}, not "
        "{wanted}.",
    ),
    Reason.DRAFT_LENGTH_ADAPTS: QT_TRANSLATE_NOOP(
        "PlacementNotes",
        "On an NPU the runtime adapts the draft length, up to twice the number that is set.",
    ),
    Reason.AUTO_LENGTH_NEEDS_DRAFT: QT_TRANSLATE_NOOP(
        "PlacementNotes", "Only the length of a draft model can be chosen from measurements."
    ),
    Reason.AUTO_LENGTH_NOT_ON_NPU: QT_TRANSLATE_NOOP(
        "PlacementNotes",
        "On an NPU the draft length is built in when the models are loaded, and the runtime "
        "adapts it by itself.",
    ),
    Reason.ANSWER_LIMITED_ON_NPU: QT_TRANSLATE_NOOP(
        "PlacementNotes",
        "On the NPU prompt and answer together have {limit} {limit:token|tokens}; a longer answer "
        "ends there.",
    ),
    Reason.SCHEDULER_NOT_ON_NPU: QT_TRANSLATE_NOOP(
        "PlacementNotes",
        "The NPU keeps its own fixed cache; settings of memory and batching do nothing.",
    ),
    Reason.GREEDY: QT_TRANSLATE_NOOP(
        "PlacementNotes", "At temperature 0 the likeliest token is always taken."
    ),
    Reason.GREEDY_UNLESS_ASKED: QT_TRANSLATE_NOOP(
        "PlacementNotes",
        "With a draft model the likeliest token is taken, unless a temperature is set.",
    ),
}
"""One sentence for every rule, wherever it is told: settings, devices, Lab and reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What to say under a setting."""

    text: str
    is_unused: bool
    """Whether the setting has no effect; else it works, and something comes with it."""


def notes_for(
    spec: LoadSpec | None,
    params: GenerationParams,
    *,
    defaults: GenerationParams,
    translate: Translate,
) -> dict[str, Note]:
    """Field of GenerationParams -> what is to be said about it.

    Args:
        spec: of the pipeline that will answer; None without a model.
        params: as chosen by the user.
        defaults: the model's own, which hold where nothing was chosen.
    """
    if spec is None:
        return {}
    findings = (
        *unused_defaults(spec, defaults),
        *check_load(spec),
        *check_params(spec, params),
    )
    notes: dict[str, Note] = {}
    for finding in findings:
        subject = _SUBJECTS.get(finding.subject, finding.subject)
        note, before = _note(finding, translate), notes.get(subject)
        if before is None or (note.is_unused and not before.is_unused):
            notes[subject] = note
        elif note.is_unused is before.is_unused and note.text not in before.text:
            notes[subject] = replace(before, text=f"{before.text}\n{note.text}")
    return notes


def finding_text(finding: Finding, translate: Translate) -> str:
    """Why something is refused, changed or ignored."""
    facts = {"subject": finding.subject, **dict(finding.facts)}
    return filled(translate(_CONTEXT, REASONS[finding.code]), **facts)


def _note(finding: Finding, translate: Translate) -> Note:
    reason = finding_text(finding, translate)
    if finding.effect is Effect.CHANGED:
        return Note(text=reason, is_unused=False)
    return Note(text=filled(translate(_CONTEXT, _NOT_USED), reason=reason), is_unused=True)
