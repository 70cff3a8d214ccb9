"""The traps of the runtime on CPU: each test fails when its guard is taken away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.backends.base import Run
from engine.backends.openvino_backend import OpenVinoBackend
from engine.backends.openvino_config import build_config, read_settings
from engine.errors import ErrorCode, GenerationError, ParameterError
from engine.events import FinishReason
from engine.params import GenerationParams
from engine.placement import Strategy
from engine.stop_token import StopToken
from tests.engine.backends.runtime.conftest import Pair
from tests.tiny_models.asking import ask, load, make_spec
from tests.tiny_models.folder import write_model

pytestmark = pytest.mark.openvino

ROOT = Path(__file__).parents[4]


def run_script(mode: str, pair: Pair) -> subprocess.CompletedProcess[str]:
    """Do something in a process of its own that could end that process."""
    module = "tests.engine.backends.runtime.dangerous"
    return subprocess.run(
        [sys.executable, "-m", module, mode, str(pair.main), str(pair.draft)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_sampled_answers_with_a_draft_go_on_drafting(
    backend: OpenVinoBackend, embedded: Pair
) -> None:
    load(backend, make_spec(embedded.main, embedded.draft, sampling=True))
    replies = [
        ask(backend, "Tell me a story.", temperature=0.8, seed=seed, max_new_tokens=40)
        for seed in range(20)
    ]
    assert all(reply.token_count > len(reply.lengths) for reply in replies)
    assert all((reply.outcome.runtime.draft_steps or 0) > 0 for reply in replies)
    assert len({reply.text for reply in replies}) > 10


def test_an_error_during_an_answer_drops_a_speculative_pipeline(
    drafting: OpenVinoBackend,
) -> None:
    def fail(_run: Run) -> None:
        raise ZeroDivisionError

    with pytest.raises(GenerationError) as caught:
        ask(drafting, "Hi", on_run=fail, max_new_tokens=20)
    assert caught.value.code is ErrorCode.RUNTIME_FAILED
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert not drafting.is_loaded


@pytest.mark.parametrize("mode", ["raise_in_callback", "raise_in_end", "exit_while_generating"])
def test_the_process_survives(mode: str, embedded: Pair) -> None:
    ended = run_script(mode, embedded)
    assert (ended.returncode, ended.stdout.split()) == (0, ["survived"]), ended.stderr[-2000:]


@pytest.mark.parametrize("strategy", [Strategy.NONE, Strategy.PROMPT_LOOKUP])
def test_a_threshold_without_a_draft_is_refused(
    backend: OpenVinoBackend, tiny: Pair, strategy: Strategy
) -> None:
    load(backend, make_spec(tiny.main, strategy=strategy))
    with pytest.raises(ParameterError) as caught:
        ask(backend, "Hi", assistant_confidence_threshold=0.4)
    assert caught.value.code is ErrorCode.PARAMETER_UNSUPPORTED
    assert backend.is_loaded


@pytest.mark.parametrize("strategy", [Strategy.NONE, Strategy.PROMPT_LOOKUP])
def test_a_models_own_threshold_never_reaches_a_pipeline_without_a_draft(
    tmp_path: Path, strategy: Strategy
) -> None:
    wishes: dict[str, object] = {"assistant_confidence_threshold": 0.4, "num_assistant_tokens": 9}
    folder = write_model(tmp_path / "m", generation=wishes)
    spec = make_spec(folder, strategy=strategy)
    settings = read_settings(folder, end_tokens=(2,))
    config = build_config(spec, settings, GenerationParams(), max_new_tokens=8)
    assert config.assistant_confidence_threshold == 0.0
    assert bool(config.num_assistant_tokens) == (strategy is Strategy.PROMPT_LOOKUP)
    assert bool(config.max_ngram_size) == (strategy is Strategy.PROMPT_LOOKUP)


def test_the_same_pair_loads_twice_in_a_row(drafting: OpenVinoBackend, tiny: Pair) -> None:
    first = ask(drafting, "Hi", max_new_tokens=30, ignore_eos=True)
    load(drafting, make_spec(tiny.main, tiny.draft))
    second = ask(drafting, "Hi", max_new_tokens=30, ignore_eos=True)
    assert second.text == first.text
    assert second.lengths == first.lengths


@pytest.mark.parametrize("with_draft", [True, False])
def test_the_models_own_settings_hold(
    backend: OpenVinoBackend, tmp_path: Path, tiny: Pair, with_draft: bool
) -> None:
    wishes: dict[str, object] = {"max_new_tokens": 23, "repetition_penalty": 1.5}
    folder = write_model(tmp_path / "m", generation=wishes)
    load(backend, make_spec(folder, tiny.draft if with_draft else None))
    by_model = ask(backend, "Hi", ignore_eos=True)
    unpenalised = ask(backend, "Hi", ignore_eos=True, repetition_penalty=1.0)
    load(backend, make_spec(tiny.main))
    by_request = ask(backend, "Hi", ignore_eos=True, max_new_tokens=23, repetition_penalty=1.5)
    assert by_model.token_count == 23
    assert by_model.text == by_request.text
    assert by_model.text != unpenalised.text


@pytest.mark.parametrize("with_draft", [True, False])
def test_every_end_token_of_the_model_ends_an_answer(
    backend: OpenVinoBackend, embedded: Pair, with_draft: bool
) -> None:
    load(backend, make_spec(embedded.main, embedded.draft if with_draft else None))
    reply = ask(backend, "Tell me a story about a dog.")
    assert reply.finish_reason is FinishReason.END
    assert reply.token_count < 400


def test_a_stopped_answer_is_what_was_shown(drafting: OpenVinoBackend) -> None:
    stop = StopToken()
    whole = ask(drafting, "Hi", max_new_tokens=200, ignore_eos=True)

    def stop_at_once(_run: Run) -> None:
        stop.set()

    part = ask(drafting, "Hi", max_new_tokens=200, ignore_eos=True, stop=stop, on_run=stop_at_once)
    assert part.finish_reason is FinishReason.STOPPED
    assert part.lengths == whole.lengths[:1]
    assert whole.text.startswith(part.text.rstrip("\ufffd"))
    again = ask(drafting, "Hi", max_new_tokens=200, ignore_eos=True)
    assert again.text == whole.text


def test_a_stop_during_prefill_shows_nothing(drafting: OpenVinoBackend) -> None:
    stop = StopToken()
    stop.set()
    reply = ask(drafting, "word " * 60, max_new_tokens=200, ignore_eos=True, stop=stop)
    assert reply.finish_reason is FinishReason.STOPPED
    assert (reply.text, reply.token_count) == ("", 0)
    assert drafting.is_loaded


def test_streamed_runs_count_right_where_the_runtime_does_not(
    backend: OpenVinoBackend, embedded: Pair
) -> None:
    load(backend, make_spec(embedded.main, embedded.draft, sampling=True))
    replies = [
        ask(backend, "Hi", temperature=0.9, seed=seed, max_new_tokens=40, ignore_eos=True)
        for seed in range(3)
    ]
    assert [reply.token_count for reply in replies] == [40, 40, 40]
