"""The words of an exported Lab report in the user's language. No Qt; a translator is given."""

from __future__ import annotations

from app.core.lab_pairs import judged_pairs
from app.core.lab_text import cell_name, set_name
from app.core.lab_verdict_text import note_sentences, too_few_sentence, verdict_sentence
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.lab.record import LabRecord
from engine.lab.report_html import ReportText
from engine.lab.statistics import FEWEST_PAIRS
from engine.lab.verdict import Verdict

_CONTEXT = "LabReport"


def report_text(
    record: LabRecord, verdicts: tuple[Verdict, ...], translate: Translate, *, language: str
) -> ReportText:
    """Every word of the report; the verdicts of `record` come first in it."""

    def say(source: str) -> str:
        return translate(_CONTEXT, source)

    return ReportText(
        language=language,
        title=say(QT_TRANSLATE_NOOP("LabReport", "Slipstream Placement Lab")),
        all_prompts=say(QT_TRANSLATE_NOOP("LabReport", "All prompts")),
        placement=say(QT_TRANSLATE_NOOP("LabReport", "Placement")),
        tokens_per_s=say(QT_TRANSLATE_NOOP("LabReport", "tokens/s")),
        speed_up=say(QT_TRANSLATE_NOOP("LabReport", "Speed-up")),
        interval=say(QT_TRANSLATE_NOOP("LabReport", "95 % interval")),
        ttft=say(QT_TRANSLATE_NOOP("LabReport", "First token")),
        acceptance=say(QT_TRANSLATE_NOOP("LabReport", "Accepted by position")),
        mean_length=say(QT_TRANSLATE_NOOP("LabReport", "Tokens per step")),
        memory=say(QT_TRANSLATE_NOOP("LabReport", "Memory")),
        load=say(QT_TRANSLATE_NOOP("LabReport", "Load")),
        energy=say(QT_TRANSLATE_NOOP("LabReport", "J/token")),
        failed=say(QT_TRANSLATE_NOOP("LabReport", "failed")),
        machine=say(QT_TRANSLATE_NOOP("LabReport", "Machine")),
        models=say(QT_TRANSLATE_NOOP("LabReport", "Models")),
        emulated=say(QT_TRANSLATE_NOOP("LabReport", "emulated")),
        headlines=_headlines(record, verdicts, translate),
        set_names={
            prompts.set_id: set_name(prompts.set_id, translate)
            for prompts in record.header.plan.prompt_sets
        },
        cell_name=lambda cell: cell_name(
            cell, translate, with_draft=len(record.header.plan.drafts) > 1
        ),
    )


def _headlines(
    record: LabRecord, verdicts: tuple[Verdict, ...], translate: Translate
) -> tuple[str, ...]:
    if not verdicts:
        return ()
    plan = record.header.plan

    def say(verdict: Verdict) -> str:
        pairs = judged_pairs(plan, verdict)
        if pairs < FEWEST_PAIRS:
            return too_few_sentence(verdict.set_id, pairs, translate)
        return verdict_sentence(verdict, plan.baseline, translate, emulated=record.header.emulated)

    whole, *others = verdicts
    return (
        say(whole),
        *note_sentences(whole, translate),
        *(say(verdict) for verdict in others),
    )
