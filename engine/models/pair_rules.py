"""May this draft serve this main? One rule set per kind of draft; pure, every answer with facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engine.models.device_fitness import device_reasons
from engine.models.inspection import Inspection
from engine.models.loadable import damage_reasons, draft_kind_reasons, main_kind_reasons
from engine.models.manifest import ModelKind, ModelRole
from engine.models.pair_size import size_reasons
from engine.models.reasons import Reason, ReasonCode, Severity, block, info, remark
from engine.models.tokenizer_facts import TokenizerMatch, compare_tokenizers
from engine.placement import Placement

EAGLE3_LEAST_LAYERS = 10
_HEADS = (ModelKind.EAGLE3, ModelKind.DFLASH)
_ON_CPU = Placement(main_device="CPU", draft_device="CPU")


def check_pair(
    main: Inspection, draft: Inspection, *, placement: Placement = _ON_CPU
) -> tuple[Reason, ...]:
    """Everything to say about this draft for this main on these devices, the gravest first.

    CPU and GPU share the rules of the runtime; an NPU in either place changes them.
    """
    reasons = [
        *damage_reasons(main, "main"),
        *damage_reasons(draft, "draft"),
        *main_kind_reasons(main),
        *draft_kind_reasons(draft),
    ]
    if not reasons:
        rules = _check_head if draft.kind in _HEADS else _check_draft_model
        reasons = [*rules(main, draft, placement), *_check_devices(main, draft, placement)]
    order = (Severity.BLOCK, Severity.REMARK, Severity.INFO)
    return tuple(sorted(reasons, key=lambda reason: order.index(reason.severity)))


def is_same_folder(main: Inspection, draft: Inspection) -> bool:
    """Whether both are the same model on this disk."""
    return Path(main.path).resolve() == Path(draft.path).resolve()


def _check_draft_model(
    main: Inspection, draft: Inspection, placement: Placement
) -> Iterator[Reason]:
    yield from _check_tokenizers(main, draft)
    yield from _check_widths(main, draft)
    if draft.config.eos_ids and main.config.eos_ids and draft.config.eos_ids != main.config.eos_ids:
        yield remark(
            ReasonCode.STOP_TOKENS_DIFFER,
            main=_join(main.config.eos_ids), draft=_join(draft.config.eos_ids),
        )  # fmt: skip
    if main.config.experts is not None:
        yield info(ReasonCode.MAIN_IS_MOE, experts=main.config.experts)
    if placement.uses_npu:
        yield info(ReasonCode.GREEDY_ONLY)
    if is_same_folder(main, draft):
        yield remark(ReasonCode.OWN_DRAFT)
    elif _is_declared(main, draft):
        yield info(ReasonCode.DECLARED_PAIR)
    else:
        yield from _check_family(main, draft)
        yield from size_reasons(main.parameters, draft.parameters)


def _check_tokenizers(main: Inspection, draft: Inspection) -> Iterator[Reason]:
    match = compare_tokenizers(main.tokenizer, draft.tokenizer)
    if match is TokenizerMatch.DIFFERENT:
        yield block(
            ReasonCode.TOKENIZER_DIFFERS,
            main_tokens=main.tokenizer.token_count or 0,
            draft_tokens=draft.tokenizer.token_count or 0,
        )
    elif match is TokenizerMatch.SPECIAL_TOKENS_DIFFER:
        yield remark(ReasonCode.SPECIAL_TOKENS_DIFFER)
    elif match is TokenizerMatch.UNKNOWN:
        yield remark(ReasonCode.TOKENIZER_UNKNOWN)
    else:
        yield info(ReasonCode.SAME_TOKENIZER, tokens=main.tokenizer.token_count or 0)
    for name in ("eos", "bos", "pad"):
        one, other = (getattr(m.tokenizer, f"{name}_id") for m in (main, draft))
        # The runtime compares these three itself and refuses the pair.
        if one is not None and other is not None and one != other:
            yield block(ReasonCode.SPECIAL_IDS_DIFFER, token=name, main=one, draft=other)


def _check_widths(main: Inspection, draft: Inspection) -> Iterator[Reason]:
    one, other = main.logits_width, draft.logits_width
    if one is None or other is None:
        yield remark(ReasonCode.LOGITS_WIDTH_UNKNOWN)
    elif other > one:
        # Measured: the answer stays right and not one candidate is accepted.
        yield block(ReasonCode.DRAFT_LOGITS_LARGER, main=one, draft=other)
    elif other < one:
        yield remark(ReasonCode.LOGITS_WIDTH_DIFFERS, main=one, draft=other)


def _check_family(main: Inspection, draft: Inspection) -> Iterator[Reason]:
    one, other = base_family(main.family), base_family(draft.family)
    if one is not None and other is not None and one != other:
        yield remark(ReasonCode.FAMILY_DIFFERS, main=one, draft=other)


def _check_head(main: Inspection, draft: Inspection, placement: Placement) -> Iterator[Reason]:
    yield info(ReasonCode.GREEDY_ONLY)
    # The rules are read in the runtime's sources; no head is small enough to be tried in a test.
    yield remark(ReasonCode.HEAD_UNTESTED, kind=draft.kind.value)
    if draft.kind is ModelKind.EAGLE3:
        yield from _check_eagle3_main(main)
        if placement.uses_npu and {placement.main_device, placement.draft_device} != {"NPU"}:
            yield block(ReasonCode.EAGLE3_NPU_NEEDS_BOTH)
    else:
        yield info(ReasonCode.NO_PREFIX_CACHING)
    yield from _check_target(main, draft)


def _check_eagle3_main(main: Inspection) -> Iterator[Reason]:
    layers = main.config.layers
    if layers is None:
        yield block(ReasonCode.MAIN_CONFIG_MISSING)
    elif layers < EAGLE3_LEAST_LAYERS:
        yield block(ReasonCode.TOO_FEW_LAYERS, layers=layers, least=EAGLE3_LEAST_LAYERS)


def _check_target(main: Inspection, draft: Inspection) -> Iterator[Reason]:
    """A head reads the hidden states of the one model it was trained on."""
    hidden = (main.config.hidden_size, draft.config.hidden_size)
    if None in hidden:
        yield remark(ReasonCode.TARGET_UNKNOWN)
    elif hidden[0] != hidden[1]:
        yield block(ReasonCode.HIDDEN_SIZE_DIFFERS, main=hidden[0] or 0, draft=hidden[1] or 0)
    vocabulary = (main.config.vocabulary_size, draft.config.vocabulary_size)
    if None not in vocabulary and vocabulary[0] != vocabulary[1]:
        yield block(
            ReasonCode.HEAD_VOCABULARY_DIFFERS, main=vocabulary[0] or 0, draft=vocabulary[1] or 0
        )
    if compare_tokenizers(main.tokenizer, draft.tokenizer) is TokenizerMatch.DIFFERENT:
        yield block(ReasonCode.TOKENIZER_DIFFERS)


def _check_devices(main: Inspection, draft: Inspection, placement: Placement) -> Iterator[Reason]:
    if placement.uses_npu:
        yield from _check_npu(main, draft)
    for which, model, device in (
        ("main", main, placement.main_device),
        ("draft", draft, placement.draft_device),
    ):
        for reason in device_reasons(model, device) if device is not None else ():
            if reason.code is not ReasonCode.HEAD_NOT_ON_NPU:  # said for any NPU in the pair
                yield replace(reason, facts=tuple(sorted((*reason.facts, ("which", which)))))


def _check_npu(main: Inspection, draft: Inspection) -> Iterator[Reason]:
    if draft.kind is ModelKind.DFLASH:
        yield block(ReasonCode.HEAD_NOT_ON_NPU, kind=draft.kind.value)
        return
    widths = (main.logits_width, draft.logits_width)
    if draft.kind is ModelKind.LLM and None not in widths and widths[0] != widths[1]:
        yield block(ReasonCode.NPU_LOGITS_WIDTH, main=widths[0] or 0, draft=widths[1] or 0)


def _is_declared(main: Inspection, draft: Inspection) -> bool:
    named = draft.id in main.pair or main.id in draft.pair
    return named and draft.role is not ModelRole.MAIN


def base_family(family: str | None) -> str | None:
    """The family without the suffixes of its variants."""
    return None if family is None else family.removesuffix("_text").removesuffix("_moe")


def _join(ids: tuple[int, ...]) -> str:
    return ", ".join(str(token_id) for token_id in ids)
