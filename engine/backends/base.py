"""The protocol every inference backend keeps; one contract test suite runs on all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from engine.events import (
    DeviceInfo,
    FinishReason,
    LoadedPipeline,
    LoadPhase,
    RestartCause,
    TextSpan,
)
from engine.messages import GenerationRequest
from engine.metrics.report import RuntimeFigures
from engine.placement import LoadSpec
from engine.stop_token import StopToken


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Tokens validated in one main iteration, and the text that became final with them.

    The last run of an answer may have token_count 0 and carry only text that was held back.
    """

    token_count: int
    text: str
    spans: tuple[TextSpan, ...]
    """Cover `text` exactly."""
    at_s: float
    """Seconds since `generate` was called in the process that runs the model."""
    token_ids: tuple[int, ...] = ()
    """The tokens themselves, for comparing answers; empty where a backend has none."""


Work = Callable[[], Run | None]
"""Makes the next run of an answer, None when there is none: called once, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationOutcome:
    """How a generation ended. The text is what was streamed; there is no other."""

    finish_reason: FinishReason
    runtime: RuntimeFigures = field(default_factory=RuntimeFigures)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendDeath:
    """The process behind a backend ended without being asked."""

    cause: RestartCause
    exit_code: int | None
    crash_file: str | None


class InferenceBackend(Protocol):
    """Runs one pipeline at a time. Every method blocks; none is called concurrently, except
    `cancel`, which may be called from any thread at any time.

    Errors: every method raises `engine.errors.EngineError` and nothing else. After
    `EngineProcessError`, or after any error from `generate` of a speculative pipeline that is
    not a ParameterError or PROMPT_TOO_LONG, `is_loaded` is False and a new `load` is needed.
    """

    @property
    def is_loaded(self) -> bool:
        """Whether a pipeline stands ready."""
        ...

    def devices(self) -> tuple[DeviceInfo, ...]:
        """List the devices OpenVINO sees."""
        ...

    def load(self, spec: LoadSpec, *, on_phase: Callable[[LoadPhase], None]) -> LoadedPipeline:
        """Drop the pipeline there is and build another. `on_phase` runs on any thread."""
        ...

    def generate(
        self, request: GenerationRequest, *, on_run: Callable[[Run], None], stop: StopToken
    ) -> GenerationOutcome:
        """Generate one answer. `on_run` is called once per main iteration, in order, from any
        one thread at a time, and never after this returns. Polls or subscribes to `stop`.
        """
        ...

    def unload(self) -> None:
        """Drop the pipeline and give its memory back."""
        ...

    def cancel(self) -> None:
        """Make a blocking call that cannot be stopped gently return soon (ProcessBackend kills
        its child; others can do nothing but remember). Thread-safe.
        """
        ...

    def close(self) -> None:
        """End the backend for good. Idempotent."""
        ...


@runtime_checkable
class PropertyAsker(Protocol):
    """What a backend has besides `InferenceBackend` that asks plugins what can be set."""

    def bare_devices(self) -> tuple[DeviceInfo, ...]:
        """The devices, without asking what can be set: a driver may not survive that."""
        ...


@runtime_checkable
class DeferringBackend(Protocol):
    """What a backend has besides `InferenceBackend` that can leave work on its runs for later."""

    def generate_deferred(
        self,
        request: GenerationRequest,
        *,
        on_work: Callable[[Work], None],
        settle: Callable[[], None],
        stop: StopToken,
    ) -> GenerationOutcome:
        """As `generate`, but `on_work` takes what makes each run: the runtime need not wait for
        text. It is called on any one thread at a time; `settle` returns once nothing is left of
        what it took.
        """
        ...


@runtime_checkable
class MortalBackend(Protocol):
    """What a backend with a process of its own has besides `InferenceBackend`."""

    on_death: Callable[[BackendDeath], None] | None
    """Called, on any thread, when the process ends while no call is in progress. The end of a
    process during a call is told by that call's `EngineProcessError` instead, never by both."""
