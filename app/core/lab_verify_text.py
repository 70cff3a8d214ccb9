"""Sentences for a verification: what is proven and what is not. No Qt; a translator is given."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.filling import filled
from app.core.placement_notes import finding_text
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.placement_rules import Effect, Finding, Reason
from engine.verify.report import Conclusion, Precision, Remark, Statement, VerifyReport

_CONTEXT = "LabVerify"

_CONCLUSIONS: Mapping[Conclusion, str] = {
    Conclusion.EQUAL: QT_TRANSLATE_NOOP(
        "LabVerify", "Equal: there is no difference that rounding does not explain."
    ),
    Conclusion.DIFFERENT: QT_TRANSLATE_NOOP(
        "LabVerify", "Different: the draft changes what the model says here."
    ),
    Conclusion.UNDECIDED: QT_TRANSLATE_NOOP(
        "LabVerify", "Undecided: not everything could be checked, or too little to be sure."
    ),
}
_PRECISIONS: Mapping[str, str] = {
    Precision.F32: QT_TRANSLATE_NOOP("LabVerify", "At full precision (f32)"),
    Precision.DEFAULT: QT_TRANSLATE_NOOP("LabVerify", "At the precision of chats"),
}
_STATEMENTS: Mapping[Statement, str] = {
    Statement.GREEDY_EQUAL: QT_TRANSLATE_NOOP(
        "LabVerify",
        "{precision}: {prompts} {prompts:answer|answers} with {tokens} {tokens:token|tokens} "
        "{prompts:is|are} equal, every token.",
    ),
    Statement.GREEDY_DIFFERS_BY_ROUNDING: QT_TRANSLATE_NOOP(
        "LabVerify",
        "{precision}: {different} of {prompts} {prompts:answer|answers} "
        "{different:differs|differ}, each from a token where two were "
        "nearly as likely (logits at most {largest_gap} apart): rounding, not another model.",
    ),
    Statement.GREEDY_DIFFERS: QT_TRANSLATE_NOOP(
        "LabVerify",
        "{precision}: {different} of {prompts} {prompts:answer|answers} "
        "{different:differs|differ}, and rounding does not explain it.",
    ),
    Statement.SAMPLING_AGREES: QT_TRANSLATE_NOOP(
        "LabVerify",
        "With temperature: in {samples} {samples:sample|samples} the first two tokens are as "
        "frequent as without "
        "a draft ({tests} chi-square {tests:test|tests}, lowest p = {p_value}). That shows no "
        "difference; it "
        "cannot prove that there is none.",
    ),
    Statement.SAMPLING_DIFFERS: QT_TRANSLATE_NOOP(
        "LabVerify",
        "With temperature: in {samples} {samples:sample|samples} the first tokens are not as "
        "frequent as without "
        "a draft (p = {p_value}).",
    ),
    Statement.SAMPLING_SAYS_NOTHING: QT_TRANSLATE_NOOP(
        "LabVerify",
        "With temperature: {samples} {samples:sample tells|samples are too alike to tell} "
        "anything.",
    ),
    Statement.SAMPLING_NOT_OFFERED: QT_TRANSLATE_NOOP(
        "LabVerify", "With temperature: not checked, because this placement does not offer it."
    ),
    Statement.NOT_CHECKED: QT_TRANSLATE_NOOP(
        "LabVerify", "A part could not be checked ({part}: {code})."
    ),
    Statement.STOPPED: QT_TRANSLATE_NOOP("LabVerify", "Stopped before everything was checked."),
}
_NOT_PROVEN = QT_TRANSLATE_NOOP(
    "LabVerify", "This holds for these prompts, models and versions on this machine, no further."
)


def conclusion_text(report: VerifyReport, translate: Translate) -> str:
    """The whole in one sentence."""
    return translate(_CONTEXT, _CONCLUSIONS[report.conclusion])


def remark_texts(report: VerifyReport, translate: Translate) -> tuple[str, ...]:
    """Every statement with its numbers, then how far it reaches."""
    said = [_remark(remark, translate) for remark in report.remarks]
    return (*said, translate(_CONTEXT, _NOT_PROVEN))


def _remark(remark: Remark, translate: Translate) -> str:
    facts = {name: _value(name, value, translate) for name, value in remark.facts}
    sentence = filled(translate(_CONTEXT, _STATEMENTS[remark.statement]), **facts)
    if remark.statement is Statement.SAMPLING_NOT_OFFERED:
        code = Reason(str(dict(remark.facts)["reason"]))
        finding = Finding(code=code, effect=Effect.REFUSED, subject="sampling")
        return f"{sentence} {finding_text(finding, translate)}"
    return sentence


def _value(name: str, value: str | int | float, translate: Translate) -> str | int:
    if name == "precision":
        return translate(_CONTEXT, _PRECISIONS[str(value)])
    if name == "p_value":
        return f"{float(value):.2g}"
    if name == "largest_gap":
        return f"{float(value):.2f}"
    return value if isinstance(value, int) else str(value)
