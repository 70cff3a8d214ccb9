"""Sentences for what a Lab run and an auto-tune found. No Qt: a translator is handed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.core.filling import filled
from app.core.formatting import share
from app.core.lab_text import cell_name
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.lab.cells import Cell
from engine.lab.record import LabHeader
from engine.lab.results import ALL_SETS
from engine.lab.statistics import Estimate
from engine.lab.verdict import Note, NoteCode, Verdict, VerdictCode, notes_on_emulated
from engine.tuning.tuner import TuneOutcome, TuneResult

_CONTEXT = "LabVerdict"

_SCOPES: Mapping[str, str] = {
    ALL_SETS: QT_TRANSLATE_NOOP("LabVerdict", "Over all prompts"),
    "story": QT_TRANSLATE_NOOP("LabVerdict", "For stories"),
    "code": QT_TRANSLATE_NOOP("LabVerdict", "For code"),
    "summarise": QT_TRANSLATE_NOOP("LabVerdict", "For summaries"),
    "question": QT_TRANSLATE_NOOP("LabVerdict", "For questions"),
    "chinese": QT_TRANSLATE_NOOP("LabVerdict", "For Chinese"),
    "own": QT_TRANSLATE_NOOP("LabVerdict", "For your own prompts"),
    "last_chat": QT_TRANSLATE_NOOP("LabVerdict", "For this chat"),
}
_OTHER_SCOPE = QT_TRANSLATE_NOOP("LabVerdict", "For {name}")

_VERDICTS: Mapping[VerdictCode, str] = {
    VerdictCode.CANDIDATES_ARE_BEST: QT_TRANSLATE_NOOP(
        "LabVerdict", "{scope}: “{cell}” is fastest, {gain} of “{baseline}”."
    ),
    VerdictCode.PLAIN_ELSEWHERE_IS_BEST: QT_TRANSLATE_NOOP(
        "LabVerdict", "{scope}: no draft is best here. “{cell}” is fastest, {gain} of “{baseline}”."
    ),
    VerdictCode.NO_DRAFT_IS_BEST: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "{scope}: no draft is best here. Nothing beats “{baseline}” by more than noise.",
    ),
    VerdictCode.UNDECIDED: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "{scope}: this run is too short to tell. “{cell}” was measured at {gain} of "
        "“{baseline}”, which may be noise.",
    ),
    VerdictCode.NOTHING_TO_COMPARE: QT_TRANSLATE_NOOP(
        "LabVerdict", "{scope}: there is nothing to compare “{baseline}” with."
    ),
}
_TOO_FEW = QT_TRANSLATE_NOOP(
    "LabVerdict",
    "{scope}: too few prompts to tell a difference from noise. Six are the fewest; here it was "
    "{pairs}.",
)
_GAIN = QT_TRANSLATE_NOOP("LabVerdict", "{ratio}× the speed ({low}–{high})")
_BARE_GAIN = QT_TRANSLATE_NOOP("LabVerdict", "{ratio}× the speed (measured once)")
_TIES = QT_TRANSLATE_NOOP("LabVerdict", "Tied with “{best}”, within noise: {cells}.")
_MORE_TIES = QT_TRANSLATE_NOOP(
    "LabVerdict", "Tied with “{best}”, within noise: {cells} and {more} more."
)
_QUOTED, _COMMA = QT_TRANSLATE_NOOP("LabVerdict", "“{cell}”"), QT_TRANSLATE_NOOP("LabVerdict", ", ")
_TIES_NAMED = 3

_NOTES: Mapping[NoteCode, str] = {
    NoteCode.NOT_FOR_SHORT_ANSWERS: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "A draft does not pay for short answers: no gain in the first {tokens} "
        "{tokens:token|tokens}.",
    ),
    NoteCode.TEXTS_DIFFER: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "{different} of {compared} {compared:answer|answers} {different:differs|differ} from "
        "plain decoding; “Verify” tells why.",
    ),
    NoteCode.NOISY: QT_TRANSLATE_NOOP(
        "LabVerdict", "The figures vary by {spread}: something else kept this machine busy."
    ),
    NoteCode.CELLS_FAILED: QT_TRANSLATE_NOOP(
        "LabVerdict", "Could not be measured: {count}. The table says why."
    ),
    NoteCode.UNFINISHED: QT_TRANSLATE_NOOP("LabVerdict", "The run was not finished."),
    NoteCode.ON_BATTERY: QT_TRANSLATE_NOOP("LabVerdict", "Measured on battery power."),
    NoteCode.MORE_PROMPTS: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "About {needed} {needed:prompt|prompts} would settle it; here it was {compared}.",
    ),
    NoteCode.FAR_MORE_PROMPTS: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "The gain differs so much among the {compared} {compared:prompt|prompts} that no number of "
        "them would settle it: run it again while nothing else keeps this machine busy.",
    ),
    NoteCode.FASTEST_OF_MANY: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "Of {count} {count:placement|placements} compared with the baseline the fastest may be "
        "fast by luck.",
    ),
    NoteCode.EMULATED: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "Everything here is emulated on the processor: it says nothing about real devices.",
    ),
    NoteCode.EMULATED_NOT_JUDGED: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "Not judged, because it uses an emulated device: {count} "
        "{count:placement|placements}. The figures say nothing about real ones.",
    ),
}

_TUNED: Mapping[TuneOutcome, str] = {
    TuneOutcome.BETTER: QT_TRANSLATE_NOOP("LabVerdict", "“{cell}” is {gain} of “{baseline}” here."),
    TuneOutcome.NO_DRAFT_IS_BEST: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "No draft is best here: the best of them, “{cell}”, is {gain} of “{baseline}”, which may "
        "be noise. Nothing was saved.",
    ),
    TuneOutcome.UNDECIDED: QT_TRANSLATE_NOOP(
        "LabVerdict",
        "Too short to tell: the best draft, “{cell}”, is {gain} of “{baseline}”, which may be "
        "noise. Nothing was saved; more prompts would tell.",
    ),
    TuneOutcome.NOT_MEASURED: QT_TRANSLATE_NOOP(
        "LabVerdict", "Nothing could be measured, so nothing was changed."
    ),
    TuneOutcome.STOPPED: QT_TRANSLATE_NOOP(
        "LabVerdict", "Stopped before anything was found; nothing was changed."
    ),
}
_TUNE_COST = QT_TRANSLATE_NOOP(
    "LabVerdict",
    "Found with {answers} {answers:answer|answers}; measuring everything would have taken {all}.",
)


def verdict_sentence(
    verdict: Verdict, baseline: Cell, translate: Translate, *, emulated: Collection[str] = ()
) -> str:
    """The plain verdict in one sentence; devices of `emulated` are labelled so."""
    return filled(
        translate(_CONTEXT, _VERDICTS[verdict.code]),
        scope=scope_text(verdict.set_id, translate),
        cell=cell_name(verdict.best or verdict.candidate or baseline, translate, emulated=emulated),
        gain=gain_text(verdict.speed_up, translate),
        baseline=cell_name(baseline, translate, emulated=emulated),
    )


def too_few_sentence(set_id: str, pairs: int, translate: Translate) -> str:
    """In place of a verdict that no number of prompts like this could give."""
    scope = scope_text(set_id, translate)
    return filled(translate(_CONTEXT, _TOO_FEW), scope=scope, pairs=pairs)


def scope_text(set_id: str, translate: Translate) -> str:
    """What a verdict is about, as the beginning of a sentence."""
    source = _SCOPES.get(set_id)
    if source is None:
        return filled(translate(_CONTEXT, _OTHER_SCOPE), name=set_id)
    return translate(_CONTEXT, source)


def gain_text(estimate: Estimate | None, translate: Translate) -> str:
    """A speed-up with its interval, as part of a sentence."""
    if estimate is None:
        return filled(translate(_CONTEXT, _BARE_GAIN), ratio="1.00")
    if estimate.low is None or estimate.high is None:
        return filled(translate(_CONTEXT, _BARE_GAIN), ratio=f"{estimate.value:.2f}")
    return filled(
        translate(_CONTEXT, _GAIN),
        ratio=f"{estimate.value:.2f}",
        low=f"{estimate.low:.2f}",
        high=f"{estimate.high:.2f}",
    )


def note_sentences(verdict: Verdict, translate: Translate) -> tuple[str, ...]:
    """What has to be said beside a verdict, ties first."""
    notes = [note_sentence(note, translate) for note in verdict.notes]
    if verdict.ties and verdict.best is not None:
        notes.insert(0, _ties(verdict.best, verdict.ties, translate))
    return tuple(notes)


def note_sentence(note: Note, translate: Translate) -> str:
    """One remark."""
    facts = {name: share(value) if name == "spread" else str(value) for name, value in note.facts}
    return filled(translate(_CONTEXT, _NOTES[note.code]), **facts)


def tune_sentences(result: TuneResult, translate: Translate) -> tuple[str, ...]:
    """What an auto-tune found and what it cost."""
    header = result.record.header
    baseline, emulated = header.plan.baseline, header.emulated
    found = filled(
        translate(_CONTEXT, _TUNED[result.outcome]),
        cell=cell_name(result.winner or baseline, translate, emulated=emulated),
        gain=gain_text(result.speed_up, translate),
        baseline=cell_name(baseline, translate, emulated=emulated),
    )
    left_out = emulated_sentences(header, translate)
    if result.outcome in (TuneOutcome.STOPPED, TuneOutcome.NOT_MEASURED):
        return (found, *left_out)
    cost = filled(
        translate(_CONTEXT, _TUNE_COST), answers=result.answers, all=result.exhaustive_answers
    )
    return (found, cost, *left_out)


def emulated_sentences(header: LabHeader, translate: Translate) -> tuple[str, ...]:
    """What has to be said of the emulated devices of a run; nothing when there were none."""
    return tuple(note_sentence(note, translate) for note in notes_on_emulated(header))


def _ties(best: Cell, cells: tuple[Cell, ...], translate: Translate) -> str:
    quoted = translate(_CONTEXT, _QUOTED)
    names = (filled(quoted, cell=cell_name(cell, translate)) for cell in cells[:_TIES_NAMED])
    more = len(cells) - _TIES_NAMED
    return filled(
        translate(_CONTEXT, _TIES if more <= 0 else _MORE_TIES),
        best=cell_name(best, translate),
        cells=translate(_CONTEXT, _COMMA).join(names),
        more=more,
    )
