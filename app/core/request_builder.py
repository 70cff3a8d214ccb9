"""Makes the request of the next answer: settings of the chat, messages that fit the context.

It remembers the last request, so that one that was too long can be asked again, shorter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.generation_settings import GenerationSettings
from app.core.overflow import Fitted, fit, prompt_budget, without_oldest
from app.core.preferences import Overflow
from app.core.token_estimate import TokenEstimator
from engine.errors import ErrorCode, ErrorInfo
from engine.events import LoadedPipeline
from engine.messages import ChatMessage, GenerationRequest
from engine.metrics.report import GenerationReport
from engine.params import GenerationParams
from engine.placement import LoadSpec, Strategy
from engine.placement_rules import Effect, check_params, prompt_limit_of, reserved_tokens

if TYPE_CHECKING:
    from app.core.context_meter import ContextUse, MeasuredChat

_DISPENSABLE = frozenset({"assistant_confidence_threshold", "repetition_penalty"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBasis:
    """What a request depends on besides its messages."""

    settings: GenerationSettings
    strategy: Strategy
    num_assistant_tokens: int
    overflow: Overflow = Overflow.STOP


class RequestBuilder:
    """Guarantees: the system prompt and the last message are never left out."""

    def __init__(self, basis: Callable[[], RequestBasis]) -> None:
        self._basis = basis
        self._estimator = TokenEstimator()
        self._context: int | None = None
        self._prompt_limit: int | None = None
        self._main_name = ""
        self._spec: LoadSpec | None = None
        self._request: GenerationRequest | None = None
        self._asked_basis: RequestBasis | None = None
        self._fitted = Fitted(messages=())
        self._measured: tuple[tuple[ChatMessage, ...], MeasuredChat] | None = None

    @property
    def settings(self) -> GenerationSettings:
        """Of the present chat."""
        return self._basis().settings

    @property
    def system_prompt(self) -> str:
        """Of the present chat."""
        return self.settings.system_prompt

    @property
    def dropped(self) -> int:
        """Exchanges that the last request left out."""
        return self._fitted.dropped

    def use_pipeline(self, pipeline: LoadedPipeline) -> None:
        """Take the limits of what was loaded; another main model has another tokenizer."""
        self._spec = spec = pipeline.spec
        context, length = pipeline.context_length, spec.num_assistant_tokens
        reserved = reserved_tokens(spec, GenerationParams(num_assistant_tokens=length))
        self._context = None if context is None else max(1, context - reserved)
        self._prompt_limit = prompt_limit_of(spec)
        if pipeline.main_name != self._main_name:
            self._main_name, self._measured = pipeline.main_name, None
            self._estimator.forget()

    def build(
        self, messages: tuple[ChatMessage, ...], *, settings: GenerationSettings | None = None
    ) -> GenerationRequest:
        """The request for these messages, without the oldest ones where the policy says so.

        `settings`: of their chat, when it is not the present one.
        """
        basis = self._basis()
        if settings is not None:
            basis = replace(basis, settings=settings)
        self._asked_basis = basis
        self._fitted = fit(
            messages, budget=self._budget(basis), count=self._count, policy=basis.overflow
        )
        params = basis.settings.to_params(
            strategy=basis.strategy, num_assistant_tokens=basis.num_assistant_tokens
        )
        self._request = GenerationRequest(
            messages=self._fitted.messages,
            params=params if self._spec is None else usable(self._spec, params),
            enable_thinking=basis.settings.enable_thinking,
        )
        return self._request

    def shorter(self, error: ErrorInfo) -> GenerationRequest | None:
        """What to ask instead of a request that was too long; None when nothing can be left out."""
        request, basis = self._request, self._asked_basis or self._basis()
        is_too_long = error.code is ErrorCode.PROMPT_TOO_LONG
        if request is None or not is_too_long or basis.overflow is Overflow.STOP:
            return None
        facts = dict(error.facts)
        prompt_tokens, limit = facts.get("prompt_tokens"), facts.get("limit")
        if isinstance(prompt_tokens, int):
            self._estimator.learn(request.messages, prompt_tokens)
        shorter = without_oldest(self._fitted)
        if shorter is None:
            return None
        limits = (self._budget(basis), limit if isinstance(limit, int) else None)
        budget = min((limit for limit in limits if limit is not None), default=None)
        fitted = fit(shorter.messages, budget=budget, count=self._count, policy=basis.overflow)
        self._fitted = replace(fitted, dropped=shorter.dropped + fitted.dropped)
        self._request = replace(request, messages=fitted.messages)
        return self._request

    def learn(self, report: GenerationReport) -> None:
        """Take the tokenizer's count of the last request."""
        from app.core.context_meter import MeasuredChat  # not before the first paint

        request = self._request
        if request is None or not report.prompt_tokens:
            return
        self._estimator.learn(request.messages, report.prompt_tokens)
        count = len(request.messages) + (0 if request.begun_answer else 1)
        measured = MeasuredChat(
            message_count=count, tokens=report.prompt_tokens + report.token_count
        )
        self._measured = (request.messages, measured)

    def use(self, messages: tuple[ChatMessage, ...], writing: str) -> ContextUse:
        """How full the context is.

        Args:
            messages: of the chat, the system prompt included.
            writing: the message being written with its attached texts.
        """
        from app.core.context_meter import context_use

        basis = self._basis()
        return context_use(
            messages,
            writing,
            estimator=self._estimator,
            measured=self._measured_part(messages),
            context=self._context,
            prompt_limit=self._prompt_limit,
            answer=basis.settings.max_new_tokens,
            policy=basis.overflow,
        )

    def estimate(self, text: str) -> int:
        """Estimated tokens of a text."""
        return self._estimator.of_text(text)

    def _measured_part(self, messages: tuple[ChatMessage, ...]) -> MeasuredChat | None:
        if self._measured is None:
            return None
        asked, measured = self._measured
        # An edited chat, or another one, was not counted.
        return measured if messages[: len(asked)] == asked else None

    def _budget(self, basis: RequestBasis) -> int | None:
        return prompt_budget(
            context=self._context,
            prompt_limit=self._prompt_limit,
            answer=basis.settings.max_new_tokens,
        )

    def _count(self, messages: Sequence[ChatMessage]) -> int:
        return self._estimator.of_messages(messages)


def usable(spec: LoadSpec, params: GenerationParams) -> GenerationParams:
    """The parameters without those that the settings show as “not used here”."""
    refused = {
        finding.subject
        for finding in check_params(spec, params)
        if finding.effect is Effect.REFUSED
    }
    return replace(params, **dict.fromkeys(refused & _DISPENSABLE))  # type: ignore[arg-type]
