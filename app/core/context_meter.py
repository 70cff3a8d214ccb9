"""How full the context is: what was measured, what is estimated, what would be left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.overflow import fit, prompt_budget
from app.core.preferences import Overflow
from app.core.token_estimate import TokenEstimator
from engine.messages import ChatMessage, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextUse:
    """Tokens of a chat against the context of the loaded model."""

    used: int
    """Of the chat so far."""
    is_measured: bool
    """Whether `used` is the tokenizer's count; else it is estimated."""
    writing: int
    """Estimated, of the message being written."""
    context: int | None
    """Most tokens of prompt and answer; None when the model does not say."""
    budget: int | None
    """Most tokens of the prompt, the answer's share taken off; None when unknown."""
    prompt_limit: int | None
    """Most tokens of the prompt, where that has a limit of its own, as on an NPU."""
    dropped: int
    """Exchanges that would be left out now."""
    is_over: bool
    """Whether the next message would not fit."""

    @property
    def total(self) -> int:
        """Everything the next prompt holds."""
        return self.used + self.writing

    @property
    def free(self) -> int | None:
        """Tokens the next message may still have; None when nothing is known."""
        return None if self.budget is None else max(0, self.budget - self.used)

    @property
    def share(self) -> float | None:
        """Part of the context in use, 0..1; None when its length is unknown."""
        return None if not self.context else min(1.0, self.total / self.context)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredChat:
    """What the last report says: `message_count` messages had `tokens` tokens, answer included."""

    message_count: int
    tokens: int


def context_use(
    messages: Sequence[ChatMessage],
    writing: str,
    *,
    estimator: TokenEstimator,
    measured: MeasuredChat | None,
    context: int | None,
    prompt_limit: int | None,
    answer: int,
    policy: Overflow,
) -> ContextUse:
    """Work out the use of a context.

    Args:
        messages: what the next request would hold, without the message being written.
        writing: the message being written, with its attached texts.
        measured: from the last report, when it belongs to the first messages of this chat.
        answer: max_new_tokens.
    """
    used, is_measured = _used(messages, estimator, measured)
    text = ChatMessage(Role.USER, writing)
    extra = estimator.of_messages([text]) if writing.strip() else 0
    budget = prompt_budget(context=context, prompt_limit=prompt_limit, answer=answer)

    def count(rest: Sequence[ChatMessage]) -> int:
        """What is left of the chat, by the measured count scaled to what was left out."""
        whole = estimator.of_messages([*messages, text])
        share = estimator.of_messages(rest) / whole if whole else 0.0
        return round(share * (used + extra))

    fitted = fit([*messages, text], budget=budget, count=count, policy=policy)
    return ContextUse(
        used=used,
        is_measured=is_measured,
        writing=extra,
        context=context,
        budget=budget,
        prompt_limit=prompt_limit,
        dropped=fitted.dropped,
        is_over=budget is not None and count(fitted.messages) > budget,
    )


def _used(
    messages: Sequence[ChatMessage], estimator: TokenEstimator, measured: MeasuredChat | None
) -> tuple[int, bool]:
    if not messages:
        return 0, True
    if measured is None or measured.message_count > len(messages):
        return estimator.of_messages(messages), False
    rest = messages[measured.message_count :]
    return measured.tokens + estimator.of_messages(rest), not rest
