"""Marks of thinking in text that still grows, and what is known about the thinking of one answer.
No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from app.chat_view.token_map import TokenMap
from engine.metrics.report import GenerationReport
from engine.thinking import KNOWN_MARKS


def may_become_marks(text: str) -> bool:
    """Whether `text` is the first part of some mark, so that more of it decides."""
    return any(marks.start.startswith(text) for marks in KNOWN_MARKS)


def partial_end(text: str, mark: str) -> int:
    """How many characters at the end of `text` may be the start of `mark`."""
    for length in range(min(len(text), len(mark) - 1), 0, -1):
        if mark.startswith(text[-length:]):
            return length
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ThinkingFigures:
    """Of the thinking alone; None where it was not measured."""

    duration_s: float | None
    """From the first token to the last one of the thinking."""
    token_count: int | None


def thinking_figures(
    tokens: TokenMap, end: int, report: GenerationReport | None
) -> ThinkingFigures:
    """Figures of thinking that ends before the character `end` of an answer."""
    last = tokens.at(end - 1)
    if last is None:
        return ThinkingFigures(duration_s=None, token_count=None)
    if report is None or last.step >= len(report.run_lengths):
        return ThinkingFigures(duration_s=None, token_count=tokens.count_until(end))
    before = sum(report.run_lengths[: last.step])
    here = tokens.count_until(end, step=last.step)
    times = report.run_times_s
    duration_s = times[last.step] - times[0] if last.step < len(times) else None
    count = before + min(here, report.run_lengths[last.step])
    return ThinkingFigures(duration_s=duration_s, token_count=count)
