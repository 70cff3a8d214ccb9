"""A backend whose acceptance and costs are known, on a clock that only counts: for tests and
benches of everything that chooses by measuring. Nothing waits.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from engine.backends.base import GenerationOutcome, Run
from engine.errors import EngineError
from engine.events import DeviceInfo, DeviceKind, FinishReason, LoadedPipeline, LoadPhase, TextSpan
from engine.messages import GenerationRequest
from engine.metrics.definitions import DEFAULT_NUM_ASSISTANT_TOKENS, drafted_in_run
from engine.metrics.report import RuntimeFigures
from engine.params import GenerationParams
from engine.placement import LoadSpec, Strategy
from engine.stop_token import StopToken


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCosts:
    """Seconds of each step, and how often a candidate is right."""

    acceptance: float = 0.7
    """Of every candidate whose predecessors were accepted."""
    main_step_s: float = 0.05
    draft_step_s: float = 0.005
    verify_s: float = 0.001
    """What each candidate adds to the main model's step."""
    verify_square_s: float = 0.0
    """The same, growing with the square: a main model short of arithmetic."""
    prefill_s: float = 0.1
    load_s: float = 2.0
    noise: float = 0.03
    """Standard deviation of the logarithm of a step."""
    lookup_acceptance: float = 0.15

    def iteration_s(self, length: int) -> float:
        """Mean seconds of an iteration with `length` candidates."""
        square_s = length * length * self.verify_square_s
        return self.main_step_s + length * (self.draft_step_s + self.verify_s) + square_s

    def tokens_per_s(self, length: int) -> float:
        """True decode rate of a draft length; 0 is plain decoding."""
        rate = self.acceptance
        expected = sum(rate**i for i in range(length + 1))
        return expected / self.iteration_s(length)


class SyntheticBackend:
    """Keeps the `InferenceBackend` protocol. `seconds_spent` is what it would have taken.

    Args:
        costs: asked for anew at every load and answer, so that they may change.
        fail: called before each load and answer with the specification; may raise.
    """

    def __init__(
        self,
        costs: Callable[[LoadSpec], PairCosts],
        *,
        seed: int = 0,
        fail: Callable[[LoadSpec, bool], EngineError | None] = lambda _spec, _loading: None,
    ) -> None:
        self.seconds_spent = 0.0
        self._costs = costs
        self._fail = fail
        self._rng = random.Random(seed)
        self._spec: LoadSpec | None = None

    @property
    def is_loaded(self) -> bool:
        return self._spec is not None

    def devices(self) -> tuple[DeviceInfo, ...]:
        return (DeviceInfo(name="CPU", full_name="Synthetic", kind=DeviceKind.CPU),)

    def load(self, spec: LoadSpec, *, on_phase: Callable[[LoadPhase], None]) -> LoadedPipeline:
        self._spec = None
        if error := self._fail(spec, True):
            raise error
        load_s = self._costs(spec).load_s
        self.seconds_spent += load_s
        self._spec = spec
        return LoadedPipeline(
            spec=spec,
            main_name="main",
            draft_name="draft" if spec.draft_path else None,
            actual_main_device=spec.placement.main_device,
            actual_draft_device=spec.placement.draft_device,
            load_s=load_s,
            defaults=GenerationParams(),
            context_length=None,
            knows_thinking=False,
            versions=(("synthetic", "1"),),
        )

    def generate(
        self, request: GenerationRequest, *, on_run: Callable[[Run], None], stop: StopToken
    ) -> GenerationOutcome:
        spec = self._spec
        assert spec is not None
        if error := self._fail(spec, False):
            self._spec = None
            raise error
        costs, params = self._costs(spec), request.params
        limit = params.max_new_tokens or 64
        at_s = costs.prefill_s * self._noise(costs)
        on_run(_run(0, 1, at_s))
        streamed, steps = 1, 0
        while streamed < limit and not stop.is_set():
            length = _length(spec, params, remaining=limit - streamed)
            accepted = self._accepted(spec, costs, length)
            steps += length
            at_s += costs.iteration_s(length) * self._noise(costs)
            on_run(_run(streamed, accepted + 1, at_s))
            streamed += accepted + 1
        self.seconds_spent += at_s
        return _outcome(stop, spec, costs, steps)

    def _accepted(self, spec: LoadSpec, costs: PairCosts, length: int) -> int:
        is_draft = spec.strategy is Strategy.DRAFT
        rate = costs.acceptance if is_draft else costs.lookup_acceptance
        accepted = 0
        while accepted < length and self._rng.random() < rate:
            accepted += 1
        return accepted

    def _noise(self, costs: PairCosts) -> float:
        return math.exp(self._rng.gauss(0, costs.noise))

    def unload(self) -> None:
        self._spec = None

    def cancel(self) -> None:
        pass

    def close(self) -> None:
        self._spec = None


def _length(spec: LoadSpec, params: GenerationParams, *, remaining: int) -> int:
    if spec.strategy is Strategy.NONE:
        return 0
    wanted = params.num_assistant_tokens or DEFAULT_NUM_ASSISTANT_TOKENS
    return drafted_in_run(wanted, remaining=remaining)


def _run(start: int, tokens: int, at_s: float) -> Run:
    words = [f" w{start + index}" for index in range(tokens)]
    step = start
    spans = [(len("".join(words[:-1])), True), (len(words[-1]), False)]
    return Run(
        token_count=tokens,
        text="".join(words),
        spans=tuple(
            TextSpan(characters=count, step=step, accepted=accepted)
            for count, accepted in spans
            if count
        ),
        at_s=at_s,
    )


def _outcome(stop: StopToken, spec: LoadSpec, costs: PairCosts, steps: int) -> GenerationOutcome:
    has_draft = spec.strategy is Strategy.DRAFT
    return GenerationOutcome(
        finish_reason=FinishReason.STOPPED if stop.is_set() else FinishReason.LENGTH,
        runtime=RuntimeFigures(
            prompt_tokens=12,
            draft_steps=steps if has_draft else None,
            draft_inference_s=steps * costs.draft_step_s if has_draft else None,
            draft_step_s=costs.draft_step_s if has_draft else None,
        ),
    )
