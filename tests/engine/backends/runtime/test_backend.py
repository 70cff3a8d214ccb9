"""The backend on the real runtime: chat, limits, stop strings, cache reuse, devices."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.backends.base import Run, Work
from engine.backends.openvino_backend import OpenVinoBackend
from engine.errors import Cancelled, ErrorCode, GenerationError, ParameterError
from engine.events import DeviceKind, FinishReason, LoadPhase
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.stop_token import StopToken
from tests.engine.backends.runtime.conftest import Pair
from tests.tiny_models.asking import ask, load, make_spec
from tests.tiny_models.folder import write_model

pytestmark = pytest.mark.openvino


def test_a_load_tells_what_it_does_and_what_it_built(backend: OpenVinoBackend, tiny: Pair) -> None:
    phases: list[LoadPhase] = []
    loaded = backend.load(make_spec(tiny.main, tiny.draft), on_phase=phases.append)
    assert phases == [
        LoadPhase.CHECKING,
        LoadPhase.COMPILING_DRAFT,
        LoadPhase.COMPILING_MAIN,
        LoadPhase.READING_TEMPLATE,
        LoadPhase.WARMING_UP,
    ]
    assert (loaded.main_name, loaded.draft_name) == ("main", "draft")
    assert loaded.context_length == 512
    assert loaded.knows_thinking
    assert {name for name, _ in loaded.versions} >= {"openvino", "openvino_genai"}
    assert loaded.load_s > 0


def test_the_devices_include_the_cpu(backend: OpenVinoBackend) -> None:
    cpu = next(device for device in backend.devices() if device.name == "CPU")
    assert cpu.kind is DeviceKind.CPU
    assert cpu.full_name != "CPU"
    assert cpu.memory_bytes is not None
    assert cpu.memory_bytes > 2**28


def test_nothing_is_answered_without_a_model(backend: OpenVinoBackend) -> None:
    with pytest.raises(GenerationError) as caught:
        ask(backend, "Hi")
    assert caught.value.code is ErrorCode.NOT_LOADED


def test_an_unloaded_model_does_not_answer(plain: OpenVinoBackend) -> None:
    plain.unload()
    assert not plain.is_loaded
    with pytest.raises(GenerationError):
        ask(plain, "Hi")


def test_an_empty_question_is_refused(plain: OpenVinoBackend) -> None:
    with pytest.raises(ParameterError):
        ask(plain, "")
    assert plain.is_loaded


def test_spans_cover_the_text_of_their_run(drafting: OpenVinoBackend) -> None:
    reply = ask(drafting, "Hi", max_new_tokens=80, ignore_eos=True)
    for run in reply.runs:
        assert sum(span.characters for span in run.spans) == len(run.text)
    steps = [span.step for run in reply.runs for span in run.spans]
    assert steps == sorted(steps)
    assert max(steps) < len(reply.lengths)


def test_runs_made_later_are_the_same(drafting: OpenVinoBackend) -> None:
    expected = ask(drafting, "Hi", max_new_tokens=40, ignore_eos=True)
    works: list[Work] = []
    made: list[Run] = []

    def settle() -> None:
        assert made == [], "the runtime waited for no text"
        made.extend(run for work in works if (run := work()) is not None)

    request = GenerationRequest(
        messages=(ChatMessage(Role.USER, "Hi"),),
        params=GenerationParams(max_new_tokens=40, ignore_eos=True),
    )
    outcome = drafting.generate_deferred(
        request, on_work=works.append, settle=settle, stop=StopToken()
    )
    assert outcome.finish_reason is expected.outcome.finish_reason
    assert [replace(run, at_s=0.0) for run in made] == [
        replace(run, at_s=0.0) for run in expected.runs
    ]


def test_single_tokens_are_never_marked_as_drafted(plain: OpenVinoBackend) -> None:
    reply = ask(plain, "Hi", max_new_tokens=40, ignore_eos=True)
    assert reply.lengths == [1] * 40
    assert not any(span.accepted for run in reply.runs for span in run.spans)


def test_the_streamed_text_is_the_runtimes_own(backend: OpenVinoBackend, embedded: Pair) -> None:
    import openvino_genai

    load(backend, make_spec(embedded.main, embedded.draft))
    reply = ask(backend, "Tell me a story about a dog.", max_new_tokens=120)
    runtime = openvino_genai.LLMPipeline(str(embedded.main), "CPU", INFERENCE_PRECISION_HINT="f32")
    config = openvino_genai.GenerationConfig(str(embedded.main / "generation_config.json"))
    config.max_new_tokens = 120
    history = [{"role": "user", "content": "Tell me a story about a dog."}]
    result = runtime.generate(openvino_genai.ChatHistory(history), config)
    assert reply.text == result.texts[0]


def test_a_system_prompt_reaches_the_model(plain: OpenVinoBackend) -> None:
    question = ChatMessage(Role.USER, "Hi")
    params = GenerationParams(max_new_tokens=1)
    counts = []
    for messages in ((question,), (ChatMessage(Role.SYSTEM, "Be brief."), question)):
        request = GenerationRequest(messages=messages, params=params)
        outcome = plain.generate(request, on_run=lambda _run: None, stop=StopToken())
        counts.append(outcome.runtime.prompt_tokens or 0)
    assert counts[1] > counts[0] + len("Be brief.")


def test_the_template_is_told_about_thinking(plain: OpenVinoBackend) -> None:
    prompts = [
        ask(plain, "Hi", max_new_tokens=2, enable_thinking=thinking).outcome.runtime.prompt_tokens
        for thinking in (None, True, False)
    ]
    assert prompts[0] == prompts[1]
    assert prompts[1] is not None
    assert prompts[2] is not None
    assert prompts[2] > prompts[1]


@pytest.mark.parametrize("with_draft", [True, False])
def test_a_prompt_longer_than_the_context(
    backend: OpenVinoBackend, tiny: Pair, with_draft: bool
) -> None:
    load(backend, make_spec(tiny.main, tiny.draft if with_draft else None))
    with pytest.raises(GenerationError) as caught:
        ask(backend, "x" * 600)
    facts = dict(caught.value.facts)
    assert caught.value.code is ErrorCode.PROMPT_TOO_LONG
    assert facts["limit"] == 511
    assert int(facts["prompt_tokens"]) > 600
    assert backend.is_loaded


def test_a_limit_of_the_context_holds_for_prompt_and_answer(
    backend: OpenVinoBackend, tiny: Pair
) -> None:
    spec = replace(make_spec(tiny.main, tiny.draft), context_limit=100)
    loaded = backend.load(spec, on_phase=lambda _phase: None)
    assert loaded.context_length == 100
    with pytest.raises(GenerationError) as caught:
        ask(backend, "x" * 120)
    assert dict(caught.value.facts)["limit"] == 99
    reply = ask(backend, "x" * 20, max_new_tokens=400, ignore_eos=True)
    assert reply.finish_reason is FinishReason.LENGTH
    assert 0 < reply.token_count < 80
    loaded = backend.load(replace(spec, context_limit=4096), on_phase=lambda _phase: None)
    assert loaded.context_length == 512


def test_an_answer_ends_with_the_context(drafting: OpenVinoBackend) -> None:
    reply = ask(drafting, "x" * 480, max_new_tokens=1000, ignore_eos=True)
    assert reply.finish_reason is FinishReason.LENGTH
    prompt = reply.outcome.runtime.prompt_tokens
    assert prompt is not None
    assert prompt + reply.token_count == 512


def test_a_stop_string_ends_the_answer_before_it_shows(
    backend: OpenVinoBackend, embedded: Pair
) -> None:
    load(backend, make_spec(embedded.main, embedded.draft))
    whole = ask(backend, "Tell me a story about a dog.", max_new_tokens=60)
    word = " ".join(whole.text.split()[12:15])
    assert whole.text.count(word) == 1
    reply = ask(
        backend, "Tell me a story about a dog.", max_new_tokens=60, stop_strings=("zz", word)
    )
    assert reply.finish_reason is FinishReason.END
    assert reply.text == whole.text.split(word)[0]
    assert reply.lengths == whole.lengths[: len(reply.lengths)]


def test_a_second_turn_reuses_the_first(backend: OpenVinoBackend, embedded: Pair) -> None:
    load(backend, make_spec(embedded.main, embedded.draft))
    story = "The dog and the cat went to the park. " * 120
    prefill, reused = [], []
    for name in ("Tom", "Ann", "Bob"):
        question = f"{name}. {story}"
        first = ask(backend, question, max_new_tokens=4, ignore_eos=True)
        second = ask(backend, question, first.text, "Hi", max_new_tokens=4, ignore_eos=True)
        prefill.append(first.runs[0].at_s)
        reused.append(second.runs[0].at_s)
    # A ratio of some 20 in quiet; prefill without the cache would make it 1.
    assert min(reused) < min(prefill) / 2


def test_without_a_seed_sampled_answers_differ(backend: OpenVinoBackend, tiny: Pair) -> None:
    load(backend, make_spec(tiny.main))
    texts = {
        ask(backend, "Hi", temperature=1.0, max_new_tokens=30, ignore_eos=True).text
        for _ in range(3)
    }
    assert len(texts) == 3


def test_a_seed_repeats_an_answer(plain: OpenVinoBackend) -> None:
    wishes: dict[str, Any] = {"temperature": 1.0, "top_p": 0.9, "top_k": 50, "max_new_tokens": 30}
    texts = [ask(plain, "Hi", seed=seed, ignore_eos=True, **wishes).text for seed in (7, 7, 8)]
    assert texts[0] == texts[1] != texts[2]


def test_top_k_of_one_is_greedy(plain: OpenVinoBackend) -> None:
    wishes: dict[str, Any] = {"max_new_tokens": 30, "ignore_eos": True}
    assert (
        ask(plain, "Hi", temperature=1.5, top_k=1, **wishes).text == ask(plain, "Hi", **wishes).text
    )


def test_a_models_wish_to_sample_holds_without_a_draft_only(
    backend: OpenVinoBackend, tmp_path: Path, tiny: Pair
) -> None:
    wishes: dict[str, object] = {"do_sample": True, "temperature": 1.2}
    folder = write_model(tmp_path / "m", generation=wishes)
    distinct = []
    for draft in (None, tiny.draft):
        load(backend, make_spec(folder, draft))
        texts = [ask(backend, "Hi", max_new_tokens=30, ignore_eos=True).text for _ in range(3)]
        distinct.append(len(set(texts)))
    assert distinct == [3, 1]


def test_one_pipeline_with_a_draft_takes_the_likeliest_token_and_samples(
    drafting: OpenVinoBackend,
) -> None:
    def texts(temperature: float) -> set[str]:
        def said() -> str:
            return ask(
                drafting, "Hi", max_new_tokens=30, ignore_eos=True, temperature=temperature
            ).text

        return {said() for _ in range(4)}

    assert [len(texts(temperature)) for temperature in (0.0, 0.9, 0.0)] == [1, 4, 1]


def test_cancel_ends_an_answer_and_discards_a_load(drafting: OpenVinoBackend, tiny: Pair) -> None:
    reply = ask(
        drafting, "Hi", max_new_tokens=400, ignore_eos=True, on_run=lambda _run: drafting.cancel()
    )
    assert reply.finish_reason is FinishReason.STOPPED
    with pytest.raises(Cancelled):
        drafting.load(make_spec(tiny.main), on_phase=lambda _phase: drafting.cancel())
    assert not drafting.is_loaded
    load(drafting, make_spec(tiny.main))
    assert ask(drafting, "Hi", max_new_tokens=3, ignore_eos=True).token_count == 3


def test_close_may_be_called_twice(drafting: OpenVinoBackend) -> None:
    drafting.close()
    drafting.close()
    assert not drafting.is_loaded


def test_the_runtime_is_imported_without_reporting_it() -> None:
    script = (
        "import sys, threading\n"
        "from engine.backends.openvino_backend import OpenVinoBackend\n"
        "OpenVinoBackend().devices()\n"
        "assert sys.modules['openvino_telemetry'] is None\n"
        "print(threading.active_count())\n"
    )
    root = Path(__file__).parents[4]
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "1"), ended.stderr[-2000:]
