"""Every code of the Lab has a sentence, and its numbers are in it."""

from __future__ import annotations

import pytest

from app.core.device_text import kind_text, missing_text, status_text
from app.core.lab_report_text import report_text
from app.core.lab_text import cell_name, refusal_text, set_name
from app.core.lab_verdict_text import (
    note_sentence,
    note_sentences,
    tune_sentences,
    verdict_sentence,
)
from app.core.lab_verify_text import conclusion_text, remark_texts
from app.core.placement_notes import finding_text
from app.core.translation import untranslated
from app.viewmodels.lab_board import make_results
from engine.devices import MissingDevice, MissingHint
from engine.events import DeviceKind
from engine.lab.cells import Cell, CellGroup
from engine.lab.plan import PlannedCell, plain_cell
from engine.lab.report_html import render_report
from engine.lab.statistics import Estimate
from engine.lab.verdict import Note, NoteCode, Verdict, VerdictCode, verdicts_of
from engine.placement import Placement, Strategy
from engine.placement_history import PlacementStatus
from engine.placement_rules import Effect, Finding, Reason
from engine.tuning.tuner import TuneOutcome, TuneResult
from engine.verify.report import Conclusion, Remark, Statement, VerifyReport

from .conftest import Measure

CELL = Cell(
    group=CellGroup(strategy=Strategy.DRAFT, placement=Placement("GPU", "CPU"), draft="small"),
    num_assistant_tokens=5,
)
GAIN = Estimate(value=1.9, low=1.8, high=2.04, pairs=6, p_value=0.03)
FACTS: dict[str, str | int | float] = {
    "precision": "f32", "prompts": 200, "tokens": 9000, "different": 3, "largest_gap": 0.041,
    "samples": 1000, "tests": 4, "p_value": 0.0123, "reason": "sampling_with_draft_not_on_npu",
    "part": "greedy_f32", "code": "out_of_memory",
}  # fmt: skip


def test_a_cell_says_where_both_models_run_and_how_many_tokens_are_drafted() -> None:
    assert cell_name(CELL, untranslated) == "Main GPU, draft CPU, 5 tokens"
    assert cell_name(plain_cell("NPU"), untranslated) == "Main NPU, no draft"
    with_name = cell_name(CELL, untranslated, with_draft=True)
    assert "small" in with_name


def test_sets_of_others_keep_their_names() -> None:
    assert set_name("code", untranslated) == "Code"
    assert set_name("a stranger's", untranslated) == "a stranger's"


@pytest.mark.parametrize("code", Reason)
def test_every_reason_has_a_sentence(code: Reason) -> None:
    facts = (("limit", 7), ("wanted", 8))
    finding = Finding(code=code, effect=Effect.REFUSED, subject="NPU.0", facts=facts)
    said = finding_text(finding, untranslated)
    assert said.endswith(".")
    assert "{" not in said
    planned = PlannedCell(cell=CELL, findings=(finding,))
    assert refusal_text(planned, untranslated) == said


def test_a_too_long_draft_names_limit_and_wish() -> None:
    finding = Finding(
        code=Reason.DRAFT_LENGTH_BUILT_IN,
        effect=Effect.REFUSED,
        subject="x",
        facts=(("limit", 7), ("wanted", 8)),
    )
    assert "at most 7 tokens, not 8" in finding_text(finding, untranslated)


@pytest.mark.parametrize("code", VerdictCode)
def test_every_verdict_is_one_sentence_with_its_numbers(code: VerdictCode) -> None:
    verdict = Verdict(set_id="code", code=code, best=CELL, speed_up=GAIN)
    said = verdict_sentence(verdict, plain_cell("CPU"), untranslated)
    assert said.startswith("For code: ")
    assert "Main CPU, no draft" in said
    if code is VerdictCode.CANDIDATES_ARE_BEST:
        assert "1.90\u00d7 the speed (1.80\u20132.04)" in said
    if code in (VerdictCode.NO_DRAFT_IS_BEST, VerdictCode.PLAIN_ELSEWHERE_IS_BEST):
        assert "no draft is best here" in said


def test_an_undecided_run_names_what_may_be_faster_and_does_not_call_it_best() -> None:
    verdict = Verdict(
        set_id="", code=VerdictCode.UNDECIDED, best=None, candidate=CELL, speed_up=GAIN
    )
    said = verdict_sentence(verdict, plain_cell("CPU"), untranslated)
    assert "too short to tell" in said
    assert "\u201cMain GPU, draft CPU, 5 tokens\u201d was measured at 1.90\u00d7" in said
    assert "best" not in said


@pytest.mark.parametrize("code", NoteCode)
def test_every_note_has_a_sentence(code: NoteCode) -> None:
    facts = {"tokens": 16, "ratio": 0.9, "different": 2, "compared": 9, "spread": 0.2, "count": 1}
    facts["needed"] = 20
    said = note_sentence(Note(code=code, facts=tuple(facts.items())), untranslated)
    assert said.endswith(".")
    assert "{" not in said


def test_ties_are_called_ties_and_long_lists_are_cut() -> None:
    ties = tuple(plain_cell(name) for name in ("A", "B", "C", "D", "E"))
    verdict = Verdict(
        set_id="", code=VerdictCode.NO_DRAFT_IS_BEST, best=CELL, speed_up=None, ties=ties
    )
    said = note_sentences(verdict, untranslated)[0]
    assert said.startswith("Tied with \u201cMain GPU")
    assert "and 2 more" in said


@pytest.mark.parametrize("outcome", TuneOutcome)
def test_a_tuning_that_finds_nothing_says_so(outcome: TuneOutcome, measure: Measure) -> None:
    result = TuneResult(
        outcome=outcome,
        winner=CELL,
        speed_up=GAIN,
        rungs=(),
        answers=30,
        exhaustive_answers=100,
        record=measure(),
    )
    found, *cost = tune_sentences(result, untranslated)
    told = (TuneOutcome.BETTER, TuneOutcome.UNDECIDED, TuneOutcome.NO_DRAFT_IS_BEST)
    assert ("Main GPU" in found) == (outcome in told)
    assert bool(cost) == (outcome in told)
    if cost:
        assert "30 answers" in cost[0]
        assert "100" in cost[0]


@pytest.mark.parametrize("statement", Statement)
def test_every_statement_of_a_verification_has_a_sentence(statement: Statement) -> None:
    report = VerifyReport(
        main="big",
        group=CELL.group,
        num_assistant_tokens=5,
        greedy=(),
        sampling=(),
        errors=(),
        remarks=(Remark(statement=statement, facts=tuple(FACTS.items())),),
        conclusion=Conclusion.UNDECIDED,
    )
    said, reach = remark_texts(report, untranslated)
    assert "{" not in said
    assert said.endswith((".", ")."))
    assert "no further" in reach
    assert conclusion_text(report, untranslated).startswith("Undecided")


def test_every_hint_kind_and_state_of_devices_has_a_sentence() -> None:
    facts = (("path", "/dev/x"), ("group", "render"), ("packages", "a b"))
    for hint in MissingHint:
        missing = MissingDevice(family="NPU", hint=hint, facts=facts)
        assert "{" not in missing_text(missing, untranslated)
    assert all(kind_text(kind, untranslated) for kind in DeviceKind)
    assert all(status_text(status, untranslated) for status in PlacementStatus)


def test_the_report_says_the_verdict_and_escapes_what_strangers_wrote(measure: Measure) -> None:
    record = measure()
    results = make_results(record)
    words = report_text(record, results.verdicts, untranslated, language="en")
    page = render_report(record, words)
    sentence = verdict_sentence(results.verdicts[0], record.header.plan.baseline, untranslated)
    assert sentence in page
    assert "draft CPU, 4 tokens" in page


def test_the_report_calls_too_few_prompts_too_few(measure: Measure) -> None:
    record = measure(prompts=3)
    words = report_text(record, verdicts_of(record), untranslated, language="en")
    assert "too few prompts" in words.headlines[0]
    assert words.headlines[0].endswith("3.")
