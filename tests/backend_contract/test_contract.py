"""What every `InferenceBackend` must do, whoever makes the tokens."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from engine.backends.base import GenerationOutcome, InferenceBackend, Run
from engine.errors import EngineError, ErrorCode
from engine.events import FinishReason, LoadedPipeline, LoadPhase
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.metrics.recorder import RunRecorder
from engine.params import GenerationParams
from engine.placement import LoadSpec, Strategy
from engine.stop_token import StopToken

if TYPE_CHECKING:
    from tests.backend_contract.conftest import Subject


def request(text: str = "Tell me a story about a dog.", **params: int) -> GenerationRequest:
    return GenerationRequest(
        messages=(ChatMessage(Role.USER, text),),
        params=GenerationParams(**{"max_new_tokens": 40, "temperature": 0, **params}),  # type: ignore[arg-type]
    )


def ignore_phase(_: LoadPhase) -> None:
    """Phases are of no interest."""


def load(backend: InferenceBackend, spec: LoadSpec) -> LoadedPipeline:
    return backend.load(spec, on_phase=ignore_phase)


def answer(
    backend: InferenceBackend, asked: GenerationRequest | None = None
) -> tuple[list[Run], GenerationOutcome]:
    runs: list[Run] = []
    outcome = backend.generate(asked or request(), on_run=runs.append, stop=StopToken())
    return runs, outcome


def test_load_tells_its_phases_in_order(subject: Subject) -> None:
    phases: list[LoadPhase] = []
    pipeline = subject.backend.load(subject.spec(), on_phase=phases.append)
    order = list(LoadPhase)
    positions = [order.index(phase) for phase in phases]
    assert positions == sorted(set(positions)), "each once, none out of turn"
    assert {LoadPhase.COMPILING_DRAFT, LoadPhase.COMPILING_MAIN} <= set(phases)
    assert subject.backend.is_loaded
    assert pipeline.spec == subject.spec()
    assert (pipeline.main_name, pipeline.draft_name) == ("demo-main", "demo-draft")
    assert pipeline.actual_main_device == "CPU"
    assert pipeline.actual_draft_device == "CPU"
    assert pipeline.load_s >= 0
    assert pipeline.versions


@pytest.mark.parametrize("strategy", list(Strategy))
def test_runs_cover_the_text_and_spans_cover_the_runs(subject: Subject, strategy: Strategy) -> None:
    pipeline = load(subject.backend, subject.spec(strategy))
    asked = request()
    runs, outcome = answer(subject.backend, asked)
    assert outcome.finish_reason in (FinishReason.END, FinishReason.LENGTH)
    assert "".join(run.text for run in runs).strip()
    steps = [span.step for run in runs for span in run.spans]
    assert steps == sorted(steps)
    for run in runs:
        assert sum(span.characters for span in run.spans) == len(run.text)
        assert all(span.characters > 0 for span in run.spans)
    assert runs[0].token_count == 1, "the prefill gives one token"
    assert all(run.token_count > 0 for run in runs[:-1])
    times = [run.at_s for run in runs]
    assert times == sorted(times)
    assert times[0] >= 0
    recorder = RunRecorder.for_answer(pipeline, asked.params)
    for run in runs:
        recorder.observe(run.token_count, run.at_s)
    report = recorder.report(
        finish_reason=outcome.finish_reason,
        strategy=strategy,
        main_name=pipeline.main_name,
        draft_name=pipeline.draft_name,
        main_device=pipeline.actual_main_device,
        draft_device=pipeline.actual_draft_device,
        params=asked.params,
        prompt_tokens=outcome.runtime.prompt_tokens,
        versions=pipeline.versions,
        runtime=outcome.runtime,
    )
    assert report.token_count == sum(run.token_count for run in runs) <= 40
    if outcome.finish_reason is FinishReason.LENGTH:
        assert report.token_count == 40


def test_plain_decoding_gives_one_token_per_run(subject: Subject) -> None:
    load(subject.backend, subject.spec(Strategy.NONE))
    runs, _ = answer(subject.backend)
    assert {run.token_count for run in runs} <= {0, 1}
    assert not any(span.accepted for run in runs for span in run.spans)


def test_a_draft_gives_longer_runs(subject: Subject) -> None:
    load(subject.backend, subject.spec())
    runs, _ = answer(subject.backend)
    assert max(run.token_count for run in runs) > 1
    assert any(span.accepted for run in runs for span in run.spans)


def test_stop_before_the_start_gives_a_stopped_answer(subject: Subject) -> None:
    load(subject.backend, subject.spec())
    stop = StopToken()
    stop.set()
    runs: list[Run] = []
    outcome = subject.backend.generate(request(), on_run=runs.append, stop=stop)
    assert outcome.finish_reason is FinishReason.STOPPED
    assert len(runs) <= 2
    assert subject.backend.is_loaded


def test_stop_in_the_middle_ends_the_answer_soon(subject: Subject) -> None:
    load(subject.backend, subject.spec())
    stop = StopToken()
    runs: list[Run] = []

    def on_run(run: Run) -> None:
        runs.append(run)
        if len(runs) == 4:
            stop.set()

    asked = request(max_new_tokens=400, ignore_eos=True)
    outcome = subject.backend.generate(asked, on_run=on_run, stop=stop)
    assert outcome.finish_reason is FinishReason.STOPPED
    assert 4 <= len(runs) < 40
    assert sum(run.token_count for run in runs) < 400
    after, outcome = answer(subject.backend)
    assert outcome.finish_reason is not FinishReason.STOPPED
    assert after, "the next answer is right"


def test_stop_from_another_thread(subject: Subject) -> None:
    load(subject.backend, subject.spec())
    stop, has_begun = StopToken(), threading.Event()
    stopper = threading.Thread(target=lambda: has_begun.wait(10) and stop.set())
    stopper.start()
    outcome = subject.backend.generate(
        request(max_new_tokens=400, ignore_eos=True),
        on_run=lambda _: has_begun.set(),
        stop=stop,
    )
    stopper.join()
    assert outcome.finish_reason is FinishReason.STOPPED


def test_nothing_is_handed_on_after_generate_returned(subject: Subject) -> None:
    load(subject.backend, subject.spec())
    is_over = False
    late: list[Run] = []

    def on_run(run: Run) -> None:
        if is_over:
            late.append(run)

    subject.backend.generate(request(), on_run=on_run, stop=StopToken())
    is_over = True
    answer(subject.backend)
    assert late == []


def test_two_loads_in_a_row(subject: Subject) -> None:
    for strategy in (Strategy.DRAFT, Strategy.DRAFT, Strategy.NONE):
        assert load(subject.backend, subject.spec(strategy)).spec.strategy is strategy
        assert answer(subject.backend)[0]


def test_the_same_question_has_the_same_greedy_answer(subject: Subject) -> None:
    load(subject.backend, subject.spec())
    texts = {"".join(run.text for run in answer(subject.backend)[0]) for _ in range(2)}
    assert len(texts) == 1


def test_generate_without_a_pipeline_is_refused(subject: Subject) -> None:
    assert not subject.backend.is_loaded
    with pytest.raises(EngineError) as caught:
        answer(subject.backend)
    assert caught.value.code is ErrorCode.NOT_LOADED


def test_unload_gives_the_pipeline_up(subject: Subject) -> None:
    subject.backend.unload()
    load(subject.backend, subject.spec())
    subject.backend.unload()
    assert not subject.backend.is_loaded
    with pytest.raises(EngineError) as caught:
        answer(subject.backend)
    assert caught.value.code is ErrorCode.NOT_LOADED
    subject.backend.unload()


def test_devices_have_names_and_the_cpu_is_among_them(subject: Subject) -> None:
    devices = subject.backend.devices()
    assert "CPU" in [device.name for device in devices]
    assert all(device.full_name for device in devices)
    assert len({device.name for device in devices}) == len(devices)


def test_cancel_without_a_call_harms_nothing(subject: Subject) -> None:
    subject.backend.cancel()
    load(subject.backend, subject.spec())
    subject.backend.cancel()
    assert answer(subject.backend)[1].finish_reason is not FinishReason.STOPPED


def test_close_is_idempotent(subject: Subject) -> None:
    load(subject.backend, subject.spec(Strategy.NONE))
    subject.backend.close()
    subject.backend.close()
    assert not subject.backend.is_loaded
