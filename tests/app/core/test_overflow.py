"""What is left out of a long chat, and how full the context is said to be."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.context_meter import ContextUse, MeasuredChat, context_use
from app.core.overflow import Fitted, fit, prompt_budget, without_oldest
from app.core.preferences import Overflow
from app.core.token_estimate import TokenEstimator
from engine.messages import ChatMessage, Role

SYSTEM = ChatMessage(Role.SYSTEM, "be kind")


def chat(turns: int, *, system: bool = True) -> list[ChatMessage]:
    """Complete exchanges, then a question."""
    messages = [SYSTEM] if system else []
    for number in range(turns):
        messages += [
            ChatMessage(Role.USER, f"question {number}"),
            ChatMessage(Role.ASSISTANT, f"answer {number}"),
        ]
    return [*messages, ChatMessage(Role.USER, "last")]


def count(messages: Sequence[ChatMessage]) -> int:
    """Ten tokens a message."""
    return 10 * len(messages)


@given(turns=st.integers(0, 20), system=st.booleans(), budget=st.integers(1, 500))
def test_the_system_prompt_and_the_last_message_stay(turns: int, system: bool, budget: int) -> None:
    messages = chat(turns, system=system)
    fitted = fit(messages, budget=budget, count=count, policy=Overflow.DROP_OLDEST)
    assert fitted.messages[-1] == messages[-1]
    assert (fitted.messages[0] == SYSTEM) is system
    assert count(fitted.messages) <= budget or fitted.dropped == turns
    assert len(messages) - len(fitted.messages) == 2 * fitted.dropped
    kept = [m for m in fitted.messages if m.role is not Role.SYSTEM]
    assert kept == messages[len(messages) - len(kept) :]
    roles = [message.role for message in kept]
    assert roles == [Role.USER, Role.ASSISTANT] * (len(roles) // 2) + [Role.USER]


@given(turns=st.integers(0, 20), budget=st.integers(1, 500))
def test_no_more_is_left_out_than_needed(turns: int, budget: int) -> None:
    fitted = fit(chat(turns), budget=budget, count=count, policy=Overflow.DROP_OLDEST)
    if fitted.dropped:
        assert count(fitted.messages) + 20 > budget


@pytest.mark.parametrize(("policy", "budget"), [(Overflow.STOP, 5), (Overflow.DROP_OLDEST, None)])
def test_nothing_is_left_out_unasked(policy: Overflow, budget: int | None) -> None:
    messages = chat(3)
    assert fit(messages, budget=budget, count=count, policy=policy) == Fitted(
        messages=tuple(messages)
    )


def test_only_the_last_message_cannot_be_shortened() -> None:
    assert without_oldest(Fitted(messages=tuple(chat(0)))) is None
    assert without_oldest(Fitted(messages=())) is None


@pytest.mark.parametrize(
    ("context", "limit", "answer", "budget"),
    [
        (None, None, 512, None),
        (4096, None, 512, 3583),
        (1000, None, 4096, 749),
        (1152, 1024, 128, 1023),
        (None, 1024, 9, 1024),
    ],
)
def test_the_budget_leaves_room_for_the_answer(
    context: int | None, limit: int | None, answer: int, budget: int | None
) -> None:
    assert prompt_budget(context=context, prompt_limit=limit, answer=answer) == budget


def test_the_estimate_learns_from_a_count() -> None:
    estimator = TokenEstimator()
    messages = chat(5)
    estimator.learn(messages, 400)
    assert abs(estimator.of_messages(messages) - 400) <= 1
    estimator.learn(messages, 200)
    assert abs(estimator.of_messages(messages) - 300) <= 1
    estimator.forget()
    assert not estimator.is_calibrated


def test_chinese_counts_more_than_english_of_the_same_length() -> None:
    estimator = TokenEstimator()
    assert estimator.of_text("投机解码很快" * 20) > 2 * estimator.of_text("abcdef" * 20)


def use(messages: list[ChatMessage], writing: str = "", **changes: object) -> ContextUse:
    arguments = {
        "estimator": TokenEstimator(),
        "measured": None,
        "context": 1000,
        "prompt_limit": None,
        "answer": 100,
        "policy": Overflow.STOP,
    }
    return context_use(messages, writing, **(arguments | changes))  # type: ignore[arg-type]


def test_a_measured_chat_is_told_from_an_estimated_one() -> None:
    messages = chat(2)[:-1]
    measured = MeasuredChat(message_count=len(messages), tokens=123)
    assert use(messages, measured=measured).used == 123
    assert use(messages, measured=measured).is_measured
    assert not use([*messages, *chat(1)], measured=measured).is_measured
    assert not use(messages).is_measured
    assert use([]).used == 0


def test_the_meter_tells_what_would_be_left_out() -> None:
    messages = chat(10)[:-1]
    measured = MeasuredChat(message_count=len(messages), tokens=880)
    stop = use(messages, "more words " * 30, measured=measured)
    assert stop.is_over
    assert stop.dropped == 0
    drop = use(messages, "more words " * 30, measured=measured, policy=Overflow.DROP_OLDEST)
    assert not drop.is_over
    assert drop.dropped >= 1
    assert drop.share == pytest.approx(drop.total / 1000)


def test_without_a_known_context_nothing_is_over() -> None:
    unknown = use(chat(50), "word " * 5000, context=None)
    assert (unknown.share, unknown.budget, unknown.is_over) == (None, None, False)
