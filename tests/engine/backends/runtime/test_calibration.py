"""Figures against cases whose answer is known, and equal text whatever proposes the tokens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.backends.openvino_backend import OpenVinoBackend
from engine.params import GenerationParams
from engine.placement import Strategy
from tests.engine.backends.runtime.conftest import Pair
from tests.tiny_models.asking import ask, load, make_spec, measure
from tests.tiny_models.folder import write_model

pytestmark = pytest.mark.openvino

QUESTION = "Tell me a story about a dog."


@pytest.fixture(scope="module")
def perfect(embedded: Pair) -> Iterator[OpenVinoBackend]:
    """The main model as its own draft model."""
    backend = OpenVinoBackend()
    load(backend, make_spec(embedded.main, embedded.main))
    yield backend
    backend.close()


@pytest.mark.parametrize("length", [2, 3, 4, 5])
def test_a_perfect_draft_is_always_accepted(
    perfect: OpenVinoBackend, embedded: Pair, length: int
) -> None:
    params = GenerationParams(
        max_new_tokens=1 + 12 * (length + 1), num_assistant_tokens=length, ignore_eos=True
    )
    spec = make_spec(embedded.main, embedded.main)
    reply = ask(
        perfect,
        QUESTION,
        max_new_tokens=params.max_new_tokens,
        num_assistant_tokens=length,
        ignore_eos=True,
    )
    report = measure(reply, spec, params)
    assert report.run_lengths == (1, *[length + 1] * 12)
    assert report.acceptance_rate == 1.0
    assert report.mean_acceptance_length == length + 1
    assert report.accepted == report.drafted == 12 * length


def test_a_useless_draft_is_hardly_accepted(
    backend: OpenVinoBackend, tiny: Pair, tmp_path: Path
) -> None:
    spec = make_spec(tiny.main, write_model(tmp_path / "stranger", seed=99))
    load(backend, spec)
    params = GenerationParams(max_new_tokens=30, ignore_eos=True)
    report = measure(ask(backend, "Hi", max_new_tokens=30, ignore_eos=True), spec, params)
    assert report.acceptance_rate is not None
    assert report.acceptance_rate < 0.1
    assert report.token_count == 30


@pytest.mark.parametrize("length", [2, 5, 8])
def test_drafted_agrees_with_the_runtimes_draft_steps(
    backend: OpenVinoBackend, embedded: Pair, length: int
) -> None:
    spec = make_spec(embedded.main, embedded.draft)
    load(backend, spec)
    wishes: dict[str, Any] = {
        "max_new_tokens": 120,
        "num_assistant_tokens": length,
        "ignore_eos": True,
    }
    report = measure(
        ask(backend, QUESTION, **wishes),
        spec,
        GenerationParams(max_new_tokens=120, num_assistant_tokens=length, ignore_eos=True),
    )
    assert report.token_count == 120
    assert report.drafted is not None
    assert report.runtime.draft_steps is not None
    assert abs(report.drafted - report.runtime.draft_steps) <= length


def test_greedy_text_does_not_depend_on_the_strategy(
    backend: OpenVinoBackend, embedded: Pair
) -> None:
    texts = []
    for spec in (
        make_spec(embedded.main, embedded.draft),
        make_spec(embedded.main, strategy=Strategy.PROMPT_LOOKUP),
        make_spec(embedded.main),
    ):
        load(backend, spec)
        texts.append([ask(backend, q).text for q in (QUESTION, "Tell me a story.", "Who are you?")])
    assert texts[0] == texts[1] == texts[2]
    assert min(map(len, texts[0])) > 10


def test_a_confidence_threshold_drafts_until_the_draft_doubts(
    backend: OpenVinoBackend, embedded: Pair
) -> None:
    spec = make_spec(embedded.main, embedded.draft)
    load(backend, spec)
    reports = []
    for threshold in (0.1, 0.9):
        params = GenerationParams(
            max_new_tokens=100, assistant_confidence_threshold=threshold, ignore_eos=True
        )
        reply = ask(
            backend,
            QUESTION,
            max_new_tokens=100,
            assistant_confidence_threshold=threshold,
            ignore_eos=True,
        )
        reports.append(measure(reply, spec, params))
    bold, careful = reports
    assert bold.drafted is not None
    assert careful.drafted is not None
    assert careful.drafted < bold.drafted
    assert bold.acceptance_rate is not None
    assert careful.acceptance_rate is not None
    assert careful.acceptance_rate > bold.acceptance_rate
