"""`FakeBackend`: scripted runs, delays and failures without any model, for tests and demos."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from engine.backends.base import BackendDeath, GenerationOutcome, Run
from engine.backends.fake_script import FakeAnswer, FakeOptions, invent_answer
from engine.errors import (
    Cancelled,
    EngineError,
    EngineProcessError,
    ErrorCode,
    GenerationError,
    ParameterError,
    error_from_info,
)
from engine.events import DeviceInfo, FinishReason, LoadedPipeline, LoadPhase, TextSpan
from engine.messages import GenerationRequest
from engine.metrics.report import RuntimeFigures
from engine.params import GenerationParams
from engine.placement import LoadSpec, Strategy
from engine.stop_token import StopToken

_SLICE_S = 0.01


class FakeBackend:
    """Keeps the `InferenceBackend` protocol with invented or scripted answers.

    Unlike an in-process pipeline it can be cancelled: the call in progress raises `Cancelled`
    and the pipeline is gone, as when a child process is killed. `load_count` counts loads begun.
    """

    def __init__(
        self,
        options: FakeOptions | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.on_death: Callable[[BackendDeath], None] | None = None
        self.load_count = 0
        self._options = options or FakeOptions()
        self._sleep = sleep
        self._clock = clock
        self._answers: Iterator[FakeAnswer] = iter(self._options.answers)
        self._load_errors = iter(self._options.load_errors)
        self._pipeline: LoadedPipeline | None = None
        self._lock = threading.Lock()
        self._in_call = False
        self._cancelled = False

    @property
    def is_loaded(self) -> bool:
        """Whether a pipeline stands ready."""
        return self._pipeline is not None

    def die(self, death: BackendDeath) -> None:
        """Lose the pipeline while nothing is asked, as when an idle engine process dies."""
        self._pipeline = None
        if self.on_death is not None:
            self.on_death(death)

    def devices(self) -> tuple[DeviceInfo, ...]:
        """List the devices of the options.

        Raises:
            EngineError: `device_error` of the options.
        """
        with self._call():
            self._pause(self._options.timing.devices_s)
            if self._options.device_error is not None:
                raise self._failure(error_from_info(self._options.device_error))
            if self._options.dies_of_properties:
                os._exit(1)
            return self._options.devices

    def bare_devices(self) -> tuple[DeviceInfo, ...]:
        """The devices of the options without what can be set."""
        with self._call():
            return tuple(replace(device, properties=()) for device in self._options.devices)

    def load(self, spec: LoadSpec, *, on_phase: Callable[[LoadPhase], None]) -> LoadedPipeline:
        """Go through the phases of a load.

        Raises:
            EngineError: the next entry of `load_errors`, in the compile phase.
            Cancelled: `cancel` was called.
        """
        with self._call():
            self._pipeline = None
            self.load_count += 1
            started_s = self._clock()
            error = next(self._load_errors, None)
            for phase in _phases(spec):
                on_phase(phase)
                if phase is not LoadPhase.STARTING_ENGINE:
                    self._pause(self._options.timing.load_phase_s)
                if error is not None and phase is LoadPhase.COMPILING_MAIN:
                    raise self._failure(error_from_info(error))
            self._pipeline = _describe(spec, load_s=self._clock() - started_s)
            return self._pipeline

    def generate(
        self, request: GenerationRequest, *, on_run: Callable[[Run], None], stop: StopToken
    ) -> GenerationOutcome:
        """Stream the next scripted answer, or an invented one.

        Raises:
            GenerationError: NOT_LOADED.
            EngineError: the error of the scripted answer.
            Cancelled: `cancel` was called.
        """
        with self._call():
            if self._pipeline is None:
                raise GenerationError("No model is loaded.", code=ErrorCode.NOT_LOADED)
            answer = next(self._answers, None) or self._invent(request, self._pipeline.spec)
            return self._stream(answer, on_run, stop)

    def unload(self) -> None:
        """Drop the pipeline."""
        with self._call():
            self._pause(self._options.timing.unload_s)
            self._pipeline = None

    def cancel(self) -> None:
        """Make the call in progress raise `Cancelled` soon; nothing when there is none."""
        with self._lock:
            self._cancelled = self._in_call

    def close(self) -> None:
        """Drop the pipeline. Idempotent."""
        self._pipeline = None

    def _invent(self, request: GenerationRequest, spec: LoadSpec) -> FakeAnswer:
        return invent_answer(
            request,
            seed=self._options.seed,
            strategy=spec.strategy,
            num_assistant_tokens=spec.num_assistant_tokens,
        )

    def _stream(
        self, answer: FakeAnswer, on_run: Callable[[Run], None], stop: StopToken
    ) -> GenerationOutcome:
        started_s = self._clock()
        streamed = 0
        self._pause(self._options.timing.prefill_s)
        if stop.is_set() and not answer.ignores_stop:
            return _outcome(FinishReason.STOPPED, streamed)
        for step, (token_count, text) in enumerate(answer.runs):
            if step:
                self._pause(self._options.timing.run_s)
            if stop.is_set() and not answer.ignores_stop:
                return _outcome(FinishReason.STOPPED, streamed)
            at_s = self._clock() - started_s
            spans = _spans(text, step=step, token_count=token_count)
            on_run(Run(token_count=token_count, text=text, spans=spans, at_s=at_s))
            streamed += token_count
        stopped = self._hang(answer, stop)
        if answer.error is not None:
            raise self._failure(error_from_info(answer.error))
        return _outcome(FinishReason.STOPPED if stopped else answer.finish_reason, streamed)

    def _hang(self, answer: FakeAnswer, stop: StopToken) -> bool:
        """Wait as the answer says. Returns whether a stop ended the wait."""
        deadline_s = self._clock() + answer.hang_s
        while self._clock() < deadline_s:
            if stop.is_set() and not answer.ignores_stop:
                return True
            self._pause(_SLICE_S)
        return False

    def _pause(self, seconds: float) -> None:
        """Sleep in slices, so that a cancel is seen soon."""
        while True:
            if self._cancelled:
                self._pipeline = None
                raise Cancelled("The call was cancelled.")
            if seconds <= 0:
                return
            self._sleep(min(seconds, _SLICE_S))
            seconds -= _SLICE_S

    def _failure(self, error: EngineError) -> EngineError:
        """Lose the pipeline where a real one could not be trusted any more."""
        if self._pipeline is not None and not _is_recoverable(error, self._pipeline.spec):
            self._pipeline = None
        return error

    @contextmanager
    def _call(self) -> Iterator[None]:
        """Mark a blocking call, so that a cancel hits this call and no later one."""
        with self._lock:
            self._in_call, self._cancelled = True, False
        try:
            yield
        finally:
            with self._lock:
                self._in_call = self._cancelled = False


def _is_recoverable(error: EngineError, spec: LoadSpec) -> bool:
    if isinstance(error, EngineProcessError):
        return False
    is_precondition = isinstance(error, ParameterError) or error.code is ErrorCode.PROMPT_TOO_LONG
    return is_precondition or spec.strategy is Strategy.NONE


def _phases(spec: LoadSpec) -> Iterator[LoadPhase]:
    yield LoadPhase.STARTING_ENGINE
    yield LoadPhase.CHECKING
    if spec.strategy is Strategy.DRAFT:
        yield LoadPhase.COMPILING_DRAFT
    yield LoadPhase.COMPILING_MAIN
    yield LoadPhase.WARMING_UP


def _describe(spec: LoadSpec, *, load_s: float) -> LoadedPipeline:
    return LoadedPipeline(
        spec=spec,
        main_name=Path(spec.main_path).name,
        draft_name=Path(spec.draft_path).name if spec.draft_path else None,
        actual_main_device=spec.placement.main_device,
        actual_draft_device=spec.placement.draft_device,
        load_s=load_s,
        defaults=GenerationParams(),
        context_length=spec.context_limit,
        knows_thinking=False,
        versions=(("demonstration", "1"),),
    )


def _spans(text: str, *, step: int, token_count: int) -> tuple[TextSpan, ...]:
    """Split the text of one run: the last word is the main model's own, the rest was accepted."""
    if not text:
        return ()
    cut = text.rfind(" ") if token_count > 1 else 0
    parts = ((cut, True), (len(text) - cut, False)) if cut > 0 else ((len(text), False),)
    return tuple(TextSpan(characters=n, step=step, accepted=ok) for n, ok in parts)


def _outcome(reason: FinishReason, generated_tokens: int) -> GenerationOutcome:
    return GenerationOutcome(
        finish_reason=reason, runtime=RuntimeFigures(generated_tokens=generated_tokens)
    )
