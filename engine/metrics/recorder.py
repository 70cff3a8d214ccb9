"""Turns the runs of one answer into live figures and the final report.

It counts; every formula lives in `definitions`.
"""

from __future__ import annotations

from collections import deque

from engine.events import LoadedPipeline
from engine.metrics import definitions
from engine.metrics.report import GenerationReport, LiveStats, RuntimeFigures
from engine.params import GenerationParams
from engine.placement import Strategy

RECENT_WINDOW_S = 1.0


class RunRecorder:
    """Counts the runs of one answer.

    Guarantees: `observe` costs the same however long the answer is; live and final figures come
    from the same formulas.

    Args:
        num_assistant_tokens: draft length; None means the runtime's default.
        max_new_tokens: most tokens of this answer, None when only the context ends it.
        adaptive: the runtime varies the draft length by itself (NPU paths).
        dynamic: a confidence threshold ends each draft, so live `drafted` is unknown.
        context_length: most tokens of prompt and answer, None when unknown.
    """

    def __init__(
        self,
        num_assistant_tokens: int | None,
        *,
        max_new_tokens: int | None,
        strategy: Strategy,
        adaptive: bool = False,
        dynamic: bool = False,
        context_length: int | None = None,
    ) -> None:
        self._seed = num_assistant_tokens or definitions.DEFAULT_NUM_ASSISTANT_TOKENS
        self._candidates = self._seed
        self._max_new_tokens = max_new_tokens
        self._strategy = strategy
        self._adaptive = adaptive
        self._dynamic = dynamic
        self._context_length = context_length
        self._lengths: list[int] = []
        self._times: list[float] = []
        self._token_count = 0
        self._accepted = 0
        self._drafted = 0
        self._recent: deque[tuple[float, int, int, int]] = deque()
        self._recent_tokens = self._recent_accepted = self._recent_drafted = 0

    @classmethod
    def for_answer(cls, pipeline: LoadedPipeline, params: GenerationParams) -> RunRecorder:
        """The recorder that fits a loaded pipeline and the parameters of one answer."""
        spec = pipeline.spec
        return cls(
            params.num_assistant_tokens or spec.num_assistant_tokens,
            max_new_tokens=params.max_new_tokens or pipeline.defaults.max_new_tokens,
            strategy=spec.strategy,
            adaptive=spec.placement.uses_npu,
            dynamic=params.assistant_confidence_threshold is not None,
            context_length=pipeline.context_length,
        )

    def observe(self, run_length: int, at_s: float) -> LiveStats:
        """Count one run and return the figures so far; see `count`."""
        self.count(run_length, at_s)
        return self.live()

    def count(self, run_length: int, at_s: float) -> None:
        """Count one run.

        Args:
            run_length: tokens in the run; 0 (held-back text) is not counted.
            at_s: when it arrived, seconds since the engine was asked.
        """
        if run_length > 0:
            self._count(run_length, at_s)

    def _count(self, run_length: int, at_s: float) -> None:
        accepted = drafted = 0
        if self._lengths:
            accepted = definitions.accepted_in_run(run_length)
            drafted = self._draft_of_next_run()
            if self._adaptive:
                self._candidates = definitions.next_adaptive_length(
                    self._candidates, seed=self._seed, matched=accepted
                )
        self._lengths.append(run_length)
        self._times.append(at_s)
        self._token_count += run_length
        self._accepted += accepted
        self._drafted += drafted
        self._remember((at_s, run_length, accepted, drafted))

    def _draft_of_next_run(self) -> int:
        limit = self._max_new_tokens
        remaining = None if limit is None else limit - self._token_count
        return definitions.drafted_in_run(self._candidates, remaining=remaining)

    def _remember(self, entry: tuple[float, int, int, int]) -> None:
        self._recent.append(entry)
        self._recent_tokens += entry[1]
        self._recent_accepted += entry[2]
        self._recent_drafted += entry[3]
        # Two runs are kept however slow the model is, or the rate would vanish below 1 run/s.
        while len(self._recent) > 2 and entry[0] - self._recent[0][0] > RECENT_WINDOW_S:
            _, length, accepted, drafted = self._recent.popleft()
            self._recent_tokens -= length
            self._recent_accepted -= accepted
            self._recent_drafted -= drafted

    def live(self) -> LiveStats:
        """The figures so far."""
        if not self._lengths:
            return LiveStats(token_count=0, elapsed_s=0.0)
        tpot = self._tpot_s()
        accepted = self._accepted if self._has_candidates else None
        drafted = self._drafted if self._counts_drafts else None
        recent_drafted = self._recent_drafted if self._counts_drafts else None
        return LiveStats(
            token_count=self._token_count,
            elapsed_s=self._times[-1],
            ttft_s=definitions.ttft_s(self._times),
            tpot_s=tpot,
            tokens_per_s=definitions.tokens_per_s(tpot),
            recent_tokens_per_s=self._recent_rate(),
            accepted=accepted,
            drafted=drafted,
            acceptance_rate=definitions.acceptance_rate(accepted, drafted),
            recent_acceptance_rate=definitions.acceptance_rate(
                self._recent_accepted, recent_drafted
            ),
            mean_acceptance_length=self._mean_acceptance_length(),
            last_run_length=self._lengths[-1],
        )

    @property
    def _has_candidates(self) -> bool:
        return self._strategy is not Strategy.NONE

    @property
    def _counts_drafts(self) -> bool:
        """Prompt lookup proposes nothing where nothing matches, which run lengths do not show."""
        return self._strategy is Strategy.DRAFT and not self._dynamic

    def _tpot_s(self) -> float | None:
        return definitions.tpot_s(
            first_at_s=self._times[0],
            last_at_s=self._times[-1],
            token_count=self._token_count,
            first_run_length=self._lengths[0],
        )

    def _recent_rate(self) -> float | None:
        first, last = self._recent[0], self._recent[-1]
        return definitions.tokens_per_s(
            definitions.tpot_s(
                first_at_s=first[0],
                last_at_s=last[0],
                token_count=self._recent_tokens,
                first_run_length=first[1],
            )
        )

    def _mean_acceptance_length(self) -> float | None:
        if not self._has_candidates:
            return None
        return definitions.mean_acceptance_length(
            token_count=self._token_count,
            first_run_length=self._lengths[0] if self._lengths else 0,
            run_count=len(self._lengths),
        )

    def report(
        self,
        *,
        finish_reason: str,
        strategy: str,
        main_name: str,
        draft_name: str | None,
        main_device: str,
        draft_device: str | None,
        params: GenerationParams,
        prompt_tokens: int | None,
        versions: tuple[tuple[str, str], ...],
        runtime: RuntimeFigures,
    ) -> GenerationReport:
        """The final figures. `prompt_tokens` None falls back on the runtime's count."""
        prompt = runtime.prompt_tokens if prompt_tokens is None else prompt_tokens
        tpot = self._tpot_s() if self._lengths else None
        accepted = self._accepted if self._has_candidates else None
        drafted = self._final_drafted(prompt, runtime)
        return GenerationReport(
            finish_reason=finish_reason,
            strategy=strategy,
            main_name=main_name,
            draft_name=draft_name,
            main_device=main_device,
            draft_device=draft_device,
            params=params,
            token_count=self._token_count,
            prompt_tokens=prompt,
            elapsed_s=self._times[-1] if self._times else 0.0,
            ttft_s=definitions.ttft_s(self._times),
            tpot_s=tpot,
            tokens_per_s=definitions.tokens_per_s(tpot),
            accepted=accepted,
            drafted=drafted,
            acceptance_rate=definitions.acceptance_rate(accepted, drafted),
            mean_acceptance_length=self._mean_acceptance_length(),
            run_lengths=tuple(self._lengths),
            run_times_s=tuple(self._times),
            versions=versions,
            runtime=runtime,
        )

    def _final_drafted(self, prompt_tokens: int | None, runtime: RuntimeFigures) -> int | None:
        if self._strategy is not Strategy.DRAFT:
            return None
        if self._dynamic:
            return runtime.draft_steps
        limits = [self._max_new_tokens] if self._max_new_tokens is not None else []
        if self._context_length is not None and prompt_tokens is not None:
            limits.append(self._context_length - prompt_tokens)
        return definitions.drafted(
            self._lengths,
            num_assistant_tokens=self._seed,
            max_new_tokens=min(limits, default=None),
            adaptive=self._adaptive,
        )
