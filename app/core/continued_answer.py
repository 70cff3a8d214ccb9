"""An answer that was made in two parts: its figures as one, and its spans. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.events import TextSpan
from engine.metrics.report import GenerationReport


def next_step(spans: Sequence[TextSpan], report: GenerationReport | None) -> int:
    """The number of the first step of the second part."""
    if report is not None:
        return len(report.run_lengths)
    return spans[-1].step + 1 if spans else 0


def shifted(spans: Sequence[TextSpan], steps: int) -> tuple[TextSpan, ...]:
    """Spans of the second part, counted on from the first."""
    return tuple(replace(span, step=span.step + steps) for span in spans)


def joined_report(
    first: GenerationReport | None, second: GenerationReport | None
) -> GenerationReport | None:
    """The figures of both parts together.

    Counts and times add up; rates are made anew from the sums, without the first run of either
    part, which is its prefill. TTFT and settings stay those of the first part, the end is that of
    the second; the runtime's own figures are those of the second part.
    """
    if first is None or second is None:
        return second or first
    decoded_s, decoded = 0.0, 0
    for part in (first, second):
        tokens = part.token_count - sum(part.run_lengths[:1])
        if part.tpot_s is not None and tokens > 0:
            decoded_s += part.tpot_s * tokens
            decoded += tokens
    tpot = decoded_s / decoded if decoded else None
    drafted = _sum(first.drafted, second.drafted)
    accepted = _sum(first.accepted, second.accepted)
    runs = sum(max(0, len(part.run_lengths) - 1) for part in (first, second))
    after = sum(sum(part.run_lengths[1:]) for part in (first, second))
    return replace(
        first,
        finish_reason=second.finish_reason,
        token_count=first.token_count + second.token_count,
        elapsed_s=first.elapsed_s + second.elapsed_s,
        tpot_s=tpot,
        tokens_per_s=1.0 / tpot if tpot else None,
        accepted=accepted,
        drafted=drafted,
        acceptance_rate=min(1.0, (accepted or 0) / drafted) if drafted else None,
        mean_acceptance_length=after / runs if runs else None,
        run_lengths=first.run_lengths + second.run_lengths,
        run_times_s=first.run_times_s
        + tuple(first.elapsed_s + at_s for at_s in second.run_times_s),
        runtime=second.runtime,
    )


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second
