"""The command line sets a draft aside that does not pay, and takes it back."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.cli.chat import Chat
from engine.cli.output import TextOutput
from engine.events import EngineEvent, FinishReason, PipelineLoaded
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.session import InferenceSession
from tests.synthetic.pair import PairCosts, SyntheticBackend

SPEC = LoadSpec(
    main_path="m", draft_path="d", strategy=Strategy.DRAFT, placement=Placement("CPU", "CPU")
)
AUTO = GenerationParams(max_new_tokens=200, auto_num_assistant_tokens=True)


class Table:
    """A chat whose costs can be changed."""

    def __init__(self) -> None:
        self.costs = PairCosts(acceptance=0.1, draft_step_s=0.02, noise=0.0)
        self.loaded: list[Strategy] = []
        events: queue.SimpleQueue[EngineEvent] = queue.SimpleQueue()

        def sink(event: EngineEvent) -> None:
            if isinstance(event, PipelineLoaded):
                self.loaded.append(event.pipeline.spec.strategy)
            events.put(event)

        self.session = InferenceSession(SyntheticBackend(lambda _spec: self.costs), sink)
        self.chat = Chat(self.session, events, TextOutput())

    def turn(self) -> None:
        assert self.chat.follow_decision() is None
        ended = self.chat.ask("?", params=AUTO, enable_thinking=None)
        assert ended is FinishReason.LENGTH


@pytest.fixture
def table() -> Iterator[Table]:
    table = Table()
    assert table.chat.load(SPEC) is None
    yield table
    assert table.session.close()


def test_a_draft_that_does_not_pay_is_set_aside(
    table: Table, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(4):
        table.turn()
    assert table.loaded == [Strategy.DRAFT, Strategy.NONE]
    remark = capsys.readouterr().err
    assert "the draft is set aside: plain decoding is faster (best draft length: 1 token" in remark


def test_it_comes_back_when_plain_decoding_is_slower_than_thought(table: Table) -> None:
    for _ in range(4):
        table.turn()
    table.costs = replace(table.costs, main_step_s=0.2)
    for _ in range(6):
        table.turn()
    assert table.loaded[:3] == [Strategy.DRAFT, Strategy.NONE, Strategy.DRAFT]
