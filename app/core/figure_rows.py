"""Every figure of an answer with its value and its definition, as text. No Qt, no formulas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.draft_length_text import decision_text
from app.core.formatting import DASH, count, duration, rate, ratio, share
from app.core.store.codec import report_to_plain
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.metrics.report import GenerationReport

_C = "FigureRows"
_STRATEGIES = {
    "draft": QT_TRANSLATE_NOOP("FigureRows", "Draft model"),
    "prompt_lookup": QT_TRANSLATE_NOOP("FigureRows", "Prompt lookup"),
    "none": QT_TRANSLATE_NOOP("FigureRows", "Plain decoding"),
}
_ENDINGS = {
    "end": QT_TRANSLATE_NOOP("FigureRows", "the model ended it"),
    "length": QT_TRANSLATE_NOOP("FigureRows", "cut at the token limit"),
    "stopped": QT_TRANSLATE_NOOP("FigureRows", "stopped by you"),
    "interrupted": QT_TRANSLATE_NOOP("FigureRows", "interrupted by an error"),
}
_NAMES: dict[str, tuple[str, str]] = {
    "strategy": (
        QT_TRANSLATE_NOOP("FigureRows", "Strategy"),
        QT_TRANSLATE_NOOP("FigureRows", "Where the proposed tokens came from."),
    ),
    "main": (
        QT_TRANSLATE_NOOP("FigureRows", "Main model"),
        QT_TRANSLATE_NOOP("FigureRows", "The model that decided every token, and its device."),
    ),
    "draft": (
        QT_TRANSLATE_NOOP("FigureRows", "Draft model"),
        QT_TRANSLATE_NOOP("FigureRows", "The model that proposed tokens, and its device."),
    ),
    "settings": (
        QT_TRANSLATE_NOOP("FigureRows", "Set on the devices"),
        QT_TRANSLATE_NOOP(
            "FigureRows", "Properties that were not the default, as the page of devices shows them."
        ),
    ),
    "finish": (
        QT_TRANSLATE_NOOP("FigureRows", "Ended because"),
        QT_TRANSLATE_NOOP("FigureRows", "Why no further token came."),
    ),
    "rate": (
        QT_TRANSLATE_NOOP("FigureRows", "Decode rate"),
        QT_TRANSLATE_NOOP("FigureRows", "Tokens per second after the first run: 1 / TPOT."),
    ),
    "tpot": (
        QT_TRANSLATE_NOOP("FigureRows", "TPOT"),
        QT_TRANSLATE_NOOP(
            "FigureRows",
            "Time per output token: time from the first run to the last, divided by the tokens "
            "after the first run.",
        ),
    ),
    "ttft": (
        QT_TRANSLATE_NOOP("FigureRows", "TTFT"),
        QT_TRANSLATE_NOOP(
            "FigureRows",
            "Time to first token, from asking: template, tokenization, prefill and first step.",
        ),
    ),
    "elapsed": (
        QT_TRANSLATE_NOOP("FigureRows", "Whole time"),
        QT_TRANSLATE_NOOP("FigureRows", "From asking to the end of the answer."),
    ),
    "tokens": (
        QT_TRANSLATE_NOOP("FigureRows", "Tokens"),
        QT_TRANSLATE_NOOP("FigureRows", "Tokens of this answer, thinking included."),
    ),
    "prompt": (
        QT_TRANSLATE_NOOP("FigureRows", "Prompt tokens"),
        QT_TRANSLATE_NOOP("FigureRows", "Tokens of everything the model was given."),
    ),
    "acceptance": (
        QT_TRANSLATE_NOOP("FigureRows", "Acceptance rate"),
        QT_TRANSLATE_NOOP("FigureRows", "Accepted divided by drafted tokens."),
    ),
    "accepted": (
        QT_TRANSLATE_NOOP("FigureRows", "Accepted / drafted"),
        QT_TRANSLATE_NOOP(
            "FigureRows", "Proposed tokens that the main model accepted, of all that were proposed."
        ),
    ),
    "mean": (
        QT_TRANSLATE_NOOP("FigureRows", "Mean acceptance length"),
        QT_TRANSLATE_NOOP(
            "FigureRows",
            "Tokens per main iteration after the first, the main model's own included; 1.00 means "
            "no gain.",
        ),
    ),
    "iterations": (
        QT_TRANSLATE_NOOP("FigureRows", "Main iterations"),
        QT_TRANSLATE_NOOP("FigureRows", "How often the main model ran; the first is the prefill."),
    ),
    "length": (
        QT_TRANSLATE_NOOP("FigureRows", "num_assistant_tokens"),
        QT_TRANSLATE_NOOP("FigureRows", "Tokens proposed before each check, as asked for."),
    ),
    "decision": (
        QT_TRANSLATE_NOOP("FigureRows", "Chosen automatically"),
        QT_TRANSLATE_NOOP(
            "FigureRows",
            "What was known before this answer: accepted share and cost of a proposed token, and "
            "the speed-up they promise against plain decoding.",
        ),
    ),
    "runtime": (
        QT_TRANSLATE_NOOP("FigureRows", "The runtime's own TTFT and TPOT"),
        QT_TRANSLATE_NOOP(
            "FigureRows", "As OpenVINO GenAI measured them; never mixed with the figures above."
        ),
    ),
    "versions": (
        QT_TRANSLATE_NOOP("FigureRows", "Versions"),
        QT_TRANSLATE_NOOP("FigureRows", "Of what made the answer."),
    ),
}
COMPARED = (
    "strategy",
    "main",
    "draft",
    "settings",
    "rate",
    "ttft",
    "elapsed",
    "tokens",
    "acceptance",
    "mean",
)
"""What a comparison of two answers shows."""
_GREATER_IS_BETTER = {"rate": True, "ttft": False, "elapsed": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One figure in the user's language."""

    key: str
    name: str
    value: str
    definition: str


def figure_rows(report: GenerationReport, translate: Translate) -> tuple[FigureRow, ...]:
    """All figures of one answer."""
    return tuple(
        FigureRow(
            key=key,
            name=translate(_C, _NAMES[key][0]),
            value=value,
            definition=translate(_C, _NAMES[key][1]),
        )
        for key, value in _values(report, translate)
    )


def compared_rows(report: GenerationReport | None, translate: Translate) -> dict[str, FigureRow]:
    """The figures of a comparison by key; dashes without a report."""
    if report is None:
        return {
            key: FigureRow(key=key, name=translate(_C, _NAMES[key][0]), value=DASH, definition="")
            for key in COMPARED
        }
    return {row.key: row for row in figure_rows(report, translate) if row.key in COMPARED}


def better(key: str, first: GenerationReport, second: GenerationReport) -> int | None:
    """Which of two answers is better in a figure: 0 or 1; None when that cannot be said."""
    values = {
        "rate": (first.tokens_per_s, second.tokens_per_s),
        "ttft": (first.ttft_s, second.ttft_s),
        "elapsed": (first.elapsed_s, second.elapsed_s),
    }
    one, two = values.get(key, (None, None))
    if one is None or two is None or one == two:
        return None
    if key == "elapsed" and first.token_count != second.token_count:
        return None  # another length takes another time
    return int((two > one) is _GREATER_IS_BETTER[key])


def report_json(report: GenerationReport) -> str:
    """All figures as JSON, for copying."""
    return json.dumps(report_to_plain(report), ensure_ascii=False, indent=2)


def _values(report: GenerationReport, translate: Translate) -> Iterator[tuple[str, str]]:
    strategy = _STRATEGIES.get(report.strategy)
    ending = _ENDINGS.get(report.finish_reason)
    yield "strategy", translate(_C, strategy) if strategy else report.strategy
    yield "main", f"{report.main_name} ({report.main_device})"
    draft = DASH
    if report.draft_name is not None:
        draft = f"{report.draft_name} ({report.draft_device or DASH})"
    yield "draft", draft
    changes = (f"{device}: {name} = {value}" for device, name, value in report.changed_settings)
    yield "settings", ", ".join(changes) or DASH
    yield "finish", translate(_C, ending) if ending else report.finish_reason
    yield "rate", _with_unit(rate(report.tokens_per_s), "tok/s")
    yield "tpot", duration(report.tpot_s)
    yield "ttft", duration(report.ttft_s)
    yield "elapsed", duration(report.elapsed_s)
    yield "tokens", count(report.token_count)
    yield "prompt", count(report.prompt_tokens)
    yield from _speculation(report)
    if report.length_decision is not None:
        yield "decision", decision_text(report.length_decision, translate)
    runtime = report.runtime
    yield "runtime", f"{duration(runtime.ttft_s)} / {duration(runtime.tpot_s)}"
    yield "versions", ", ".join(f"{name} {version}" for name, version in report.versions) or DASH


def _speculation(report: GenerationReport) -> Iterator[tuple[str, str]]:
    drafted = bool(report.drafted)
    yield "acceptance", share(report.acceptance_rate)
    yield (
        "accepted",
        f"{count(report.accepted)} / {count(report.drafted)}" if drafted else DASH,
    )
    yield "mean", ratio(report.mean_acceptance_length) if drafted else DASH
    yield "iterations", count(len(report.run_lengths))
    yield "length", count(report.params.num_assistant_tokens)


def _with_unit(value: str, unit: str) -> str:
    return value if value == DASH else f"{value} {unit}"
