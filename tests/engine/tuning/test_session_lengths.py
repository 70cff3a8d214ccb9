"""What a session learns of its pipelines, and the lengths it gives to answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from engine.backends.base import Run
from engine.errors import ParameterError
from engine.events import LoadedPipeline
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.metrics.recorder import RunRecorder
from engine.metrics.report import GenerationReport, LengthDecision, LengthReason
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.placement_rules import Effect, Reason, check_params
from engine.stop_token import StopToken
from engine.tuning.session_lengths import SessionLengths
from tests.synthetic.pair import PairCosts, SyntheticBackend

DRAFT = LoadSpec(
    main_path="m", draft_path="d", strategy=Strategy.DRAFT, placement=Placement("CPU", "CPU")
)
PLAIN = LoadSpec(main_path="m")
LOOKUP = LoadSpec(main_path="m", strategy=Strategy.PROMPT_LOOKUP)
ON_NPU = replace(DRAFT, placement=Placement("CPU", "NPU"))
AUTO = GenerationParams(max_new_tokens=200, auto_num_assistant_tokens=True)
USELESS = PairCosts(acceptance=0.1, draft_step_s=0.02)


@dataclass(slots=True)
class Session:
    """Answers one after the other, as a session would."""

    costs: PairCosts
    lengths: SessionLengths = field(default_factory=SessionLengths)
    backend: SyntheticBackend = field(init=False)
    pipeline: LoadedPipeline = field(init=False)

    def __post_init__(self) -> None:
        self.backend = SyntheticBackend(lambda _spec: self.costs, seed=5)
        self.load(DRAFT)

    def load(self, spec: LoadSpec) -> None:
        self.pipeline = self.backend.load(spec, on_phase=lambda _phase: None)

    def answer(
        self, params: GenerationParams = AUTO
    ) -> tuple[GenerationReport, LengthDecision | None]:
        """The report of an answer, and what is decided for the next."""
        params, decision = self.lengths.resolve(self.pipeline, params)
        recorder = RunRecorder.for_answer(self.pipeline, params)

        def take(run: Run) -> None:
            recorder.observe(run.token_count, run.at_s)

        request = GenerationRequest(messages=(ChatMessage(Role.USER, "?"),), params=params)
        outcome = self.backend.generate(request, on_run=take, stop=StopToken())
        report = recorder.report(
            finish_reason="length",
            strategy=str(self.pipeline.spec.strategy),
            main_name="m",
            draft_name=self.pipeline.draft_name,
            main_device="CPU",
            draft_device=self.pipeline.actual_draft_device,
            params=params,
            prompt_tokens=9,
            versions=(),
            runtime=outcome.runtime,
        )
        report = replace(report, length_decision=decision)
        return report, self.lengths.observe(self.pipeline, report)

    def settle(self, answers: int = 8) -> LengthDecision:
        decided = [self.answer()[1] for _ in range(answers)][-1]
        assert decided is not None
        return decided


def test_the_length_that_is_decided_is_the_length_that_is_used() -> None:
    session = Session(PairCosts(acceptance=0.8))
    decided = session.settle()
    report, _ = session.answer()
    assert report.params.num_assistant_tokens == decided.num_assistant_tokens
    assert report.length_decision == decided
    assert report.params.auto_num_assistant_tokens
    assert decided.reason is LengthReason.BEST_EXPECTED


def test_a_set_length_stays_and_teaches() -> None:
    session = Session(PairCosts(acceptance=0.9))
    for length in (2, 7, 2, 7):
        report, decided = session.answer(
            GenerationParams(num_assistant_tokens=length, max_new_tokens=200)
        )
        assert (report.params.num_assistant_tokens, decided) == (length, None)
    first, _ = session.answer()
    assert first.length_decision is not None
    assert first.length_decision.reason is LengthReason.BEST_EXPECTED


def test_a_confidence_threshold_teaches_nothing() -> None:
    session = Session(PairCosts(acceptance=0.9))
    for _ in range(3):
        session.answer(GenerationParams(assistant_confidence_threshold=0.4, max_new_tokens=99))
    report, _ = session.answer()
    assert report.length_decision is not None
    assert report.length_decision.reason is LengthReason.CALIBRATING
    with pytest.raises(ParameterError):
        GenerationParams(assistant_confidence_threshold=0.4, auto_num_assistant_tokens=True)


def test_a_useless_draft_is_set_aside_and_the_plain_answers_say_why() -> None:
    session = Session(USELESS)
    assert session.settle().reason is LengthReason.PLAIN_IS_FASTER
    session.load(PLAIN)
    report, decided = session.answer()
    assert decided is not None
    assert decided.reason is LengthReason.PLAIN_IS_FASTER
    assert decided.plain_is_measured
    assert report.params.num_assistant_tokens is None
    assert report.length_decision is not None
    assert not report.length_decision.plain_is_measured


def test_plain_decoding_that_is_slower_than_thought_brings_the_draft_back() -> None:
    session = Session(replace(USELESS, acceptance=0.35, draft_step_s=0.016))
    session.settle()
    session.load(PLAIN)
    session.costs = replace(session.costs, main_step_s=0.08)
    _, decided = session.answer()
    assert decided is not None
    assert decided.reason is LengthReason.BEST_EXPECTED


def test_a_draft_that_was_set_aside_gets_a_fair_trial() -> None:
    session = Session(USELESS)
    session.settle()
    session.load(PLAIN)
    session.answer()
    session.load(DRAFT)
    session.costs = replace(USELESS, acceptance=0.9, draft_step_s=0.004)
    report, decided = session.answer()
    assert report.length_decision is not None
    assert report.length_decision.reason is LengthReason.BEST_EXPECTED
    assert decided is not None
    assert decided.reason is LengthReason.BEST_EXPECTED


def test_evidence_outlives_a_reload_of_the_same_pipeline() -> None:
    session = Session(PairCosts(acceptance=0.8))
    before = session.settle()
    session.load(PLAIN)
    session.load(DRAFT)
    _, decision = session.lengths.resolve(session.pipeline, AUTO)
    assert decision == before


@pytest.mark.parametrize("spec", [LOOKUP, ON_NPU, PLAIN])
def test_where_no_length_can_be_chosen_the_set_one_holds(spec: LoadSpec) -> None:
    session = Session(PairCosts())
    session.load(spec)
    length = None if spec is PLAIN else 5
    asked = GenerationParams(auto_num_assistant_tokens=True, num_assistant_tokens=length)
    assert session.lengths.resolve(session.pipeline, asked) == (asked, None)
    codes = {finding.code: finding.effect for finding in check_params(spec, asked)}
    wanted = Reason.AUTO_LENGTH_NOT_ON_NPU if spec is ON_NPU else Reason.AUTO_LENGTH_NEEDS_DRAFT
    assert codes[wanted] is Effect.IGNORED


def test_only_so_many_pipelines_are_remembered() -> None:
    session = Session(PairCosts(acceptance=0.8))
    before = session.settle()
    for number in range(9):
        session.load(replace(DRAFT, draft_path=f"other {number}"))
        session.answer()
    session.load(DRAFT)
    _, decision = session.lengths.resolve(session.pipeline, AUTO)
    assert before.reason is LengthReason.BEST_EXPECTED
    assert decision is not None
    assert decision.reason is LengthReason.CALIBRATING
