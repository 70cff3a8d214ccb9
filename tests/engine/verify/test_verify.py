"""Right strategies pass, wrong ones are found, and nothing is claimed that was not checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.codec import from_plain, to_plain
from engine.errors import EngineError, EngineProcessError, ParameterError
from engine.lab.cells import Cell, CellGroup, ModelRef
from engine.lab.plan import LabPlan, plain_cell
from engine.lab.prompts import LabPrompt, prompt_set
from engine.lab.start import process_backends
from engine.placement import LoadSpec, Placement, Strategy
from engine.resources import asset_path
from engine.stop_token import StopToken
from engine.verify.logit_probe import LogitProbe
from engine.verify.plan import VerifyPlan
from engine.verify.prompts import verification_prompts
from engine.verify.report import Conclusion, Precision, Statement, VerifyReport
from engine.verify.runner import EXACT_PROPERTIES, VerifyRun
from tests.engine.verify.conftest import CoinBackend, Sampler

PROMPTS = prompt_set("p", [f"prompt {i}" for i in range(12)]).prompts
DRAFT_CELL = Cell(
    group=CellGroup(strategy=Strategy.DRAFT, placement=Placement("CPU", "CPU"), draft="small"),
    num_assistant_tokens=3,
)


def make_plan(cell: Cell = DRAFT_CELL, **changes: object) -> VerifyPlan:
    lab = LabPlan(
        main=ModelRef(name="big", path="/big"),
        drafts=(ModelRef(name="small", path="/small"),),
        prompt_sets=(prompt_set("p", ["x"]),),
    )
    plan = VerifyPlan(plan=lab, cell=cell, prompts=PROMPTS, samples=1500)
    return replace(plan, **changes)  # type: ignore[arg-type]


def verify(
    plan: VerifyPlan, make: Callable[[], CoinBackend] = CoinBackend, stop: StopToken | None = None
) -> VerifyReport:
    return VerifyRun(plan, make_backend=make).run(stop or StopToken())


def statements(report: VerifyReport) -> set[Statement]:
    return {remark.statement for remark in report.remarks}


def test_a_right_strategy_is_equal_and_its_sampling_agrees() -> None:
    report = verify(make_plan())
    assert report.conclusion is Conclusion.EQUAL
    assert statements(report) == {Statement.GREEDY_EQUAL, Statement.SAMPLING_AGREES}
    assert [check.precision for check in report.greedy] == list(Precision)
    assert report.greedy[0].tokens == 12 * 48
    assert [s.first_two_tokens.degrees for s in report.sampling] == [15, 15]
    assert report.versions == (("coin", "1"),)


@pytest.mark.parametrize("sampler", [Sampler.ALWAYS_ACCEPTS, Sampler.LOSES_A_TOKEN])
def test_a_broken_sampler_is_found(sampler: Sampler) -> None:
    report = verify(make_plan(), lambda: CoinBackend(sampler))
    assert report.conclusion is Conclusion.DIFFERENT
    assert Statement.SAMPLING_DIFFERS in statements(report)
    # The first token never comes from a candidate: it must not be what gives the alarm.
    assert all(check.first_token.p_value > 0.001 for check in report.sampling)


def test_a_wrong_greedy_answer_is_found_at_its_token() -> None:
    report = verify(make_plan(samples=0), lambda: CoinBackend(wrong_after=7))
    assert report.conclusion is Conclusion.DIFFERENT
    check = report.greedy[0]
    assert [d.prompt_index for d in check.divergences] == list(range(12))
    assert {(d.position, d.strategy_token) for d in check.divergences} == {(7, 101)}


def test_small_gaps_are_called_rounding_and_large_ones_are_not() -> None:
    def run(gap: float) -> VerifyReport:
        plan = make_plan(samples=0, precisions=(Precision.DEFAULT,))

        def measure(prompt: LabPrompt, before: tuple[int, ...], token: int, other: int) -> float:
            assert len(before) == 7
            assert other == 101
            return gap

        run = VerifyRun(plan, make_backend=lambda: CoinBackend(wrong_after=7), logit_gap=measure)
        return run.run(StopToken())

    rounding, wrong = run(0.05), run(3.0)
    assert statements(rounding) == {Statement.GREEDY_DIFFERS_BY_ROUNDING}
    assert rounding.conclusion is Conclusion.UNDECIDED
    assert statements(wrong) == {Statement.GREEDY_DIFFERS}
    assert wrong.conclusion is Conclusion.DIFFERENT


def test_what_the_runtime_refuses_is_said() -> None:
    group = CellGroup(strategy=Strategy.DRAFT, placement=Placement("NPU", "NPU"), draft="small")
    report = verify(make_plan(Cell(group=group, num_assistant_tokens=3)))
    assert Statement.SAMPLING_NOT_OFFERED in statements(report)
    assert [check.precision for check in report.greedy] == [Precision.DEFAULT]
    assert report.conclusion is Conclusion.EQUAL


def test_a_part_that_fails_is_not_claimed() -> None:
    def fail(spec: LoadSpec) -> EngineError | None:
        is_exact = EXACT_PROPERTIES[0] in spec.main_properties
        return EngineProcessError("died") if is_exact and not spec.sampling else None

    report = verify(make_plan(), lambda: CoinBackend(fail=fail))
    assert Statement.NOT_CHECKED in statements(report)
    assert [part for part, _ in report.errors] == ["greedy_f32"]
    assert report.conclusion is Conclusion.UNDECIDED


def test_a_stop_leaves_it_undecided() -> None:
    stop = StopToken()
    asked = 0

    def on_progress(done: int, total: int) -> None:
        nonlocal asked
        asked = done
        assert total == make_plan().answers
        if done == 30:
            stop.set()

    run = VerifyRun(make_plan(), make_backend=CoinBackend, on_progress=on_progress)
    report = run.run(stop)
    assert asked == 30
    assert report.conclusion is Conclusion.UNDECIDED
    assert Statement.STOPPED in statements(report)


def test_plain_decoding_is_not_verified_against_itself() -> None:
    with pytest.raises(ParameterError):
        make_plan(plain_cell("CPU"))


def test_a_report_survives_json() -> None:
    report = verify(make_plan(samples=50), lambda: CoinBackend(wrong_after=3))
    assert from_plain(VerifyReport, to_plain(report)) == report


def test_there_are_more_than_two_hundred_prompts() -> None:
    assert len(set(verification_prompts())) == 200
    assert len(set(verification_prompts(1000))) == 290


MAIN, DRAFT = asset_path("models", "demo-main"), asset_path("models", "demo-draft")


def embedded_plan(cell: Cell, **changes: object) -> VerifyPlan:
    lab = LabPlan(
        main=ModelRef(name="demo-main", path=str(MAIN)),
        drafts=(ModelRef(name="demo-draft", path=str(DRAFT)),),
        prompt_sets=(prompt_set("p", ["x"]),),
        # More threads would wait for each other longer than they work.
        properties=(("CPU", (("INFERENCE_NUM_THREADS", 1),)),),
    )
    plan = VerifyPlan(plan=lab, cell=cell, prompts=verification_prompts(12), samples=0)
    return replace(plan, precisions=(Precision.F32,), **changes)  # type: ignore[arg-type]


@pytest.mark.openvino
def test_the_embedded_pair_is_equal_at_f32(tmp_path: Path) -> None:
    group = replace(DRAFT_CELL.group, draft="demo-draft")
    plan = embedded_plan(replace(DRAFT_CELL, group=group), max_new_tokens=24)
    report = VerifyRun(plan, make_backend=process_backends(tmp_path)).run(StopToken())
    assert report.conclusion is Conclusion.EQUAL
    assert report.greedy[0].tokens > 200


@pytest.mark.openvino
def test_prompt_lookup_of_the_embedded_model_samples_rightly(tmp_path: Path) -> None:
    group = CellGroup(strategy=Strategy.PROMPT_LOOKUP, placement=Placement("CPU"))
    cell = Cell(group=group, num_assistant_tokens=3)
    plan = embedded_plan(
        cell, max_new_tokens=16, samples=100, sampling_prompts=1, prompts=verification_prompts(2)
    )
    report = VerifyRun(plan, make_backend=process_backends(tmp_path)).run(StopToken())
    assert Statement.SAMPLING_AGREES in statements(report)


@pytest.mark.openvino
def test_logit_gaps_are_antisymmetric_and_survive_nonsense() -> None:
    probe = LogitProbe(MAIN)
    try:
        prompt = verification_prompts(1)[0]
        there, back = probe.gap(prompt, (), 100, 200), probe.gap(prompt, (), 200, 100)
        assert there is not None
        assert there == pytest.approx(-back if back is not None else None)
        assert there != 0
        assert probe.gap(prompt, (), 10**9, 0) is None
        assert probe.gap(prompt, (), 100, 200) == there
    finally:
        probe.close()
        probe.close()
