"""What is said about models: kinds, roles, fit, verdicts, reasons. No Qt: a translator comes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.core.filling import filled, filled_from
from app.core.formatting import DASH, THIN_SPACE, count, size
from app.core.model_reasons import REASON_SENTENCES
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.models.fit import FitLabel, FitReport, Need, Pool
from engine.models.manifest import ModelKind, ModelRole, SourceType
from engine.models.reasons import FactValue, Reason, Verdict
from engine.placement import Strategy

_CONTEXT = "ModelText"
_BILLION, _MILLION = 1_000_000_000, 1_000_000

KINDS: Mapping[ModelKind, str] = {
    ModelKind.LLM: QT_TRANSLATE_NOOP("ModelText", "Language model"),
    ModelKind.EAGLE3: QT_TRANSLATE_NOOP("ModelText", "EAGLE-3 head"),
    ModelKind.DFLASH: QT_TRANSLATE_NOOP("ModelText", "DFlash head"),
    ModelKind.MTP: QT_TRANSLATE_NOOP("ModelText", "MTP head"),
    ModelKind.VLM: QT_TRANSLATE_NOOP("ModelText", "Language model with images"),
    ModelKind.WHISPER: QT_TRANSLATE_NOOP("ModelText", "Speech recognition"),
    ModelKind.EMBEDDING: QT_TRANSLATE_NOOP("ModelText", "Embedding"),
    ModelKind.RERANK: QT_TRANSLATE_NOOP("ModelText", "Reranker"),
    ModelKind.DIFFUSION: QT_TRANSLATE_NOOP("ModelText", "Image generation"),
    ModelKind.UNKNOWN: QT_TRANSLATE_NOOP("ModelText", "Unknown kind"),
}
ROLES: Mapping[ModelRole, str] = {
    ModelRole.MAIN: QT_TRANSLATE_NOOP("ModelText", "Main"),
    ModelRole.DRAFT: QT_TRANSLATE_NOOP("ModelText", "Draft"),
    ModelRole.HEAD: QT_TRANSLATE_NOOP("ModelText", "Draft head"),
    ModelRole.OTHER: QT_TRANSLATE_NOOP("ModelText", "Other"),
}
SOURCES: Mapping[SourceType, str] = {
    SourceType.EMBEDDED: QT_TRANSLATE_NOOP("ModelText", "Comes with the program"),
    SourceType.HUGGINGFACE: QT_TRANSLATE_NOOP("ModelText", "Hugging Face"),
    SourceType.MIRROR: QT_TRANSLATE_NOOP("ModelText", "Mirror"),
    SourceType.MODELSCOPE: QT_TRANSLATE_NOOP("ModelText", "ModelScope"),
    SourceType.LOCAL: QT_TRANSLATE_NOOP("ModelText", "Own folder"),
}
VERDICTS: Mapping[Verdict, str] = {
    Verdict.GOOD: QT_TRANSLATE_NOOP("ModelText", "Fits"),
    Verdict.REMARK: QT_TRANSLATE_NOOP("ModelText", "Works, but"),
    Verdict.IMPOSSIBLE: QT_TRANSLATE_NOOP("ModelText", "Does not fit"),
}
FITS: Mapping[FitLabel, str] = {
    FitLabel.FITS: QT_TRANSLATE_NOOP("ModelText", "Fits this machine"),
    FitLabel.MAY_BE_SLOW: QT_TRANSLATE_NOOP("ModelText", "May be slow"),
    FitLabel.WILL_NOT_FIT: QT_TRANSLATE_NOOP("ModelText", "Will not fit"),
    FitLabel.UNKNOWN: QT_TRANSLATE_NOOP("ModelText", "Size not known"),
}
STRATEGIES: Mapping[Strategy, str] = {
    Strategy.DRAFT: QT_TRANSLATE_NOOP("ModelText", "Draft model"),
    Strategy.PROMPT_LOOKUP: QT_TRANSLATE_NOOP("ModelText", "Prompt lookup"),
    Strategy.NONE: QT_TRANSLATE_NOOP("ModelText", "No draft"),
}
_POOLS: Mapping[Pool, str] = {
    Pool.RAM: QT_TRANSLATE_NOOP("ModelText", "Memory: needs {needed}, {available} free"),
    Pool.DEVICE: QT_TRANSLATE_NOOP("ModelText", "{device} memory: needs {needed}, has {available}"),
    Pool.DISK: QT_TRANSLATE_NOOP("ModelText", "Disk: needs {needed}, {available} free"),
}
_REASON_CONTEXT = "ModelReason"
_COUNTED = ("parameters", "largest_useful")


def kind_text(kind: ModelKind, translate: Translate) -> str:
    """The kind of a model in words."""
    return translate(_CONTEXT, KINDS[kind])


def role_text(role: ModelRole, translate: Translate) -> str:
    """What a model is meant for."""
    return translate(_CONTEXT, ROLES[role])


def source_text(source: SourceType, translate: Translate) -> str:
    """Where a model came from."""
    return translate(_CONTEXT, SOURCES[source])


def verdict_text(verdict: Verdict, translate: Translate) -> str:
    """The outcome of a pair check."""
    return translate(_CONTEXT, VERDICTS[verdict])


def strategy_text(strategy: Strategy, translate: Translate) -> str:
    """Where the proposed tokens come from, in two words."""
    return translate(_CONTEXT, STRATEGIES[strategy])


def fit_text(label: FitLabel, translate: Translate) -> str:
    """Whether something fits this machine."""
    return translate(_CONTEXT, FITS[label])


def need_text(need: Need, translate: Translate) -> str:
    """One need with its numbers."""
    return filled(
        translate(_CONTEXT, _POOLS[need.pool]),
        device=need.device or "",
        needed=size(need.needed_bytes),
        available=_free(need),
    )


def fit_lines(fit: FitReport, translate: Translate) -> tuple[str, ...]:
    """The numbers behind a fit label, one line each."""
    weights = translate(
        _CONTEXT,
        "Weights {weights}, caches for {tokens} {tokens:token|tokens} {caches}, runtime {overhead}",
    )
    parts = filled(
        weights,
        weights=size(fit.weight_bytes),
        tokens=fit.context_tokens,
        caches=size(fit.kv_bytes),
        overhead=size(fit.overhead_bytes),
    )
    lines = [*(need_text(need, translate) for need in fit.needs), parts]
    if fit.estimated:
        lines.append(translate(_CONTEXT, "Estimated: exact sizes are known after the download."))
    return tuple(lines)


def reason_text(reason: Reason, translate: Translate) -> str:
    """One reason of the pair checker as a sentence."""
    facts = _Facts({key: _fact(key, value) for key, value in reason.facts})
    return filled_from(translate(_REASON_CONTEXT, REASON_SENTENCES[reason.code]), facts)


def reasons_text(reasons: Iterable[Reason], translate: Translate) -> str:
    """All reasons, one line each."""
    return "\n".join(reason_text(reason, translate) for reason in reasons)


def parameters_text(parameters: int | None) -> str:
    """A number of weights in the short form of the field: 8.2B, 120M."""
    if parameters is None:
        return DASH
    if parameters >= _BILLION * 0.9995:
        return f"{parameters / _BILLION:.1f}".removesuffix(".0") + "B"
    if parameters >= _MILLION * 0.9995:
        return f"{parameters / _MILLION:.0f}M"
    return f"{parameters / 1000:.0f}K"


def percent(done: int, total: int) -> int:
    """Whole percents, 100 only when everything is there."""
    if total <= 0:
        return 0
    return 100 if done >= total else min(99, done * 100 // total)


def speed_text(bytes_per_s: float) -> str:
    """A transfer speed."""
    return f"{size(round(bytes_per_s))}/s"


def remaining_text(seconds: float | None) -> str:
    """A remaining time, coarse on purpose."""
    if seconds is None:
        return DASH
    if seconds < 60:
        return f"{max(1, round(seconds))}{THIN_SPACE}s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}{THIN_SPACE}min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{THIN_SPACE}h {minutes}{THIN_SPACE}min"


def _free(need: Need) -> str:
    return size(need.available_bytes) if need.available_bytes else DASH


def _fact(key: str, value: FactValue) -> str:
    if isinstance(value, int) and any(word in key for word in _COUNTED):
        return parameters_text(value)
    return count(value) if isinstance(value, int) and value > 999 else str(value)


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return DASH
