"""Reasons and verdicts as values: codes and facts. Text for people is made in `app`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

FactValue = str | int | float | bool


class Verdict(StrEnum):
    """The outcome of a check."""

    GOOD = "good"
    REMARK = "remark"
    """It works, and there is something to know first."""
    IMPOSSIBLE = "impossible"


class ReasonCode(StrEnum):
    """Every reason of the pair checker and of the NPU check; the app has a sentence for each."""

    # Good to know; these leave a verdict as it is.
    SAME_TOKENIZER = "same_tokenizer"
    DECLARED_PAIR = "declared_pair"
    GREEDY_ONLY = "greedy_only"
    NO_PREFIX_CACHING = "no_prefix_caching"
    NO_EXTRA_MEMORY = "no_extra_memory"
    NOT_INSTALLED = "not_installed"
    MAIN_IS_MOE = "main_is_moe"
    # It works, but.
    TOKENIZER_UNKNOWN = "tokenizer_unknown"
    SPECIAL_TOKENS_DIFFER = "special_tokens_differ"
    STOP_TOKENS_DIFFER = "stop_tokens_differ"
    LOGITS_WIDTH_DIFFERS = "logits_width_differs"
    LOGITS_WIDTH_UNKNOWN = "logits_width_unknown"
    FAMILY_DIFFERS = "family_differs"
    DRAFT_LARGE = "draft_large"
    DRAFT_NOT_SMALLER = "draft_not_smaller"
    OWN_DRAFT = "own_draft"
    TARGET_UNKNOWN = "target_unknown"
    UNVERIFIED_UNTIL_INSTALLED = "unverified_until_installed"
    NPU_INT8_UNTESTED = "npu_int8_untested"
    NPU_PRECISION_UNTESTED = "npu_precision_untested"
    NPU_KIND_UNTESTED = "npu_kind_untested"
    HEAD_UNTESTED = "head_untested"
    # It does not work.
    TOKENIZER_DIFFERS = "tokenizer_differs"
    SPECIAL_IDS_DIFFER = "special_ids_differ"
    NOT_A_DRAFT = "not_a_draft"
    MAIN_TAKES_NO_DRAFT = "main_takes_no_draft"
    MAIN_NOT_RUN_HERE = "main_not_run_here"
    MTP_NOT_RUN_HERE = "mtp_not_run_here"
    MODEL_DAMAGED = "model_damaged"
    DRAFT_LOGITS_LARGER = "draft_logits_larger"
    HEAD_VOCABULARY_DIFFERS = "head_vocabulary_differs"
    HIDDEN_SIZE_DIFFERS = "hidden_size_differs"
    TOO_FEW_LAYERS = "too_few_layers"
    MAIN_CONFIG_MISSING = "main_config_missing"
    EAGLE3_NPU_NEEDS_BOTH = "eagle3_npu_needs_both"
    HEAD_NOT_ON_NPU = "head_not_on_npu"
    NPU_LOGITS_WIDTH = "npu_logits_width"
    NPU_ASYMMETRIC = "npu_asymmetric"
    NPU_GROUP_SIZE = "npu_group_size"
    NPU_INT8_ASYMMETRIC = "npu_int8_asymmetric"
    GPU_WITHOUT_NF4 = "gpu_without_nf4"
    NPU_IGNORES_PROMPT_LOOKUP = "npu_ignores_prompt_lookup"
    OTHER_FAMILY = "other_family"
    OTHER_VOCABULARY = "other_vocabulary"


class Severity(StrEnum):
    """What a reason does to the verdict."""

    INFO = "info"
    REMARK = "remark"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason with the values its sentence needs."""

    code: ReasonCode
    severity: Severity
    facts: tuple[tuple[str, FactValue], ...] = ()


def info(code: ReasonCode, **facts: FactValue) -> Reason:
    """A reason that leaves the verdict as it is."""
    return Reason(code=code, severity=Severity.INFO, facts=tuple(sorted(facts.items())))


def remark(code: ReasonCode, **facts: FactValue) -> Reason:
    """A reason that makes the verdict at best REMARK."""
    return Reason(code=code, severity=Severity.REMARK, facts=tuple(sorted(facts.items())))


def block(code: ReasonCode, **facts: FactValue) -> Reason:
    """A reason that makes the verdict IMPOSSIBLE."""
    return Reason(code=code, severity=Severity.BLOCK, facts=tuple(sorted(facts.items())))


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """The verdict that follows from the gravest reason."""
    severities = {reason.severity for reason in reasons}
    if Severity.BLOCK in severities:
        return Verdict.IMPOSSIBLE
    return Verdict.REMARK if Severity.REMARK in severities else Verdict.GOOD
