"""`VerifyRun`: answers with and without a strategy, compared. One pipeline at a time. Blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from engine.backends.base import InferenceBackend, Run
from engine.errors import Cancelled, EngineError, ErrorInfo
from engine.lab.cells import CellGroup
from engine.lab.measuring import BackendFactory
from engine.lab.plan import load_spec
from engine.lab.prompts import LabPrompt
from engine.messages import GenerationRequest
from engine.params import GenerationParams
from engine.placement import LoadSpec, Properties
from engine.placement_rules import Effect, check_load
from engine.stop_token import StopToken
from engine.verify.chi_square import compare_samples
from engine.verify.judgement import conclude, judge_greedy, judge_sampling
from engine.verify.plan import VerifyPlan
from engine.verify.report import (
    Divergence,
    GreedyCheck,
    Precision,
    Remark,
    SamplingCheck,
    Statement,
    VerifyReport,
)

Tokens = tuple[int, ...]
LogitGap = Callable[[LabPrompt, Tokens, int, int], float | None]
"""Logit of one token minus that of another, after a prompt and common tokens."""
OnProgress = Callable[[int, int], None]
"""Answers done and answers in all."""
T = TypeVar("T")
EXACT_PROPERTIES: Final[Properties] = (
    ("INFERENCE_PRECISION_HINT", "f32"),
    # Weights in 8 bits make the plugin quantize activations too, differently for one token and
    # for several: without this, f32 answers differ in one prompt of twenty.
    ("DYNAMIC_QUANTIZATION_GROUP_SIZE", 0),
)
_SAMPLED_TOKENS = 4
"""Two are compared. A draft needs room behind them, or it would propose nothing."""


class VerifyRun:
    """Runs a `VerifyPlan`.

    Guarantees: a part that fails is reported as not checked, the others go on.

    Args:
        make_backend: makes the backend of one load; closed before the next is made.
        logit_gap: explains differences; None leaves them unexplained.
    """

    def __init__(
        self,
        plan: VerifyPlan,
        *,
        make_backend: BackendFactory,
        on_progress: OnProgress = lambda _done, _total: None,
        logit_gap: LogitGap | None = None,
    ) -> None:
        self._plan = plan
        self._make_backend = make_backend
        self._on_progress = on_progress
        self._logit_gap = logit_gap
        self._stop = StopToken()
        self._done = 0
        self._errors: list[tuple[str, ErrorInfo]] = []
        self._versions: tuple[tuple[str, str], ...] = ()

    def run(self, stop: StopToken) -> VerifyReport:
        """Check everything; a stop leaves out what is not done."""
        self._stop = stop
        greedy = tuple(
            check
            for precision in self._plan.possible_precisions
            if (check := self._attempt(f"greedy_{precision}", partial(self._greedy, precision)))
        )
        refusal = self._sampling_refusal()
        sampling: tuple[SamplingCheck, ...] = ()
        if self._plan.samples and refusal is None:
            sampling = self._attempt("sampling", self._sampling) or ()
        remarks = self._remarks(greedy, sampling, refusal)
        cell = self._plan.cell
        return VerifyReport(
            main=self._plan.plan.main.name,
            group=cell.group,
            num_assistant_tokens=cell.num_assistant_tokens,
            greedy=greedy,
            sampling=sampling,
            errors=tuple(self._errors),
            remarks=remarks,
            conclusion=conclude(greedy, remarks, self._errors),
            versions=self._versions,
        )

    def _attempt(self, part: str, check: Callable[[], T]) -> T | None:
        if self._stop.is_set():
            return None
        try:
            return check()
        except Cancelled:
            return None
        except EngineError as error:
            self._errors.append((part, error.to_info()))
            return None

    def _remarks(
        self, greedy: Sequence[GreedyCheck], sampling: Sequence[SamplingCheck], refusal: str | None
    ) -> tuple[Remark, ...]:
        remarks = [judge_greedy(check) for check in greedy]
        if self._plan.samples and refusal is not None:
            facts = (("reason", refusal),)
            remarks.append(Remark(statement=Statement.SAMPLING_NOT_OFFERED, facts=facts))
        if (judged := judge_sampling(sampling)) is not None:
            remarks.append(judged)
        for part, error in self._errors:
            facts_of_error = (("part", part), ("code", str(error.code)))
            remarks.append(Remark(statement=Statement.NOT_CHECKED, facts=facts_of_error))
        if self._stop.is_set():
            remarks.append(Remark(statement=Statement.STOPPED))
        return tuple(remarks)

    def _greedy(self, precision: Precision) -> GreedyCheck:
        plan = self._plan
        plain = self._answers(plan.plain_group, precision, None)
        ours = self._answers(plan.cell.group, precision, plan.cell.num_assistant_tokens)
        divergences = tuple(
            self._explain(divergence, plan.prompts[index], before)
            for index, (theirs, mine) in enumerate(zip(plain, ours, strict=True))
            for divergence, before in _first_difference(index, theirs, mine)
        )
        return GreedyCheck(
            precision=precision,
            prompts=len(plan.prompts),
            tokens=sum(len(tokens) for tokens in plain),
            divergences=divergences,
        )

    def _answers(self, group: CellGroup, precision: Precision, length: int | None) -> list[Tokens]:
        params = GenerationParams(
            temperature=0.0,
            repetition_penalty=1.0,
            max_new_tokens=self._plan.max_new_tokens,
            num_assistant_tokens=length,
        )
        backend = self._load(self._spec(group, precision=precision))
        try:
            return [self._ask(backend, prompt, params) for prompt in self._plan.prompts]
        finally:
            backend.close()

    def _spec(self, group: CellGroup, *, precision: Precision, sampling: bool = False) -> LoadSpec:
        # As answers are given: a threshold is never verified.
        spec = load_spec(self._plan.plan, group)
        spec = replace(spec, sampling=sampling, greedy_draft=spec.draft_path is not None)
        if precision is Precision.DEFAULT or spec.placement.uses_npu:
            return spec
        return replace(
            spec,
            main_properties=(*spec.main_properties, *EXACT_PROPERTIES),
            draft_properties=(*(spec.draft_properties or ()), *EXACT_PROPERTIES)
            if group.draft
            else None,
        )

    def _load(self, spec: LoadSpec) -> InferenceBackend:
        backend = self._make_backend()
        self._stop.on_set(backend.cancel)
        try:
            loaded = backend.load(spec, on_phase=lambda _phase: None)
        except EngineError:
            backend.close()
            raise
        self._versions = loaded.versions
        return backend

    def _ask(
        self, backend: InferenceBackend, prompt: LabPrompt, params: GenerationParams
    ) -> Tokens:
        if self._stop.is_set():
            raise Cancelled("The verification was stopped.")
        tokens: list[int] = []

        def take(run: Run) -> None:
            tokens.extend(run.token_ids)

        request = GenerationRequest(messages=prompt.messages, params=params)
        backend.generate(request, on_run=take, stop=self._stop)
        self._done += 1
        self._on_progress(self._done, self._plan.answers)
        return tuple(tokens)

    def _explain(self, divergence: Divergence, prompt: LabPrompt, before: Tokens) -> Divergence:
        plain, other = divergence.plain_token, divergence.strategy_token
        if self._logit_gap is None or plain is None or other is None:
            return divergence
        return replace(divergence, logit_gap=self._logit_gap(prompt, before, plain, other))

    def _sampling_refusal(self) -> str | None:
        """Why this cell cannot sample, None when it can."""
        spec = self._spec(self._plan.cell.group, precision=Precision.DEFAULT, sampling=True)
        refused = [f for f in check_load(spec) if f.effect is Effect.REFUSED]
        return str(refused[0].code) if refused else None

    def _sampling(self) -> tuple[SamplingCheck, ...]:
        plan = self._plan
        length = plan.cell.num_assistant_tokens
        plain = self._sampled(plan.plain_group, None)
        ours = self._sampled(plan.cell.group, length)
        return tuple(
            SamplingCheck(
                prompt_index=index,
                temperature=plan.temperature,
                first_token=compare_samples(_heads(theirs, 1), _heads(mine, 1)),
                first_two_tokens=compare_samples(_heads(theirs, 2), _heads(mine, 2)),
            )
            for index, (theirs, mine) in enumerate(zip(plain, ours, strict=True))
        )

    def _sampled(self, group: CellGroup, length: int | None) -> list[list[Tokens]]:
        """Answers per prompt. Two pipelines never share a seed: equal draws are no evidence."""
        plan = self._plan
        first_seed = plan.seed * 1_000_003 + (0 if group == plan.plain_group else 500_000)
        params = GenerationParams(
            temperature=plan.temperature,
            repetition_penalty=1.0,
            top_p=1.0,
            top_k=0,
            max_new_tokens=_SAMPLED_TOKENS,
            num_assistant_tokens=length,
            ignore_eos=True,
        )
        spec = self._spec(group, precision=Precision.F32, sampling=True)
        backend = self._load(spec)
        try:
            return [
                [
                    self._ask(backend, prompt, replace(params, seed=first_seed + number))
                    for number in range(plan.samples)
                ]
                for prompt in plan.prompts[: plan.sampling_prompts]
            ]
        finally:
            backend.close()


def _heads(answers: Sequence[Tokens], count: int) -> Iterator[Tokens]:
    return (tokens[:count] for tokens in answers)


def _first_difference(
    index: int, plain: Tokens, ours: Tokens
) -> Iterator[tuple[Divergence, Tokens]]:
    """The divergence of two answers and the tokens before it; nothing when they are equal."""
    if plain == ours:
        return
    common = zip(plain, ours, strict=False)
    position = next((i for i, (a, b) in enumerate(common) if a != b), min(len(plain), len(ours)))
    divergence = Divergence(
        prompt_index=index,
        position=position,
        plain_token=plain[position] if position < len(plain) else None,
        strategy_token=ours[position] if position < len(ours) else None,
    )
    yield divergence, plain[:position]
