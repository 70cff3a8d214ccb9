"""Runs one OpenVINO GenAI pipeline in this process. Lives in the engine process and in tests only:
what the runtime does on a fault (abort, hang, hold the GIL) must not reach a window.
"""

from __future__ import annotations

import atexit
import gc
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.backends.base import GenerationOutcome, Run, Work
from engine.backends.greedy_draft import GreedyDrafts
from engine.backends.openvino_config import build_config, require_supported, room_for_answer
from engine.backends.openvino_devices import list_devices
from engine.backends.openvino_emulation import computing_device
from engine.backends.openvino_errors import generation_error, load_error
from engine.backends.openvino_figures import read_figures
from engine.backends.openvino_pipeline import (
    Pipeline,
    build_pipeline,
    make_history,
    runtime_versions,
)
from engine.backends.openvino_runtime import load_genai
from engine.backends.run_streamer import RunCollector, make_streamer
from engine.errors import (
    Cancelled,
    DeviceError,
    EngineError,
    ErrorCode,
    GenerationError,
    ParameterError,
)
from engine.events import DeviceInfo, FinishReason, LoadedPipeline, LoadPhase
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.placement import LoadSpec, Strategy
from engine.placement_rules import reserved_tokens, uses_npu_draft_path
from engine.stop_token import StopToken
from engine.thinking import opened_by_prompt

_WARM_UP_TOKENS = 8
_EXIT_WAIT_S = 10.0


_WARM_UP = GenerationRequest(
    messages=(ChatMessage(Role.USER, "Hello"),),
    params=GenerationParams(max_new_tokens=_WARM_UP_TOKENS, ignore_eos=True),
)


def _nothing_left() -> None:
    """Runs are made where they come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receiver:
    """Where the runs of an answer go, or what makes them."""

    on_run: Callable[[Run], None]
    on_work: Callable[[Work], None] | None = None
    settle: Callable[[], None] = _nothing_left


class OpenVinoBackend:
    """The real pipeline, as `engine.backends.base.InferenceBackend` describes it.

    Hazard: the interpreter must not exit while `generate` runs; an exit hook stops it first.
    """

    def __init__(self) -> None:
        self._pipeline: Pipeline | None = None
        self._stand_ins = GreedyDrafts()
        self._cancelled = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        atexit.register(_stop_before_exit, weakref.ref(self))

    @property
    def is_loaded(self) -> bool:
        """Whether a pipeline stands ready."""
        return self._pipeline is not None

    def devices(self) -> tuple[DeviceInfo, ...]:
        """List the devices OpenVINO sees.

        Raises:
            DeviceError: a plugin failed.
        """
        return _list(list_devices)

    def bare_devices(self) -> tuple[DeviceInfo, ...]:
        """List the devices without asking what can be set.

        Raises:
            DeviceError: a plugin failed.
        """
        return _list(lambda: list_devices(with_properties=False))

    def load(self, spec: LoadSpec, *, on_phase: Callable[[LoadPhase], None]) -> LoadedPipeline:
        """Drop the pipeline there is and build another, up to its first tokens.

        Raises:
            EngineError: see `build_pipeline`; Cancelled when `cancel` was called meanwhile.
        """
        started_s = time.perf_counter()
        self.unload()
        self._cancelled.clear()
        self._stand_ins.sweep()
        try:
            pipeline = build_pipeline(spec, on_phase=on_phase, stand_ins=self._stand_ins)
        finally:
            self._stand_ins.clear()  # all is read; what the system holds on to goes at `unload`
        # By itself, so that whoever waits can tell a template that never ends from a slow model.
        on_phase(LoadPhase.READING_TEMPLATE)
        pipeline.tokenizer.render_prompt(make_history(_WARM_UP))
        on_phase(LoadPhase.WARMING_UP)
        self._warm_up(pipeline)
        if self._cancelled.is_set():
            raise Cancelled("The load was cancelled.")
        self._pipeline = pipeline
        return _loaded(pipeline, load_s=time.perf_counter() - started_s)

    def _warm_up(self, pipeline: Pipeline) -> None:
        """The first answer of a pipeline is slow and its figures are off: have it now."""
        try:
            self._run(pipeline, _WARM_UP, _Receiver(on_run=_drop), StopToken())
        except GenerationError as error:
            # Some mismatches show only here, as the runtime's own words.
            cause = error.__cause__
            if isinstance(cause, RuntimeError):
                raise load_error(cause, path=pipeline.spec.main_path, model="main") from cause
            raise

    def generate(
        self, request: GenerationRequest, *, on_run: Callable[[Run], None], stop: StopToken
    ) -> GenerationOutcome:
        """Generate one answer; see the protocol.

        Raises:
            GenerationError: NOT_LOADED, PROMPT_TOO_LONG (facts prompt_tokens, limit) or
                RUNTIME_FAILED; ParameterError: what this pipeline cannot do.
        """
        return self._answer(request, _Receiver(on_run=on_run), stop)

    def generate_deferred(
        self,
        request: GenerationRequest,
        *,
        on_work: Callable[[Work], None],
        settle: Callable[[], None],
        stop: StopToken,
    ) -> GenerationOutcome:
        """As `generate`, text being made where `on_work` hands it on.

        Raises:
            GenerationError, ParameterError: as `generate`.
        """
        receiver = _Receiver(
            on_run=lambda run: on_work(lambda: run), on_work=on_work, settle=settle
        )
        return self._answer(request, receiver, stop)

    def _answer(
        self, request: GenerationRequest, receiver: _Receiver, stop: StopToken
    ) -> GenerationOutcome:
        pipeline = self._pipeline
        if pipeline is None:
            raise GenerationError("No model is loaded.", code=ErrorCode.NOT_LOADED)
        require_supported(pipeline.spec, request.params)
        self._cancelled.clear()
        try:
            return self._run(pipeline, request, receiver, stop)
        except EngineError as error:
            if _spoils_pipeline(pipeline.spec, error):
                del pipeline
                self.unload()
            raise

    def _run(
        self, pipeline: Pipeline, request: GenerationRequest, receiver: _Receiver, stop: StopToken
    ) -> GenerationOutcome:
        collector = self._collector(pipeline, request.params, receiver, stop)
        prompt = _prompt(pipeline, request)
        collector.opening = prompt.opening
        config = _config(pipeline, request.params, prompt.token_count)
        self._idle.clear()
        try:
            result = pipeline.runtime.generate(prompt.inputs, config, make_streamer(collector))
        except (RuntimeError, MemoryError) as error:
            raise generation_error(error) from error
        finally:
            collector.close()
            receiver.settle()
            self._idle.set()
        if collector.error is not None:
            raise _callback_error(collector.error)
        return GenerationOutcome(
            finish_reason=_finish_reason(collector, result), runtime=read_figures(result)
        )

    def _collector(
        self, pipeline: Pipeline, params: GenerationParams, receiver: _Receiver, stop: StopToken
    ) -> RunCollector:
        own_end = uses_npu_draft_path(pipeline.spec) and not params.ignore_eos
        return RunCollector(
            pipeline.detokenizers.make(),
            on_run=receiver.on_run,
            on_work=receiver.on_work,
            is_stopped=lambda: stop.is_set() or self._cancelled.is_set(),
            has_candidates=pipeline.spec.strategy is not Strategy.NONE,
            end_tokens=pipeline.settings.end_tokens if own_end else (),
            stop_strings=params.stop_strings,
        )

    def unload(self) -> None:
        """Drop the pipeline; its memory returns only once nothing refers to it."""
        if self._pipeline is not None:
            self._pipeline = None
            gc.collect()
        self._stand_ins.clear()

    def cancel(self) -> None:
        """Stop a running answer at its next run; a load is discarded when it is done."""
        self._cancelled.set()

    def close(self) -> None:
        """Stop what runs, wait for it and drop the pipeline. Idempotent."""
        self.cancel()
        self._idle.wait(_EXIT_WAIT_S)
        self.unload()


def _list(devices: Callable[[], tuple[DeviceInfo, ...]]) -> tuple[DeviceInfo, ...]:
    try:
        return devices()
    except RuntimeError as error:
        raise DeviceError(f"The devices could not be listed: {error}") from error


def _stop_before_exit(reference: weakref.ref[OpenVinoBackend]) -> None:
    """The runtime's threads call into the interpreter: it must not be gone while they run."""
    backend = reference()
    if backend is not None:
        backend.close()


def _drop(_run: Run) -> None:
    """The answer of the warm-up goes nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prompt:
    """What the runtime is given, its length in tokens, and how it opens the answer's thinking."""

    inputs: Any
    token_count: int
    opening: str


def _prompt(pipeline: Pipeline, request: GenerationRequest) -> _Prompt:
    if not request.messages or not request.messages[-1].content:
        raise ParameterError("There is nothing to answer.", parameter="messages")
    history, tokenizer = make_history(request), pipeline.tokenizer
    rendered = tokenizer.render_prompt(history)
    opening = opened_by_prompt(rendered)
    begun = request.begun_answer
    if begun:
        # A template would close the begun answer: the text goes behind the opened turn instead.
        rendered += begun.removeprefix(opening)
    inputs = tokenizer.encode_prompt(rendered)
    return _Prompt(
        inputs=inputs if begun else history,
        token_count=int(inputs.input_ids.shape[-1]),
        opening="" if begun else opening,
    )


def _config(pipeline: Pipeline, params: GenerationParams, prompt_tokens: int) -> Any:
    spec, context = pipeline.spec, pipeline.context_length
    room = room_for_answer(
        params.max_new_tokens or pipeline.settings.defaults.max_new_tokens,
        prompt_tokens=prompt_tokens,
        prompt_limit=pipeline.prompt_limit,
        context=None if context is None else context - reserved_tokens(spec, params),
    )
    return build_config(spec, pipeline.settings, params, max_new_tokens=room)


def _finish_reason(collector: RunCollector, result: Any) -> FinishReason:
    """Our own reasons first: the runtime runs on after it was told to stop."""
    if collector.was_stopped:
        return FinishReason.STOPPED
    if collector.found_end:
        return FinishReason.END
    # The NPU says NONE when its cache is full.
    ended = load_genai().GenerationFinishReason.STOP in result.finish_reasons
    return FinishReason.END if ended else FinishReason.LENGTH


def _callback_error(error: BaseException) -> EngineError:
    if isinstance(error, EngineError):
        return error
    failure = GenerationError(f"The receiver of the answer failed: {error!r}")
    failure.__cause__ = error
    return failure


def _spoils_pipeline(spec: LoadSpec, error: EngineError) -> bool:
    """After any fault a speculative pipeline may go on without drafting, and not say so."""
    if isinstance(error, ParameterError) or error.code is ErrorCode.PROMPT_TOO_LONG:
        return False
    return spec.strategy is not Strategy.NONE or error.code is ErrorCode.OUT_OF_MEMORY


def _loaded(pipeline: Pipeline, *, load_s: float) -> LoadedPipeline:
    spec = pipeline.spec
    draft_device = spec.placement.draft_device
    return LoadedPipeline(
        spec=spec,
        main_name=pipeline.main_name,
        draft_name=pipeline.draft_name,
        actual_main_device=computing_device(spec.placement.main_device),
        actual_draft_device=computing_device(draft_device) if draft_device else None,
        load_s=load_s,
        defaults=pipeline.settings.defaults,
        context_length=pipeline.context_length,
        knows_thinking=pipeline.tokenizer.knows_thinking,
        versions=runtime_versions(),
    )
