"""Values shared by the tests of the Qt-free core."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.metrics.report import GenerationReport, RuntimeFigures
from engine.params import GenerationParams


@pytest.fixture
def make_report() -> Callable[..., GenerationReport]:
    """A report with plausible figures; keywords replace fields."""

    def make(**changes: Any) -> GenerationReport:
        fields: dict[str, Any] = {
            "finish_reason": "end",
            "strategy": "draft",
            "main_name": "main",
            "draft_name": "draft",
            "main_device": "CPU",
            "draft_device": "CPU",
            "params": GenerationParams(),
            "token_count": 1234,
            "prompt_tokens": 12,
            "elapsed_s": 10.0,
            "ttft_s": 0.21,
            "tpot_s": 0.007,
            "tokens_per_s": 142.3,
            "accepted": 800,
            "drafted": 1000,
            "acceptance_rate": 0.8,
            "mean_acceptance_length": 3.41,
            "run_lengths": (1, 4, 3),
            "run_times_s": (0.1, 0.2, 0.3),
            "versions": (),
            "runtime": RuntimeFigures(),
        }
        return GenerationReport(**{**fields, **changes})

    return make
