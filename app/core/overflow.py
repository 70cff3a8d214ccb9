"""Makes the messages of a request fit into a context: stops, or leaves out the oldest exchanges.

Pure; it knows no tokenizer, only a function that counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.preferences import Overflow
from engine.messages import ChatMessage, Role

Count = Callable[[Sequence[ChatMessage]], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Messages that are sent, and how many exchanges were left out."""

    messages: tuple[ChatMessage, ...]
    dropped: int = 0


def prompt_budget(*, context: int | None, prompt_limit: int | None, answer: int) -> int | None:
    """Tokens a prompt may have, None when nothing is known.

    Args:
        context: most tokens of prompt and answer.
        prompt_limit: most tokens of the prompt, where that has a limit of its own.
        answer: max_new_tokens; at most a quarter of the context is kept free for it.
    """
    limits = [] if prompt_limit is None else [prompt_limit]
    if context is not None:
        limits.append(max(1, context - min(answer, context // 4) - 1))
    return min(limits, default=None)


def fit(
    messages: Sequence[ChatMessage], *, budget: int | None, count: Count, policy: Overflow
) -> Fitted:
    """Leave out the oldest exchanges until the rest fits, when `policy` says so.

    The system prompt and the last message always stay, so the result may still be too long.
    """
    whole = Fitted(messages=tuple(messages))
    if policy is Overflow.STOP or budget is None:
        return whole
    fitted = whole
    while count(fitted.messages) > budget:
        shorter = without_oldest(fitted)
        if shorter is None:
            return fitted
        fitted = shorter
    return fitted


def without_oldest(fitted: Fitted) -> Fitted | None:
    """The same without one more exchange; None when only the last message is left."""
    messages = fitted.messages
    first = 1 if messages and messages[0].role is Role.SYSTEM else 0
    later_users = [
        index for index in range(first + 1, len(messages)) if messages[index].role is Role.USER
    ]
    if not later_users:
        return None
    kept = (*messages[:first], *messages[later_users[0] :])
    return Fitted(messages=kept, dropped=fitted.dropped + 1)
