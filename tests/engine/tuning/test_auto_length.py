"""The model of a pair, and the lengths chosen from it."""

from __future__ import annotations

import pytest

from engine.backends.base import Run
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.metrics.recorder import RunRecorder
from engine.metrics.report import GenerationReport, LengthReason
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.stop_token import StopToken
from engine.tuning.auto_length import AutoLength
from engine.tuning.pair_model import PairModel
from tests.synthetic.pair import PairCosts, SyntheticBackend

DRAFT = LoadSpec(
    main_path="m", draft_path="d", strategy=Strategy.DRAFT, placement=Placement("CPU", "CPU")
)
PLAIN = LoadSpec(main_path="m")


class Talk:
    """Answers with the costs of the moment."""

    def __init__(self, costs: PairCosts, spec: LoadSpec = DRAFT) -> None:
        self.costs = costs
        self._backend = SyntheticBackend(lambda _spec: self.costs, seed=3)
        self._pipeline = self._backend.load(spec, on_phase=lambda _phase: None)

    def answer(self, length: int | None, tokens: int = 200) -> GenerationReport:
        params = GenerationParams(num_assistant_tokens=length, max_new_tokens=tokens)
        recorder = RunRecorder.for_answer(self._pipeline, params)

        def take(run: Run) -> None:
            recorder.observe(run.token_count, run.at_s)

        request = GenerationRequest(messages=(ChatMessage(Role.USER, "?"),), params=params)
        outcome = self._backend.generate(request, on_run=take, stop=StopToken())
        return recorder.report(
            finish_reason="length",
            strategy=str(self._pipeline.spec.strategy),
            main_name="m",
            draft_name="d",
            main_device="CPU",
            draft_device="CPU",
            params=params,
            prompt_tokens=9,
            versions=(),
            runtime=outcome.runtime,
        )


def settle(auto: AutoLength, talk: Talk, answers: int = 12) -> None:
    for _ in range(answers):
        auto.observe(talk.answer(auto.decide().num_assistant_tokens))


def best_length(costs: PairCosts) -> int:
    return max(range(1, 11), key=costs.tokens_per_s)


@pytest.mark.parametrize("acceptance", [0.3, 0.55, 0.75, 0.9])
@pytest.mark.parametrize("draft_step_s", [0.001, 0.005, 0.012])
def test_the_length_comes_close_to_the_best(acceptance: float, draft_step_s: float) -> None:
    costs = PairCosts(acceptance=acceptance, draft_step_s=draft_step_s)
    auto = AutoLength()
    settle(auto, Talk(costs))
    chosen = auto.decide().num_assistant_tokens
    assert costs.tokens_per_s(chosen) >= 0.97 * costs.tokens_per_s(best_length(costs))


def test_the_decision_shows_its_numbers() -> None:
    costs = PairCosts(acceptance=0.8, noise=0.01)
    auto = AutoLength(plain_tpot_s=costs.main_step_s)
    settle(auto, Talk(costs), answers=20)
    decision = auto.decide()
    length = decision.num_assistant_tokens
    assert decision.reason is LengthReason.BEST_EXPECTED
    assert decision.plain_is_measured
    assert decision.draft_cost_ratio == pytest.approx(0.006 / 0.05, rel=0.15)
    assert decision.acceptance_by_position[0] == pytest.approx(0.8, abs=0.08)
    truth = costs.tokens_per_s(length) * costs.main_step_s
    assert decision.expected_speed_up == pytest.approx(truth, rel=0.1)
    assert dict(decision.curve)[length] == decision.expected_speed_up
    assert [n for n, _ in decision.curve] == list(range(1, 11))


def test_without_evidence_there_are_no_numbers() -> None:
    decision = AutoLength().decide()
    assert decision.reason is LengthReason.CALIBRATING
    assert (decision.expected_speed_up, decision.curve, decision.iterations) == (None, (), 0)


def test_the_first_answers_try_two_lengths_and_keep_to_the_limit() -> None:
    auto, talk = AutoLength(max_length=5), Talk(PairCosts())
    lengths = []
    for _ in range(4):
        lengths.append(auto.decide().num_assistant_tokens)
        auto.observe(talk.answer(lengths[-1]))
    assert len(set(lengths[:2])) == 2
    assert max(lengths) <= 5


def test_a_change_of_content_is_followed() -> None:
    auto, talk = AutoLength(), Talk(PairCosts(acceptance=0.9))
    settle(auto, talk)
    long = auto.decide().num_assistant_tokens
    talk.costs = PairCosts(acceptance=0.2)
    settle(auto, talk, answers=3)
    short = auto.decide().num_assistant_tokens
    talk.costs = PairCosts(acceptance=0.9)
    settle(auto, talk, answers=3)
    assert long >= 6
    assert short <= 2
    assert auto.decide().num_assistant_tokens >= 6


def test_a_useless_draft_asks_for_plain_decoding() -> None:
    costs = PairCosts(acceptance=0.1, draft_step_s=0.02)
    auto = AutoLength(plain_tpot_s=costs.main_step_s)
    settle(auto, Talk(costs))
    decision = auto.decide()
    assert decision.reason is LengthReason.PLAIN_IS_FASTER
    assert decision.num_assistant_tokens == 1
    assert decision.expected_speed_up is not None
    assert decision.expected_speed_up < 1


def test_plain_answers_tell_the_baseline() -> None:
    costs = PairCosts(acceptance=0.8)
    auto = AutoLength()
    settle(auto, Talk(costs))
    assert not auto.decide().plain_is_measured
    auto.observe_plain(costs.main_step_s)
    decision = auto.decide()
    assert decision.plain_is_measured
    assert decision.main_step_s == costs.main_step_s


def test_draft_and_plain_do_not_alternate_within_the_margin() -> None:
    costs = PairCosts(acceptance=0.0, noise=0.0)
    auto = AutoLength()
    settle(auto, Talk(costs))
    draft_rate = auto.decide().expected_tokens_per_s
    assert draft_rate is not None
    auto.observe_plain(1 / (draft_rate * 1.02))
    resting = auto.decide().reason
    auto.observe(Talk(costs).answer(1))
    drafting = auto.decide().reason
    assert (resting, drafting) == (LengthReason.PLAIN_IS_FASTER, LengthReason.BEST_EXPECTED)


def test_another_chance_asks_for_new_evidence() -> None:
    costs = PairCosts(acceptance=0.1, draft_step_s=0.02)
    auto, talk = AutoLength(plain_tpot_s=costs.main_step_s), Talk(costs)
    settle(auto, talk)
    assert auto.decide().reason is LengthReason.PLAIN_IS_FASTER
    auto.begin_again()
    assert auto.decide().reason is LengthReason.BEST_EXPECTED
    settle(auto, talk, answers=2)
    assert auto.decide().reason is LengthReason.PLAIN_IS_FASTER


def test_answers_that_ended_at_once_teach_nothing() -> None:
    auto, talk = AutoLength(), Talk(PairCosts())
    for tokens in (2, 2, 3, 2, 2):
        auto.observe(talk.answer(4, tokens))
    assert auto.decide().num_assistant_tokens in range(1, 11)
    model = PairModel()
    model.add((1,), (0.1,), num_assistant_tokens=4, max_new_tokens=1)
    assert model.tokens_per_s(3) is None


def test_deciding_changes_nothing() -> None:
    auto = AutoLength()
    settle(auto, Talk(PairCosts()), answers=5)
    assert auto.decide() == auto.decide()


def test_the_runtimes_own_figure_guides_the_first_guess() -> None:
    model = PairModel()
    model.add(
        (1, 3, 2, 3, 1),
        (0.0, 0.1, 0.2, 0.3, 0.4),
        num_assistant_tokens=4,
        max_new_tokens=None,
        draft_step_s=0.01,
    )
    assert model.draft_cost_s == pytest.approx(0.01)
    assert model.main_step_s == pytest.approx(0.06)


@pytest.mark.parametrize("draft_step_s", [None, 0.004, 0.5])
def test_whatever_the_noise_a_main_step_takes_time(draft_step_s: float | None) -> None:
    model = PairModel()
    for length, interval_s in ((4, 0.02), (2, 0.01), (9, 0.2), (1, 0.01)):
        times = [interval_s * step for step in range(21)]
        model.add(
            (1, *[1] * 20),
            times,
            num_assistant_tokens=length,
            max_new_tokens=None,
            draft_step_s=draft_step_s,
        )
        assert model.main_step_s > 0
        assert model.tokens_per_s(length) is not None
