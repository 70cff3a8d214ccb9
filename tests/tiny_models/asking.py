"""Short ways for tests to load a backend and to ask it something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.backends.base import GenerationOutcome, InferenceBackend, Run
from engine.events import FinishReason
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.metrics.recorder import RunRecorder
from engine.metrics.report import GenerationReport
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, PropertyValue, Strategy
from engine.stop_token import StopToken

F32: tuple[tuple[str, PropertyValue], ...] = (
    ("INFERENCE_PRECISION_HINT", "f32"),
    ("DYNAMIC_QUANTIZATION_GROUP_SIZE", 0),
    ("INFERENCE_NUM_THREADS", 1),
)
"""Without the first two, batches of different shape may round differently and so choose another
token; more than one thread would wait longer than it works on models as small as these.
"""
NPU_ON_CPU: tuple[tuple[str, PropertyValue], ...] = (
    ("NPU_USE_NPUW", "YES"),
    ("NPUW_DEVICES", "CPU"),
    ("NPUW_ONLINE_PIPELINE", "NONE"),
    ("MAX_PROMPT_LEN", 128),
    ("MIN_RESPONSE_LEN", 128),
)
"""The runtime's NPU code path, carried out by the CPU: the same code, no NPU needed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer with everything that was streamed."""

    runs: tuple[Run, ...]
    outcome: GenerationOutcome

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def lengths(self) -> list[int]:
        return [run.token_count for run in self.runs if run.token_count]

    @property
    def token_count(self) -> int:
        return sum(self.lengths)

    @property
    def finish_reason(self) -> FinishReason:
        return self.outcome.finish_reason


def make_spec(
    main: Path,
    draft: Path | None = None,
    *,
    strategy: Strategy | None = None,
    main_device: str = "CPU",
    draft_device: str = "CPU",
    **options: Any,
) -> LoadSpec:
    """A load specification; models on the emulated NPU get the properties for it."""
    kind = strategy or (Strategy.DRAFT if draft else Strategy.NONE)
    return LoadSpec(
        main_path=str(main),
        draft_path=str(draft) if draft else None,
        strategy=kind,
        placement=Placement(main_device, draft_device if draft else None),
        main_properties=NPU_ON_CPU if main_device == "NPU" else F32,
        draft_properties=(NPU_ON_CPU if draft_device == "NPU" else F32) if draft else (),
        **options,
    )


def load(backend: InferenceBackend, spec: LoadSpec) -> None:
    """Load and forget the phases."""
    backend.load(spec, on_phase=lambda _phase: None)


def ask(
    backend: InferenceBackend,
    *messages: str,
    stop: StopToken | None = None,
    on_run: Callable[[Run], None] | None = None,
    enable_thinking: bool | None = None,
    **params: Any,
) -> Reply:
    """One answer to user and assistant messages in turn."""
    runs: list[Run] = []

    def take(run: Run) -> None:
        runs.append(run)
        if on_run is not None:
            on_run(run)

    roles = (Role.USER, Role.ASSISTANT)
    request = GenerationRequest(
        messages=tuple(ChatMessage(roles[i % 2], text) for i, text in enumerate(messages)),
        params=GenerationParams(**params),
        enable_thinking=enable_thinking,
    )
    outcome = backend.generate(request, on_run=take, stop=stop or StopToken())
    return Reply(tuple(runs), outcome)


def measure(reply: Reply, spec: LoadSpec, params: GenerationParams) -> GenerationReport:
    """The report of an answer, as a session would make it."""
    recorder = RunRecorder(
        params.num_assistant_tokens,
        max_new_tokens=params.max_new_tokens,
        strategy=spec.strategy,
        adaptive=spec.placement.uses_npu,
        dynamic=params.assistant_confidence_threshold is not None,
    )
    for run in reply.runs:
        recorder.observe(run.token_count, run.at_s)
    return recorder.report(
        finish_reason=str(reply.finish_reason),
        strategy=str(spec.strategy),
        main_name="main",
        draft_name=None,
        main_device=spec.placement.main_device,
        draft_device=spec.placement.draft_device,
        params=params,
        prompt_tokens=None,
        versions=(),
        runtime=reply.outcome.runtime,
    )
