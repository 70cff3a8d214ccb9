"""The plain verdict of a run, as codes and facts. Front ends have a sentence for each."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from engine.lab.cells import Cell
from engine.lab.plan import plain_cell
from engine.lab.record import LabHeader, LabRecord, Measurement
from engine.lab.results import ALL_SETS, CellFigures, figures_of, paired_times
from engine.lab.statistics import Estimate, paired_ratio, pairs_needed
from engine.placement import Strategy

SHORT_ANSWER_TOKENS = 16
_NOISY = 0.15
_ONCE_MORE = 1.5


class VerdictCode(StrEnum):
    """What came out."""

    CANDIDATES_ARE_BEST = "candidates_are_best"
    """`best` uses a draft or prompt lookup and beats plain decoding beyond noise."""
    PLAIN_ELSEWHERE_IS_BEST = "plain_elsewhere_is_best"
    """`best` is plain decoding on another device than the baseline's: no draft is best here."""
    NO_DRAFT_IS_BEST = "no_draft_is_best"
    """Nothing beats the baseline beyond noise, and nothing is likely to."""
    UNDECIDED = "undecided"
    """Too few prompts were asked: `candidate` may be faster, by a gain worth having."""
    NOTHING_TO_COMPARE = "nothing_to_compare"
    """The baseline or everything else could not be measured."""


class NoteCode(StrEnum):
    """What has to be said beside it."""

    NOT_FOR_SHORT_ANSWERS = "not_for_short_answers"
    """No gain beyond noise in the first tokens. Facts: tokens, ratio (plain time / best time)."""
    TEXTS_DIFFER = "texts_differ"
    """Facts: different, compared."""
    NOISY = "noisy"
    """Facts: spread (quartile distance / median of the baseline's decode rate: without candidates
    every token is the same work, so what varies is the machine)."""
    CELLS_FAILED = "cells_failed"
    """Facts: count."""
    UNFINISHED = "unfinished"
    ON_BATTERY = "on_battery"
    MORE_PROMPTS = "more_prompts"
    """Facts: compared, needed (prompts that would settle it)."""
    FAR_MORE_PROMPTS = "far_more_prompts"
    """No reasonable number of prompts would. Facts: compared."""
    FASTEST_OF_MANY = "fastest_of_many"
    """Alone it would have won; the fastest of several is fast by luck too. Facts: count."""
    EMULATED = "emulated"
    """Everything compared was emulated: the figures say nothing about real devices."""
    EMULATED_NOT_JUDGED = "emulated_not_judged"
    """Cells with emulated devices were measured and cannot win. Facts: count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One remark with its numbers."""

    code: NoteCode
    facts: tuple[tuple[str, int | float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is best for one prompt set, or for all of them."""

    set_id: str
    """`ALL_SETS` over all."""
    code: VerdictCode
    best: Cell | None
    speed_up: Estimate | None
    """Of `best`, or of `candidate`, against the baseline; None when `best` is the baseline."""
    candidate: Cell | None = None
    """What may be best, where that is undecided."""
    pairs_needed: int | None = None
    """Prompts that would decide it; None where it is decided or would take far too many."""
    ties: tuple[Cell, ...] = ()
    """Cells whose difference from `best` may be noise."""
    notes: tuple[Note, ...] = field(default=())


def verdicts_of(record: LabRecord) -> tuple[Verdict, ...]:
    """The verdict over all sets, then one per set."""
    figures = figures_of(record)
    sets = [ALL_SETS, *(prompts.set_id for prompts in record.header.plan.prompt_sets)]
    return tuple(
        _judge(record, set_id, [f for f in figures if f.set_id == set_id]) for set_id in sets
    )


def _judge(record: LabRecord, set_id: str, figures: Sequence[CellFigures]) -> Verdict:
    baseline = record.header.plan.baseline
    header = record.header
    # An emulated device wins over no real one.
    measured = [f for f in figures if f.tokens_per_s is not None and header.is_judged(f.cell)]
    rivals = [f for f in measured if f.speed_up is not None]
    if not rivals:
        return _verdict(record, set_id, VerdictCode.NOTHING_TO_COMPARE, figures)
    winners = [f for f in rivals if f.speed_up and f.speed_up.is_faster(rivals=len(rivals))]
    best = max(winners, key=_value, default=None)
    if best is None:
        own = next(f for f in measured if f.cell == baseline)
        hopeful = (f for f in rivals if f.speed_up and f.speed_up.may_be_faster)
        candidate = max(hopeful, key=_value, default=None)
        if candidate is not None:
            return _undecided(record, set_id, candidate, own=own, rivals=len(rivals))
        return _verdict(record, set_id, VerdictCode.NO_DRAFT_IS_BEST, figures, best=own)
    beside = best.speed_up_same_device
    if best.cell.is_plain or beside is None or not beside.is_faster():
        return _verdict(
            record,
            set_id,
            VerdictCode.PLAIN_ELSEWHERE_IS_BEST,
            figures,
            best=_plain_beside(best, measured),
        )
    return _verdict(record, set_id, VerdictCode.CANDIDATES_ARE_BEST, figures, best=best)


def _undecided(
    record: LabRecord, set_id: str, candidate: CellFigures, *, own: CellFigures, rivals: int
) -> Verdict:
    gain = candidate.speed_up
    assert gain is not None
    needed = pairs_needed(gain, rivals=rivals)
    if needed is not None:
        # The gain itself is a guess: as many prompts as now were not enough.
        needed = max(needed, math.ceil(gain.pairs * _ONCE_MORE))
        facts = (("compared", gain.pairs), ("needed", needed))
        note = Note(code=NoteCode.MORE_PROMPTS, facts=facts)
    else:
        note = Note(code=NoteCode.FAR_MORE_PROMPTS, facts=(("compared", gain.pairs),))
    notes = [note, *_notes(record, set_id, own, baseline=own)]
    if not gain.is_uncertain:
        notes.insert(1, Note(code=NoteCode.FASTEST_OF_MANY, facts=(("count", rivals),)))
    return Verdict(
        set_id=set_id,
        code=VerdictCode.UNDECIDED,
        best=None,
        speed_up=gain,
        candidate=candidate.cell,
        pairs_needed=needed,
        notes=tuple(notes),
    )


def _plain_beside(best: CellFigures, measured: Sequence[CellFigures]) -> CellFigures:
    """Plain decoding on the best cell's main device, which its candidates do not beat."""
    plain = plain_cell(best.cell.group.placement.main_device)
    return next((f for f in measured if f.cell == plain), best)


def _verdict(
    record: LabRecord,
    set_id: str,
    code: VerdictCode,
    figures: Sequence[CellFigures],
    *,
    best: CellFigures | None = None,
) -> Verdict:
    ties: tuple[Cell, ...] = ()
    if best is not None:
        judged = (f for f in figures if f.cell != best.cell and record.header.is_judged(f.cell))
        ties = tuple(f.cell for f in judged if _ties(record, set_id, best, f))
    baseline = next((f for f in figures if f.cell == record.header.plan.baseline), None)
    return Verdict(
        set_id=set_id,
        code=code,
        best=best.cell if best is not None else None,
        speed_up=best.speed_up if best is not None else None,
        ties=ties,
        notes=tuple(_notes(record, set_id, best, baseline=baseline)),
    )


def _value(figures: CellFigures) -> float:
    return figures.speed_up.value if figures.speed_up is not None else 0.0


def _ties(record: LabRecord, set_id: str, best: CellFigures, other: CellFigures) -> bool:
    ours, theirs = paired_times(
        _measurements(record, best.cell, set_id), _measurements(record, other.cell, set_id)
    )
    ratio = paired_ratio(theirs, ours)
    return ratio is not None and ratio.is_tie


def _measurements(record: LabRecord, cell: Cell, set_id: str) -> list[Measurement]:
    return [
        m for m in record.measurements if m.cell_key == cell.key and set_id in (ALL_SETS, m.set_id)
    ]


def _notes(
    record: LabRecord, set_id: str, best: CellFigures | None, *, baseline: CellFigures | None
) -> list[Note]:
    notes: list[Note] = []
    if best is not None:
        notes += [*_notes_on_best(record, set_id, best), *_noise(baseline)]
    failed = {failure.cell_key for failure in record.failures}
    if failed:
        notes.append(Note(code=NoteCode.CELLS_FAILED, facts=(("count", len(failed)),)))
    if not record.is_finished:
        notes.append(Note(code=NoteCode.UNFINISHED))
    if record.header.machine.on_battery:
        notes.append(Note(code=NoteCode.ON_BATTERY))
    return [*notes, *notes_on_emulated(record.header)]


def notes_on_emulated(header: LabHeader) -> list[Note]:
    """What has to be said of emulated devices; nothing when none was measured."""
    count = sum(header.is_emulated(cell) for cell in header.measured_cells)
    if not count:
        return []
    if header.is_all_emulated:
        return [Note(code=NoteCode.EMULATED)]
    return [Note(code=NoteCode.EMULATED_NOT_JUDGED, facts=(("count", count),))]


def _notes_on_best(record: LabRecord, set_id: str, best: CellFigures) -> list[Note]:
    notes: list[Note] = []
    if best.cell.group.strategy is Strategy.DRAFT:
        notes += _short_answers(record, set_id, best.cell)
    if best.equal_texts < best.compared_texts:
        different = best.compared_texts - best.equal_texts
        facts = (("different", different), ("compared", best.compared_texts))
        notes.append(Note(code=NoteCode.TEXTS_DIFFER, facts=facts))
    return notes


def _noise(baseline: CellFigures | None) -> list[Note]:
    rate = baseline.tokens_per_s if baseline is not None else None
    share = (rate.high - rate.low) / rate.median if rate is not None else 0.0
    return [Note(code=NoteCode.NOISY, facts=(("spread", share),))] if share > _NOISY else []


def _short_answers(record: LabRecord, set_id: str, cell: Cell) -> list[Note]:
    """Whether the first tokens, TTFT included, come no sooner than with plain decoding."""
    plain = plain_cell(cell.group.placement.main_device)
    ours, theirs = _times_to(record, cell, set_id), _times_to(record, plain, set_id)
    shared = sorted(ours.keys() & theirs.keys())
    ratio = paired_ratio([theirs[key] for key in shared], [ours[key] for key in shared])
    if ratio is None or ratio.is_faster():
        return []
    facts = (("tokens", SHORT_ANSWER_TOKENS), ("ratio", ratio.value))
    return [Note(code=NoteCode.NOT_FOR_SHORT_ANSWERS, facts=facts)]


def _times_to(record: LabRecord, cell: Cell, set_id: str) -> dict[tuple[str, int, int], float]:
    """Seconds from question to the 16th token, by prompt and round.

    TTFT is that of whichever length of the group met the prompt first: later ones find it in the
    cache.
    """
    lengths = [c for c in record.header.measured_cells if c.group == cell.group]
    ttft = {
        (m.set_id, m.prompt_index, m.round): m.run_times_s[0]
        for other in lengths
        for m in _measurements(record, other, set_id)
        if m.is_cold and m.run_times_s
    }
    found = {}
    for m in _measurements(record, cell, set_id):
        key = (m.set_id, m.prompt_index, m.round)
        decode_s = _decode_time_to(m, SHORT_ANSWER_TOKENS)
        if key in ttft and decode_s is not None and ttft[key] + decode_s > 0:
            found[key] = ttft[key] + decode_s
    return found


def _decode_time_to(measurement: Measurement, tokens: int) -> float | None:
    """Seconds from the first run to the one that brings this token."""
    streamed = itertools.accumulate(measurement.run_lengths)
    for count, at_s in zip(streamed, measurement.run_times_s, strict=True):
        if count >= tokens:
            return at_s - measurement.run_times_s[0]
    return None
