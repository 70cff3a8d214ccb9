"""The runtime's NPU code path, carried out by the CPU: its omissions and limits, guarded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.backends.openvino_backend import OpenVinoBackend
from engine.context_limit import limit_context
from engine.errors import DeviceError, ErrorCode, GenerationError, ParameterError
from engine.events import FinishReason
from engine.params import GenerationParams
from engine.placement import Strategy
from tests.engine.backends.runtime.conftest import Pair
from tests.tiny_models.asking import NPU_ON_CPU, Reply, ask, load, make_spec, measure

pytestmark = pytest.mark.openvino

NPU: dict[str, Any] = {"main_device": "NPU", "draft_device": "NPU"}


@pytest.fixture(scope="module")
def npu_pair(tiny: Pair) -> Iterator[OpenVinoBackend]:
    """Both models on the emulated NPU."""
    backend = OpenVinoBackend()
    load(backend, make_spec(tiny.main, tiny.draft, **NPU))
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def streamed(tiny: Pair) -> list[int]:
    """Ids of a long answer of the main model alone, from the runtime itself."""
    import openvino_genai

    pipeline = openvino_genai.LLMPipeline(str(tiny.main), "NPU", **dict(NPU_ON_CPU))
    config = openvino_genai.GenerationConfig()
    config.max_new_tokens, config.ignore_eos = 60, True
    ids: list[int] = []

    class Listener(openvino_genai.StreamerBase):  # type: ignore[misc]
        def write(self, token: int | list[int]) -> Any:
            ids.extend([token] if isinstance(token, int) else token)
            return openvino_genai.StreamingStatus.RUNNING

        def end(self) -> None:
            pass

    pipeline.generate(
        openvino_genai.ChatHistory([{"role": "user", "content": "Hi"}]), config, Listener()
    )
    return ids


@pytest.mark.parametrize("placement", [NPU, {"main_device": "CPU", "draft_device": "NPU"}])
@pytest.mark.parametrize("position", [3, 11, 18])
def test_an_answer_ends_at_its_end_token(
    backend: OpenVinoBackend,
    tiny: Pair,
    tmp_path: Path,
    streamed: list[int],
    placement: dict[str, Any],
    position: int,
) -> None:
    end, folder = streamed[position], tmp_path / "main"
    shutil.copytree(tiny.main, folder)
    settings = {"eos_token_id": [end], "do_sample": False}
    (folder / "generation_config.json").write_text(json.dumps(settings), encoding="utf-8")
    load(backend, make_spec(folder, tiny.draft, **placement))
    reply = ask(backend, "Hi", max_new_tokens=60)
    assert reply.finish_reason is FinishReason.END
    assert reply.token_count == streamed.index(end) + 1
    ignoring = ask(backend, "Hi", max_new_tokens=60, ignore_eos=True)
    assert (ignoring.token_count, ignoring.finish_reason) == (60, FinishReason.LENGTH)


def test_stop_strings_work_where_the_runtime_overlooks_them(npu_pair: OpenVinoBackend) -> None:
    whole = ask(npu_pair, "Hi", max_new_tokens=50, ignore_eos=True).text
    word = whole[20:23]
    reply = ask(npu_pair, "Hi", max_new_tokens=50, ignore_eos=True, stop_strings=(word,))
    assert reply.finish_reason is FinishReason.END
    assert reply.text == whole[: whole.index(word)]


@pytest.mark.parametrize(
    "params",
    [
        {"repetition_penalty": 1.2},
        {"assistant_confidence_threshold": 0.4},
        {"temperature": 0.7},
        {"num_assistant_tokens": 8},
    ],
)
def test_what_the_path_would_ignore_is_refused(
    npu_pair: OpenVinoBackend, params: dict[str, Any]
) -> None:
    with pytest.raises(ParameterError) as caught:
        ask(npu_pair, "Hi", max_new_tokens=8, **params)
    assert caught.value.code is ErrorCode.PARAMETER_UNSUPPORTED
    assert dict(caught.value.facts)["parameter"] in params
    assert npu_pair.is_loaded


def test_the_longest_draft_the_pipeline_is_built_for(backend: OpenVinoBackend, tiny: Pair) -> None:
    with pytest.raises(DeviceError):
        load(backend, make_spec(tiny.main, tiny.main, num_assistant_tokens=8, **NPU))
    # A perfect draft makes the adaptive length grow up to the limit.
    load(backend, make_spec(tiny.main, tiny.main, num_assistant_tokens=7, **NPU))
    reply = ask(backend, "Hi", max_new_tokens=60, ignore_eos=True, num_assistant_tokens=7)
    assert max(reply.lengths) == 15


def test_prompt_lookup_is_refused(backend: OpenVinoBackend, tiny: Pair) -> None:
    with pytest.raises(DeviceError) as caught:
        load(backend, make_spec(tiny.main, strategy=Strategy.PROMPT_LOOKUP, main_device="NPU"))
    assert caught.value.code is ErrorCode.PLACEMENT_UNSUPPORTED


def test_sampling_with_a_draft_is_refused_before_anything_loads(
    backend: OpenVinoBackend, tiny: Pair
) -> None:
    with pytest.raises(DeviceError) as caught:
        load(backend, make_spec(tiny.main, tiny.draft, sampling=True, **NPU))
    assert dict(caught.value.facts)["reason"] == "sampling_with_draft_not_on_npu"


def test_a_prompt_beyond_the_built_in_length(npu_pair: OpenVinoBackend) -> None:
    with pytest.raises(GenerationError) as caught:
        ask(npu_pair, "x" * 200)
    assert caught.value.code is ErrorCode.PROMPT_TOO_LONG
    assert dict(caught.value.facts)["limit"] == 128
    assert npu_pair.is_loaded


def test_the_pipeline_is_built_for_the_limit_of_the_context(
    backend: OpenVinoBackend, tiny: Pair
) -> None:
    spec = replace(make_spec(tiny.main, main_device="NPU"), context_limit=192)
    loaded = backend.load(limit_context(spec), on_phase=lambda _phase: None)
    assert loaded.context_length == 192
    assert ask(backend, "x" * 20, max_new_tokens=4).token_count == 4
    with pytest.raises(GenerationError) as caught:
        ask(backend, "x" * 100)
    assert dict(caught.value.facts)["limit"] == 64


@pytest.mark.parametrize("length", [5, 7])
def test_the_end_of_the_context_ends_the_answer_and_not_the_pipeline(
    npu_pair: OpenVinoBackend, length: int
) -> None:
    reply = ask(
        npu_pair, "x" * 60, max_new_tokens=4000, ignore_eos=True, num_assistant_tokens=length
    )
    assert reply.finish_reason is FinishReason.LENGTH
    assert 100 < reply.token_count < 256 - 60
    assert npu_pair.is_loaded


def test_counts_start_anew_with_every_answer(npu_pair: OpenVinoBackend) -> None:
    counts = [ask(npu_pair, "Hi", max_new_tokens=20, ignore_eos=True) for _ in range(3)]
    assert [reply.token_count for reply in counts] == [20, 20, 20]


def test_the_adaptive_draft_length_is_replayed(npu_pair: OpenVinoBackend, tiny: Pair) -> None:
    spec = make_spec(tiny.main, tiny.draft, **NPU)
    params = GenerationParams(max_new_tokens=60, ignore_eos=True)
    # Fresh figures: this path adds its draft steps up over the answers of a pipeline.
    before = _draft_steps(ask(npu_pair, "Hi", max_new_tokens=60, ignore_eos=True))
    reply = ask(npu_pair, "Hi", max_new_tokens=60, ignore_eos=True)
    drafted = measure(reply, spec, params).drafted
    assert drafted is not None
    steps = _draft_steps(reply)
    steps = steps - before if steps > before else steps
    assert abs(drafted - steps) <= 5


def _draft_steps(reply: Reply) -> int:
    steps = reply.outcome.runtime.draft_steps
    assert steps is not None
    return steps


def test_sampling_without_a_draft(backend: OpenVinoBackend, tiny: Pair) -> None:
    load(backend, make_spec(tiny.main, main_device="NPU"))
    texts = [
        ask(backend, "Hi", max_new_tokens=20, ignore_eos=True, temperature=1.0, seed=seed).text
        for seed in (1, 1, 2)
    ]
    assert texts[0] == texts[1] != texts[2]
