"""Plans over a synthetic pair, and a helper that runs them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import EngineError
from engine.lab.cells import ModelRef
from engine.lab.events import LabEvent
from engine.lab.plan import LabPlan
from engine.lab.prompts import prompt_set
from engine.lab.record import LabRecord
from engine.lab.runner import LabRun
from engine.lab.start import new_record
from engine.placement import LoadSpec
from engine.stop_token import StopToken
from tests.synthetic.pair import PairCosts, SyntheticBackend

PROMPTS = tuple(f"Question {number}?" for number in range(6))


def make_plan(**changes: Any) -> LabPlan:
    options: dict[str, Any] = {
        "main": ModelRef(name="big", path="/models/big"),
        "drafts": (ModelRef(name="small", path="/models/small"),),
        "prompt_sets": (prompt_set("story", PROMPTS),),
        "repeats": 2,
        "max_new_tokens": 40,
        "settle_s": 0.0,
        **changes,
    }
    return LabPlan(**options)


class Laboratory:
    """Runs records on synthetic backends and remembers what happened."""

    def __init__(self) -> None:
        self.events: list[LabEvent] = []
        self.saved: list[Any] = []
        self.costs: Callable[[LoadSpec], PairCosts] = lambda _spec: PairCosts()
        self.fail: Callable[[LoadSpec, bool], EngineError | None] = lambda _spec, _load: None
        self.backends = 0
        self.on_event: Callable[[LabEvent], None] = lambda _event: None

    def make_backend(self) -> SyntheticBackend:
        self.backends += 1
        return SyntheticBackend(
            self.costs,
            seed=self.backends,
            fail=self.fail,
        )

    def run(self, record: LabRecord, stop: StopToken | None = None) -> LabRecord:
        def sink(event: LabEvent) -> None:
            self.events.append(event)
            self.on_event(event)

        run = LabRun(record, make_backend=self.make_backend, sink=sink, save=self.saved.append)
        return run.run(stop or StopToken())

    def measure(self, **changes: Any) -> LabRecord:
        return self.run(new_record(make_plan(**changes)))


@pytest.fixture
def laboratory() -> Laboratory:
    return Laboratory()
