"""An answer as the verify steps it came from, to be shown one after the other. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.conversation import Message
from engine.events import TextSpan
from engine.metrics.definitions import accepted_in_run
from engine.metrics.report import GenerationReport
from engine.placement import Strategy


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayStep:
    """What one verify step added."""

    step: int
    text: str
    spans: tuple[TextSpan, ...]
    accepted: int
    """Tokens that the draft had proposed and the main model accepted."""
    own: int
    """Tokens of the main model itself."""
    proposed: int | None
    """Tokens that the draft proposed, None when that was not recorded."""


def replay_steps(message: Message) -> tuple[ReplayStep, ...]:
    """The steps of an answer in order; empty when it was not recorded how it came about."""
    groups: list[list[TextSpan]] = []
    for span in message.spans:
        if not groups or groups[-1][-1].step != span.step:
            groups.append([])
        groups[-1].append(span)
    steps = []
    offset = 0
    for spans in groups:
        end = offset + sum(span.characters for span in spans)
        steps.append(_step(spans, message.text[offset:end], message.report))
        offset = end
    return tuple(steps)


def _step(spans: Sequence[TextSpan], text: str, report: GenerationReport | None) -> ReplayStep:
    step = spans[0].step
    count, accepted = len(spans), sum(span.accepted for span in spans)
    if report is not None and step < len(report.run_lengths):
        # Tokens without text have no span, so the run tells the number.
        count = report.run_lengths[step]
        has_candidates = step > 0 and report.strategy != Strategy.NONE
        accepted = accepted_in_run(count) if has_candidates else 0
    return ReplayStep(
        step=step,
        text=text,
        spans=tuple(spans),
        accepted=accepted,
        own=count - accepted,
        proposed=_proposed(report, accepted) if step else 0,
    )


def _proposed(report: GenerationReport | None, accepted: int) -> int | None:
    """A draft model proposes as many tokens as it was told to; lookup in the prompt varies."""
    if report is None or report.strategy != Strategy.DRAFT:
        return None
    asked = report.params.num_assistant_tokens
    return asked if asked is not None and asked >= accepted else None
