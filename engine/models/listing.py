"""Models, inspections, pairs and packs as plain JSON objects for the headless front end. Pure; the
keys are an interface for scripts: add some, rename none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import ErrorInfo
from engine.models.device_fitness import device_reasons
from engine.models.fit import FitReport, Need
from engine.models.inspection import Inspection
from engine.models.pairing import DraftOption, PairReport
from engine.models.reasons import Reason, verdict_of
from engine.models.recommendation import PackOffer, Recommendation
from engine.models.registry import InstalledModel
from engine.models.verify import VerifyReport

Json = dict[str, Any]


def model_to_json(model: InstalledModel) -> Json:
    """One installed model."""
    manifest = model.manifest
    return {
        "id": model.id,
        "name": model.name,
        "path": str(model.path),
        "role": model.role.value,
        "kind": model.kind.value,
        "size_bytes": model.size_bytes,
        "precision": manifest.precision if manifest else None,
        "parameters": manifest.parameters if manifest else None,
        "context_length": manifest.context_length if manifest else None,
        "license": manifest.license if manifest else None,
        **source_to_json(model),
        "in_place": model.in_place,
        "embedded": model.embedded,
        "problem": _problem(model.problem) if model.problem else None,
    }


def inspection_to_json(found: Inspection) -> Json:
    """Everything known of one folder; the template's text is left out, its abilities are not."""
    template = found.template
    tokenizer = found.tokenizer
    fingerprint = tokenizer.from_json or tokenizer.from_ir
    return {
        "id": found.id,
        "name": found.name,
        "path": found.path,
        "kind": found.kind.value,
        "role": found.role.value,
        "family": found.family,
        "architectures": list(found.config.architectures),
        "parameters": found.parameters,
        "precision": found.precision.label if found.precision else None,
        "context_length": found.context_length,
        "vocabulary_size": found.vocabulary_size,
        "logits_width": found.logits_width,
        "layers": found.config.layers,
        "hidden_size": found.config.hidden_size,
        "experts": found.config.experts,
        "kv_bytes_per_token": found.config.kv_bytes_per_token,
        "eos_ids": list(found.config.eos_ids),
        "tokenizer": {
            "vocabulary": fingerprint.vocabulary if fingerprint else None,
            "special": fingerprint.special if fingerprint else None,
            "tokens": tokenizer.token_count,
            "bos_id": tokenizer.bos_id,
            "eos_id": tokenizer.eos_id,
            "pad_id": tokenizer.pad_id,
        },
        "chat_template": template.source if template else None,
        "thinking": template.thinking.value if template else None,
        "tools": template.tools if template else None,
        "mtp_head": found.has_mtp_head,
        "devices": {device.lower(): _device(found, device) for device in ("CPU", "GPU", "NPU")},
        "size_bytes": found.size_bytes,
        "weight_bytes": found.weight_bytes,
        "license": found.license,
        "pair": list(found.pair),
        "loadable": found.loadable,
        "problems": [_problem(problem) for problem in found.problems],
    }


def source_to_json(model: InstalledModel) -> Json:
    """Where an installed model came from; nothing known of a folder without a manifest."""
    source = model.manifest.source if model.manifest is not None else None
    return {
        "source": source.type.value if source else None,
        "repository": source.repository if source else None,
        "revision": source.revision if source else None,
    }


def pairs_to_json(report: PairReport) -> Json:
    """Every way to speculate for one main, the best first, and what a draft would have to be."""
    wanted = report.wanted
    return {
        "main": report.main.id,
        "main_device": report.placement.main_device,
        "draft_device": report.placement.draft_device,
        "alone": [reason.code.value for reason in report.alone],
        "options": [_option(option) for option in report.options],
        "suggestions": [option.model_id for option in report.suggestions],
        "wanted": {
            "family": wanted.family,
            "tokens": wanted.token_count,
            "logits_width": wanted.logits_width,
            "largest_parameters": wanted.largest_parameters,
            "symmetric_weights": wanted.symmetric_weights,
        },
    }


def verification_to_json(report: VerifyReport) -> Json:
    """The outcome of a verification."""
    return {
        "id": report.model_id,
        "ok": report.ok,
        "checked_bytes": report.checked_bytes,
        "bad_files": [{"path": bad.path, "fault": bad.fault.value} for bad in report.bad_files],
        "unlisted": list(report.unlisted),
    }


def recommendation_to_json(recommendation: Recommendation) -> Json:
    """The pack to offer first and all others, each with its numbers."""
    best = recommendation.best
    return {
        "best": best.pack.id if best else None,
        "offers": [_offer(offer) for offer in recommendation.offers],
    }


def fit_to_json(fit: FitReport) -> Json:
    """A fit label and the numbers behind it."""
    return {
        "label": fit.label.value,
        "estimated": fit.estimated,
        "weight_bytes": fit.weight_bytes,
        "kv_bytes": fit.kv_bytes,
        "overhead_bytes": fit.overhead_bytes,
        "context_tokens": fit.context_tokens,
        "needs": [_need(need) for need in fit.needs],
    }


def reasons_to_json(reasons: Iterable[Reason]) -> list[Json]:
    """Reasons as code, severity and facts."""
    return [
        {"code": r.code.value, "severity": r.severity.value, "facts": dict(r.facts)}
        for r in reasons
    ]


def _device(found: Inspection, device: str) -> Json:
    reasons = device_reasons(found, device)
    return {"verdict": verdict_of(reasons).value, "reasons": reasons_to_json(reasons)}


def _option(option: DraftOption) -> Json:
    return {
        "origin": option.origin.value,
        "strategy": option.strategy.value,
        "id": option.model_id,
        "name": option.name,
        "path": option.path,
        "kind": option.kind.value if option.kind else None,
        "parameters": option.parameters,
        "size_bytes": option.size_bytes,
        "verdict": option.verdict.value,
        "recommended": option.recommended,
        "reasons": reasons_to_json(option.reasons),
    }


def _offer(offer: PackOffer) -> Json:
    return {
        "pack": offer.pack.id,
        "device_class": offer.pack.device_class.value,
        "main": offer.main.id,
        "draft": offer.draft.id if offer.draft else None,
        "main_device": offer.placement.main_device,
        "draft_device": offer.placement.draft_device,
        "label": offer.label.value,
        "fit": fit_to_json(offer.fit),
        "disk": _need(offer.disk),
    }


def _need(need: Need) -> Json:
    return {
        "pool": need.pool.value,
        "device": need.device,
        "needed_bytes": need.needed_bytes,
        "available_bytes": need.available_bytes,
        "label": need.label.value,
    }


def _problem(problem: ErrorInfo) -> Json:
    facts: Mapping[str, str | int | float] = dict(problem.facts)
    return {"code": problem.code.value, "message": problem.message, "facts": dict(facts)}
