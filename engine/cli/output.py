"""Writes events and figures: text and tokens to standard output, the rest to standard error; or
everything as JSON, one object a line, to standard output.
"""

from __future__ import annotations

import sys
from typing import Any, Protocol

from engine.cli.lines import event_name, remark, write_json
from engine.codec import to_plain
from engine.errors import ErrorInfo
from engine.events import EngineEvent, LoadedPipeline, LoadPhaseChanged, TokensStreamed
from engine.metrics.report import GenerationReport, LengthDecision, LengthReason
from engine.placement_rules import Finding


class Output(Protocol):
    """Where the front end's news goes."""

    def event(self, event: EngineEvent) -> None:
        """An event of the engine."""
        ...

    def unused(self, finding: Finding) -> None:
        """A parameter that has no effect here, or another one than usual."""
        ...

    def report(self, report: GenerationReport, pipeline: LoadedPipeline) -> None:
        """The figures of an answer."""
        ...

    def draft_changed(self, decision: LengthDecision) -> None:
        """The draft is set aside before the next answer, or taken back."""
        ...

    def error(self, error: ErrorInfo) -> None:
        """The error that ends the program."""
        ...


class JsonOutput:
    """One JSON object a line; of an answer, the report is the last."""

    def event(self, event: EngineEvent) -> None:
        """The event with its fields, under its name."""
        write_json(event_to_json(event))

    def unused(self, finding: Finding) -> None:
        """The finding with its fields."""
        self._write("not_used", to_plain(finding))

    def report(self, report: GenerationReport, pipeline: LoadedPipeline) -> None:
        """Everything measured."""
        self._write("report", flatten_report(report, pipeline))

    def draft_changed(self, decision: LengthDecision) -> None:
        """Nothing more: the decision was an event."""

    def error(self, error: ErrorInfo) -> None:
        """Code, message and facts."""
        plain = to_plain(error)
        self._write("error", {**plain, "facts": dict(error.facts)})

    def _write(self, name: str, fields: dict[str, Any]) -> None:
        write_json({"event": name, **fields})


class TextOutput:
    """The answer to standard output, figures and remarks to standard error."""

    def event(self, event: EngineEvent) -> None:
        """Text as it comes; what a load is doing."""
        if isinstance(event, TokensStreamed):
            sys.stdout.write(event.text)
            sys.stdout.flush()
        elif isinstance(event, LoadPhaseChanged):
            remark(f"[{event.phase}]")

    def unused(self, finding: Finding) -> None:
        """One line."""
        remark(f"{finding.subject}: {finding.effect} here ({finding.code})")

    def report(self, report: GenerationReport, pipeline: LoadedPipeline) -> None:
        """The figures, one line each."""
        sys.stdout.write("\n")
        sys.stdout.flush()
        for name, value in flatten_report(report, pipeline).items():
            if name not in ("run_times_s", "runtime", "params", "length_decision"):
                remark(f"{name:<24}{_short(value)}")
        if report.length_decision is not None:
            remark(f"{'draft length':<24}{decision_sentence(report.length_decision)}")

    def draft_changed(self, decision: LengthDecision) -> None:
        """One line with the numbers."""
        is_plain = decision.reason is LengthReason.PLAIN_IS_FASTER
        action = "the draft is set aside" if is_plain else "the draft is taken back"
        remark(f"{action}: {decision_sentence(decision)}")

    def error(self, error: ErrorInfo) -> None:
        """The sentence, and what to do about it."""
        remark(f"error: {error.message}" + (f" {error.hint}" if error.hint else ""))


def event_to_json(event: EngineEvent) -> dict[str, Any]:
    """An event with its fields, under its name."""
    return {"event": event_name(event), **to_plain(event)}


def flatten_report(report: GenerationReport, pipeline: LoadedPipeline) -> dict[str, Any]:
    """The report as a JSON object, with how the pipeline was loaded."""
    fields = to_plain(report)
    tokens = fields.pop("token_count")
    del fields["main_device"], fields["draft_device"]
    return {
        "finish_reason": fields.pop("finish_reason"),
        "tokens": tokens,
        **fields,
        "versions": dict(report.versions),
        "load_s": pipeline.load_s,
        "devices": {"main": report.main_device, "draft": report.draft_device},
    }


def decision_sentence(decision: LengthDecision) -> str:
    """A draft length with its numbers in one line."""
    length, speed_up = decision.num_assistant_tokens, decision.expected_speed_up
    tokens = "1 token" if length == 1 else f"{length} tokens"
    if speed_up is None:
        return f"{tokens}: nothing measured yet"
    text = (
        f"{tokens}: {decision.acceptance_rate or 0:.0%} accepted, draft step "
        f"{decision.draft_cost_ratio or 0:.2f} of a main step, expected {speed_up:.2f}x"
    )
    if decision.reason is LengthReason.PLAIN_IS_FASTER:
        return f"plain decoding is faster (best draft length: {text})"
    return f"{text} (calibrating)" if decision.reason is LengthReason.CALIBRATING else text


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {item}" for name, item in value.items())
    return "-" if value is None else str(value)
