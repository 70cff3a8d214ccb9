"""Successive halving: its cost, its choice, its failures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import EngineError, EngineProcessError
from engine.events import DeviceInfo, DeviceKind
from engine.lab.cells import ModelRef
from engine.lab.events import LabEvent, LabMeasured
from engine.lab.plan import LabPlan
from engine.lab.prompts import prompt_set
from engine.lab.start import new_record
from engine.placement import LoadSpec, Strategy
from engine.stop_token import StopToken
from engine.tuning.halving import plan_halving
from engine.tuning.tuner import TuneOutcome, TuneResult, TuneRun
from tests.synthetic.pair import PairCosts, SyntheticBackend

THIRD = 1 / 3
PLAN = LabPlan(
    main=ModelRef(name="main", path="main"),
    drafts=(ModelRef(name="draft", path="draft"),),
    lengths=(1, 2, 3, 4, 5, 6, 8, 10),
    prompt_sets=(
        prompt_set("a", [f"a{i}" for i in range(6)]),
        prompt_set("b", [f"b{i}" for i in range(6)]),
    ),
    repeats=2,
    max_new_tokens=96,
    settle_s=0.0,
)


def tune(
    costs: PairCosts,
    *,
    fail: type[EngineError] | None = None,
    failing: Strategy | None = None,
    stop: StopToken | None = None,
    stop_after: int | None = None,
) -> TuneResult:
    token, made, measured = stop or StopToken(), 0, 0

    def make() -> SyntheticBackend:
        nonlocal made
        made += 1
        return SyntheticBackend(lambda _spec: costs, seed=made, fail=break_down)

    def break_down(spec: LoadSpec, loading: bool) -> EngineError | None:
        return fail("broken") if fail is not None and spec.strategy is failing else None

    def sink(event: LabEvent) -> None:
        nonlocal measured
        measured += isinstance(event, LabMeasured)
        if measured == stop_after:
            token.set()

    return TuneRun(new_record(PLAN).header, make_backend=make, sink=sink).run(token)


@pytest.mark.parametrize("cells", [2, 3, 9, 20, 60])
@pytest.mark.parametrize("answers", [12, 18, 60])
def test_the_plan_keeps_to_a_third(cells: int, answers: int) -> None:
    plan = plan_halving(cells, answers)
    assert plan.cells_by_rung[0] == cells
    assert plan.cells_by_rung[-1] <= 2
    assert plan.answers <= THIRD * (cells + 1) * answers


@pytest.mark.parametrize("acceptance", [0.5, 0.75, 0.9])
def test_the_winner_is_near_the_best_at_a_third_of_the_cost(acceptance: float) -> None:
    costs = PairCosts(acceptance=acceptance)
    result = tune(costs)
    assert result.outcome is TuneOutcome.BETTER
    assert result.answers <= THIRD * result.exhaustive_answers
    assert result.winner is not None
    assert result.winner.num_assistant_tokens is not None
    best = max(costs.tokens_per_s(n) for n in PLAN.lengths)
    assert costs.tokens_per_s(result.winner.num_assistant_tokens) >= 0.97 * best
    assert [len(rung.cells) for rung in result.rungs] == [9, 5, 3, 2]
    assert len(result.rungs[-1].kept) == 1


def test_prompt_lookup_can_win() -> None:
    costs = PairCosts(acceptance=0.3, draft_step_s=0.02, lookup_acceptance=0.9)
    result = tune(costs)
    assert result.outcome is TuneOutcome.BETTER
    assert result.winner is not None
    assert result.winner.group.strategy in (Strategy.DRAFT, Strategy.PROMPT_LOOKUP)


def test_nothing_is_claimed_when_nothing_beats_plain_decoding() -> None:
    result = tune(PairCosts(acceptance=0.1, lookup_acceptance=0.05, draft_step_s=0.02))
    assert result.outcome is TuneOutcome.NO_DRAFT_IS_BEST
    assert result.speed_up is not None


def test_a_group_that_crashes_drops_out() -> None:
    result = tune(PairCosts(), fail=EngineProcessError, failing=Strategy.PROMPT_LOOKUP)
    assert [f.cell_key for f in result.record.failures] == ["prompt_lookup/CPU/5"]
    assert result.outcome is TuneOutcome.BETTER


def test_without_a_baseline_nothing_is_claimed() -> None:
    result = tune(PairCosts(), fail=EngineProcessError, failing=Strategy.NONE)
    assert result.outcome is TuneOutcome.NOT_MEASURED


def test_an_emulated_device_is_never_recommended_over_a_real_one() -> None:
    plan = replace(PLAN, main_devices=("CPU", "GPU"), draft_devices=("CPU", "GPU"))
    devices = (
        DeviceInfo(name="CPU", full_name="P", kind=DeviceKind.CPU),
        DeviceInfo(name="GPU", full_name="P", kind=DeviceKind.INTEGRATED_GPU, emulated=True),
    )

    def costs(spec: LoadSpec) -> PairCosts:
        used = (spec.placement.main_device, spec.placement.draft_device)
        return PairCosts(main_step_s=0.001 if "GPU" in used else 0.05)

    seeds = iter(range(1000))
    run = TuneRun(
        new_record(plan, devices=devices).header,
        make_backend=lambda: SyntheticBackend(costs, seed=next(seeds)),
        sink=lambda _event: None,
    )
    result = run.run(StopToken())
    assert result.outcome is TuneOutcome.BETTER
    assert result.winner is not None
    assert "GPU" not in result.winner.key
    assert not any("GPU" in m.cell_key for m in result.record.measurements)


def test_a_stop_ends_it() -> None:
    result = tune(PairCosts(), stop_after=5)
    assert result.outcome is TuneOutcome.STOPPED
    assert result.answers == 5
