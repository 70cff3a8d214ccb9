"""The figures of one answer as text: its footer and the values of the panel. No Qt, no formulas."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.filling import filled
from app.core.formatting import DASH, count, duration, rate, ratio, share
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.metrics.report import GenerationReport, LiveStats

_CONTEXT = "AnswerFigures"
_TOKENS = QT_TRANSLATE_NOOP("AnswerFigures", "{count} {count:token|tokens}")
_RATE = QT_TRANSLATE_NOOP("AnswerFigures", "{rate} tok/s")
_TTFT = QT_TRANSLATE_NOOP("AnswerFigures", "TTFT {time}")
_ACCEPTED = QT_TRANSLATE_NOOP("AnswerFigures", "accepted {accepted} of {drafted} ({share})")
_MEAN = QT_TRANSLATE_NOOP("AnswerFigures", "mean acceptance length {length}")
_STOPPED = QT_TRANSLATE_NOOP("AnswerFigures", "stopped")
_CUT = QT_TRANSLATE_NOOP("AnswerFigures", "cut at the token limit")

Figures = GenerationReport | LiveStats


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTexts:
    """Values of the panel, each a number with its unit or a dash."""

    tokens_per_s: str = DASH
    acceptance_rate: str = DASH
    ttft: str = DASH
    tokens: str = DASH
    accepted_of_drafted: str = DASH
    mean_acceptance_length: str = DASH


def figure_texts(figures: Figures) -> FigureTexts:
    """Turn live or final figures into the panel's values."""
    return FigureTexts(
        tokens_per_s=rate(figures.tokens_per_s),
        acceptance_rate=share(figures.acceptance_rate),
        ttft=duration(figures.ttft_s),
        tokens=count(figures.token_count),
        accepted_of_drafted=_accepted_of_drafted(figures),
        mean_acceptance_length=_mean_length(figures),
    )


def footer_text(report: GenerationReport, translate: Translate) -> str:
    """Build the line that stays under a finished answer; what was not measured is left out."""
    parts = [filled(translate(_CONTEXT, _TOKENS), count=report.token_count)]
    if report.tokens_per_s is not None:
        parts.append(filled(translate(_CONTEXT, _RATE), rate=rate(report.tokens_per_s)))
    if report.ttft_s is not None:
        parts.append(filled(translate(_CONTEXT, _TTFT), time=duration(report.ttft_s)))
    if report.drafted:
        parts.append(
            filled(
                translate(_CONTEXT, _ACCEPTED),
                accepted=count(report.accepted),
                drafted=count(report.drafted),
                share=share(report.acceptance_rate),
            )
        )
        if report.mean_acceptance_length is not None:
            length = ratio(report.mean_acceptance_length)
            parts.append(filled(translate(_CONTEXT, _MEAN), length=length))
    parts.extend(_ending(report, translate))
    return "  \u00b7  ".join(parts)


def _ending(report: GenerationReport, translate: Translate) -> list[str]:
    endings = {"stopped": _STOPPED, "length": _CUT}
    source = endings.get(report.finish_reason)
    return [translate(_CONTEXT, source)] if source else []


def _accepted_of_drafted(figures: Figures) -> str:
    if not figures.drafted or figures.accepted is None:
        return DASH
    return f"{count(figures.accepted)} / {count(figures.drafted)}"


def _mean_length(figures: Figures) -> str:
    """Without candidates the length is 1.0 by definition, which tells nothing."""
    return ratio(figures.mean_acceptance_length) if figures.drafted else DASH
