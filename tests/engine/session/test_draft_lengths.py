"""An answer with an automatic draft length, from the request to the next decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from engine.events import GenerationFinished, GenerationStarted, LengthDecided
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.metrics.report import LengthReason
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.session import InferenceSession
from tests.synthetic.pair import PairCosts, SyntheticBackend

if TYPE_CHECKING:
    from tests.engine.listener import Listener

DRAFT = LoadSpec(
    main_path="m", draft_path="d", strategy=Strategy.DRAFT, placement=Placement("CPU", "CPU")
)
AUTO = GenerationParams(max_new_tokens=200, auto_num_assistant_tokens=True)


@pytest.fixture
def session(listener: Listener) -> Iterator[InferenceSession]:
    costs = PairCosts(acceptance=0.85, noise=0.0)
    session = InferenceSession(SyntheticBackend(lambda _spec: costs, seed=2), listener)
    session.load(DRAFT)
    yield session
    assert session.close()


def ask(
    session: InferenceSession, listener: Listener, params: GenerationParams
) -> GenerationFinished:
    question = (ChatMessage(Role.USER, "?"),)
    ended = listener.terminal(session.generate(GenerationRequest(messages=question, params=params)))
    assert isinstance(ended, GenerationFinished)
    return ended


def test_each_answer_has_the_length_decided_before_it(
    session: InferenceSession, listener: Listener
) -> None:
    reports = [ask(session, listener, AUTO).report for _ in range(4)]
    decided = [event.decision for event in listener.of(LengthDecided)]
    started = listener.of(GenerationStarted)
    used = [report.params.num_assistant_tokens for report in reports]
    assert [report.length_decision for report in reports[1:]] == decided[:-1]
    assert used[1:] == [decision.num_assistant_tokens for decision in decided[:-1]]
    assert [event.params.num_assistant_tokens for event in started] == used
    assert [event.length_decision for event in started] == [r.length_decision for r in reports]
    assert decided[-1].reason is LengthReason.BEST_EXPECTED


def test_the_decision_is_told_before_the_end_of_the_answer(
    session: InferenceSession, listener: Listener
) -> None:
    ask(session, listener, AUTO)
    kinds = [type(event) for event in listener.events]
    assert kinds.index(LengthDecided) < kinds.index(GenerationFinished)


def test_set_lengths_are_left_alone_and_nothing_is_told(
    session: InferenceSession, listener: Listener
) -> None:
    report = ask(
        session, listener, GenerationParams(max_new_tokens=50, num_assistant_tokens=7)
    ).report
    assert report.params.num_assistant_tokens == 7
    assert report.length_decision is None
    assert not listener.of(LengthDecided)
