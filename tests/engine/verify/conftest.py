"""Backends that sample from known distributions, rightly or wrongly, without any model."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from enum import StrEnum

from engine.backends.base import GenerationOutcome, Run
from engine.errors import EngineError
from engine.events import DeviceInfo, FinishReason, LoadedPipeline, LoadPhase
from engine.messages import GenerationRequest
from engine.params import GenerationParams
from engine.placement import LoadSpec, Strategy
from engine.stop_token import StopToken

MAIN = (0.5, 0.3, 0.15, 0.05)
DRAFT = (0.25, 0.25, 0.25, 0.25)


class Sampler(StrEnum):
    """How candidates are accepted."""

    RIGHT = "right"
    """Leviathan et al.: accept with min(1, p / q), else sample from what is left."""
    ALWAYS_ACCEPTS = "always_accepts"
    LOSES_A_TOKEN = "loses_a_token"
    """A rejected candidate takes the main model's token with it."""


class CoinBackend:
    """Greedy answers depend on the prompt alone; sampled ones follow `MAIN`, whatever came before.

    Args:
        wrong_after: greedy answers with candidates differ from this token on.
    """

    def __init__(
        self,
        sampler: Sampler = Sampler.RIGHT,
        *,
        wrong_after: int | None = None,
        fail: Callable[[LoadSpec], EngineError | None] = lambda _spec: None,
    ) -> None:
        self._sampler = sampler
        self._wrong_after = wrong_after
        self._fail = fail
        self._spec: LoadSpec | None = None

    @property
    def is_loaded(self) -> bool:
        return self._spec is not None

    def devices(self) -> tuple[DeviceInfo, ...]:
        return ()

    def load(self, spec: LoadSpec, *, on_phase: Callable[[LoadPhase], None]) -> LoadedPipeline:
        if error := self._fail(spec):
            raise error
        self._spec = spec
        return LoadedPipeline(
            spec=spec,
            main_name="m",
            draft_name=None,
            actual_main_device="CPU",
            actual_draft_device=None,
            load_s=0.0,
            defaults=GenerationParams(),
            context_length=None,
            knows_thinking=False,
            versions=(("coin", "1"),),
        )

    def generate(
        self, request: GenerationRequest, *, on_run: Callable[[Run], None], stop: StopToken
    ) -> GenerationOutcome:
        spec = self._spec
        assert spec is not None
        for tokens in self._runs(request, has_candidates=spec.strategy is not Strategy.NONE):
            on_run(
                Run(token_count=len(tokens), text="", spans=(), at_s=0.0, token_ids=tuple(tokens))
            )
        return GenerationOutcome(finish_reason=FinishReason.LENGTH)

    def _runs(self, request: GenerationRequest, *, has_candidates: bool) -> list[list[int]]:
        limit = request.params.max_new_tokens or 8
        if not request.params.temperature:
            return [[token] for token in self._greedy(request, limit, has_candidates)]
        rng = random.Random(request.params.seed)
        if not has_candidates:
            return [[_draw(rng, MAIN)] for _ in range(limit)]
        runs = [[_draw(rng, MAIN)]]
        while sum(map(len, runs)) < limit:
            runs.append(_verify(rng, self._sampler))
        return runs

    def _greedy(self, request: GenerationRequest, limit: int, has_candidates: bool) -> list[int]:
        rng = random.Random(request.messages[-1].content)
        tokens = [rng.randrange(100) for _ in range(limit)]
        if has_candidates and self._wrong_after is not None:
            tokens[self._wrong_after :] = [101] * (limit - self._wrong_after)
        return tokens

    def unload(self) -> None:
        self._spec = None

    def cancel(self) -> None:
        pass

    def close(self) -> None:
        self._spec = None


def _verify(rng: random.Random, sampler: Sampler) -> list[int]:
    """One iteration with one candidate."""
    candidate = _draw(rng, DRAFT)
    if sampler is Sampler.ALWAYS_ACCEPTS:
        return [candidate, _draw(rng, MAIN)]
    if rng.random() < min(1.0, MAIN[candidate] / DRAFT[candidate]):
        return [candidate, _draw(rng, MAIN)]
    left = [max(p - q, 0.0) for p, q in zip(MAIN, DRAFT, strict=True)]
    token = _draw(rng, left)
    return [_draw(rng, MAIN)] if sampler is Sampler.LOSES_A_TOKEN else [token]


def _draw(rng: random.Random, weights: Sequence[float]) -> int:
    return rng.choices(range(len(weights)), weights)[0]
