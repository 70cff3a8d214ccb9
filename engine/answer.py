"""One answer in the making: its stop token, its text so far, its figures, and their events."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

from engine.backends.base import Run
from engine.errors import ErrorInfo
from engine.events import (
    EngineEvent,
    FinishReason,
    GenerationFailed,
    GenerationFinished,
    GenerationStarted,
    LoadedPipeline,
    StatsUpdated,
    TokensStreamed,
)
from engine.messages import GenerationRequest
from engine.metrics.recorder import RunRecorder
from engine.metrics.report import GenerationReport, LengthDecision, RuntimeFigures
from engine.params import GenerationParams
from engine.placement import Strategy
from engine.stop_token import StopToken

STATS_INTERVAL_S = 0.05
INTERRUPTED = "interrupted"


class Answer:
    """Collects the runs of one generation.

    Guarantees: `text` is exactly what the events of `observe` carried. Hazard: `observe` runs on
    the backend's thread, everything else on the session's; never both at a time.
    """

    def __init__(self, generation_id: int, request: GenerationRequest) -> None:
        self.generation_id = generation_id
        self.request = request
        self.stop = StopToken()
        self.was_killed = False
        """The engine was ended because it did not heed the stop."""
        self.watchdog: threading.Timer | None = None
        self._pipeline: LoadedPipeline | None = None
        self._decision: LengthDecision | None = None
        self._recorder = RunRecorder(None, max_new_tokens=None, strategy=Strategy.NONE)
        self._parts: list[str] = []
        self._has_unsent_stats = False
        self._stats_due_s = 0.0

    @property
    def text(self) -> str:
        """What was streamed so far."""
        return "".join(self._parts)

    def begin(
        self,
        pipeline: LoadedPipeline,
        *,
        params: GenerationParams | None = None,
        decision: LengthDecision | None = None,
    ) -> GenerationStarted:
        """Bind the answer to the pipeline that will make it.

        Args:
            params: what stands in for the parameters asked for, with the draft length chosen.
            decision: where that length comes from.
        """
        if params is not None:
            self.request = replace(self.request, params=params)
        params = self.request.params
        self._pipeline, self._decision = pipeline, decision
        self._recorder = RunRecorder.for_answer(pipeline, params)
        return GenerationStarted(
            generation_id=self.generation_id, params=params, length_decision=decision
        )

    def observe(self, run: Run) -> Iterator[EngineEvent]:
        """Take in one run; yield its events, the figures at most every 50 ms."""
        self._parts.append(run.text)
        yield TokensStreamed(
            generation_id=self.generation_id,
            text=run.text,
            spans=run.spans,
            token_count=run.token_count,
            at_s=run.at_s,
        )
        if not run.token_count:
            return
        self._recorder.count(run.token_count, run.at_s)
        self._has_unsent_stats = True
        if run.at_s >= self._stats_due_s:
            self._stats_due_s = run.at_s + STATS_INTERVAL_S
            yield from self.flush_stats()

    def flush_stats(self) -> Iterator[EngineEvent]:
        """Yield the latest figures if they were held back."""
        if self._has_unsent_stats:
            self._has_unsent_stats = False
            stats = self._recorder.live()
            yield StatsUpdated(generation_id=self.generation_id, stats=stats)

    def finished(self, reason: FinishReason, runtime: RuntimeFigures) -> GenerationFinished:
        """Make the event of an answer that ended well, or on request."""
        return GenerationFinished(
            generation_id=self.generation_id,
            finish_reason=reason,
            text=self.text,
            report=self._report(reason.value, runtime),
        )

    def failed(self, error: ErrorInfo) -> GenerationFailed:
        """Make the event of an answer that was cut off; the text so far stays."""
        return GenerationFailed(
            generation_id=self.generation_id,
            error=error,
            text=self.text,
            report=self._report(INTERRUPTED, RuntimeFigures()) if self._parts else None,
        )

    def _report(self, finish_reason: str, runtime: RuntimeFigures) -> GenerationReport:
        pipeline = self._pipeline
        report = self._recorder.report(
            finish_reason=finish_reason,
            strategy=pipeline.spec.strategy if pipeline else Strategy.NONE,
            main_name=pipeline.main_name if pipeline else "",
            draft_name=pipeline.draft_name if pipeline else None,
            main_device=pipeline.actual_main_device if pipeline else "",
            draft_device=pipeline.actual_draft_device if pipeline else None,
            params=self.request.params,
            prompt_tokens=runtime.prompt_tokens,
            versions=pipeline.versions if pipeline else (),
            runtime=runtime,
        )
        changes = pipeline.spec.changes if pipeline else ()
        return replace(report, changed_settings=changes, length_decision=self._decision)
