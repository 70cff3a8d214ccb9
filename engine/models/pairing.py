"""For a main model: every way to speculate, with a verdict and reasons. Never an empty list:
prompt lookup and the main as its own draft are always on it, and what would fit is always named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from engine.models.catalog import Catalog, CatalogModel
from engine.models.catalog_pairing import check_catalog_draft
from engine.models.inspection import Inspection
from engine.models.loadable import damage_reasons, main_kind_reasons, main_reasons
from engine.models.manifest import ModelKind
from engine.models.pair_rules import check_pair, is_same_folder
from engine.models.pair_size import largest_useful_draft
from engine.models.reasons import Reason, ReasonCode, Verdict, block, info, verdict_of
from engine.placement import Placement, Strategy


class OptionOrigin(StrEnum):
    """Where a way to speculate comes from."""

    INSTALLED = "installed"
    CATALOG = "catalog"
    OWN = "own"
    """The main itself as a second copy, for calibration."""
    PROMPT_LOOKUP = "prompt_lookup"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOption:
    """One way to speculate for a main."""

    origin: OptionOrigin
    strategy: Strategy
    reasons: tuple[Reason, ...]
    model_id: str | None = None
    name: str | None = None
    path: str | None = None
    """Folder when it is on this disk."""
    kind: ModelKind | None = None
    parameters: int | None = None
    size_bytes: int | None = None
    recommended: bool = False
    """Declared for this main by its manifest or the catalogue, and nothing forbids it."""

    @property
    def verdict(self) -> Verdict:
        """What follows from the reasons."""
        return verdict_of(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDraft:
    """What a draft for this main has to be, in case none is at hand."""

    family: str | None
    token_count: int | None
    logits_width: int | None
    largest_parameters: int | None
    symmetric_weights: bool
    """Asked for by an NPU."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairReport:
    """All options for one main, the best first."""

    main: Inspection
    placement: Placement
    options: tuple[DraftOption, ...]
    wanted: WantedDraft
    alone: tuple[Reason, ...] = ()
    """What is to say about the main without any draft."""

    @property
    def suggestions(self) -> tuple[DraftOption, ...]:
        """Drafts of the catalogue that would fit and are not installed."""
        return tuple(
            option
            for option in self.options
            if option.origin is OptionOrigin.CATALOG and option.verdict is not Verdict.IMPOSSIBLE
        )

    @property
    def has_fitting_draft(self) -> bool:
        """Whether an installed draft other than the main itself may serve."""
        return any(
            option.origin is OptionOrigin.INSTALLED and option.verdict is not Verdict.IMPOSSIBLE
            for option in self.options
        )


def pair_report(
    main: Inspection,
    installed: Iterable[Inspection],
    *,
    catalog: Catalog | None = None,
    placement: Placement | None = None,
) -> PairReport:
    """Judge every installed model and every draft of the catalogue as a draft for `main`.

    `placement` names the devices of both; without it a CPU is assumed for both, whose rules a
    GPU shares.
    """
    devices = placement or Placement(main_device="CPU", draft_device="CPU")
    candidates = [model for model in installed if not is_same_folder(main, model)]
    known_ids = {main.id, *(model.id for model in candidates)}
    options = [
        *(_installed(main, model, devices) for model in candidates),
        _own(main, devices),
        _prompt_lookup(main, devices),
    ]
    for entry in catalog.drafts() if catalog is not None else ():
        if entry.id not in known_ids and catalog is not None:
            options.append(_from_catalog(main, entry, catalog, devices))
    return PairReport(
        main=main,
        placement=devices,
        options=tuple(sorted(options, key=_rank)),
        wanted=_wanted(main, devices),
        alone=main_reasons(main, devices.main_device),
    )


def _installed(main: Inspection, draft: Inspection, placement: Placement) -> DraftOption:
    reasons = check_pair(main, draft, placement=placement)
    declared = any(reason.code is ReasonCode.DECLARED_PAIR for reason in reasons)
    return DraftOption(
        origin=OptionOrigin.INSTALLED,
        strategy=Strategy.DRAFT,
        reasons=reasons,
        model_id=draft.id,
        name=draft.name,
        path=draft.path,
        kind=draft.kind,
        parameters=draft.parameters,
        size_bytes=draft.size_bytes,
        recommended=declared and verdict_of(reasons) is not Verdict.IMPOSSIBLE,
    )


def _own(main: Inspection, placement: Placement) -> DraftOption:
    option = _installed(main, main, placement)
    return replace(option, origin=OptionOrigin.OWN, recommended=False)


def _prompt_lookup(main: Inspection, placement: Placement) -> DraftOption:
    reasons = [
        info(ReasonCode.NO_EXTRA_MEMORY),
        *damage_reasons(main, "main"),
        *main_kind_reasons(main),
    ]
    if placement.main_device == "NPU":
        reasons.append(block(ReasonCode.NPU_IGNORES_PROMPT_LOOKUP))
    return DraftOption(
        origin=OptionOrigin.PROMPT_LOOKUP,
        strategy=Strategy.PROMPT_LOOKUP,
        reasons=tuple(reasons),
    )


def _from_catalog(
    main: Inspection, entry: CatalogModel, catalog: Catalog, placement: Placement
) -> DraftOption:
    reasons = check_catalog_draft(main, entry, catalog=catalog, placement=placement)
    return DraftOption(
        origin=OptionOrigin.CATALOG,
        strategy=Strategy.DRAFT,
        reasons=reasons,
        model_id=entry.id,
        name=entry.name,
        kind=entry.kind,
        parameters=entry.parameters,
        size_bytes=entry.size_bytes,
        recommended=any(reason.code is ReasonCode.DECLARED_PAIR for reason in reasons)
        and verdict_of(reasons) is not Verdict.IMPOSSIBLE,
    )


def _wanted(main: Inspection, placement: Placement) -> WantedDraft:
    parameters = main.parameters
    return WantedDraft(
        family=main.family,
        token_count=main.tokenizer.token_count,
        logits_width=main.logits_width,
        largest_parameters=None if parameters is None else largest_useful_draft(parameters),
        symmetric_weights=placement.draft_device == "NPU",
    )


def _rank(option: DraftOption) -> tuple[int, int, bool, int, int, str]:
    """Good before remarked before impossible; then declared ones, those that can save time,
    installed ones, and the larger draft, which proposes better."""
    verdicts = (Verdict.GOOD, Verdict.REMARK, Verdict.IMPOSSIBLE)
    origins = (
        OptionOrigin.INSTALLED, OptionOrigin.CATALOG, OptionOrigin.PROMPT_LOOKUP, OptionOrigin.OWN,
    )  # fmt: skip
    return (
        verdicts.index(option.verdict),
        not option.recommended,
        any(reason.code is ReasonCode.DRAFT_NOT_SMALLER for reason in option.reasons),
        origins.index(option.origin),
        -(option.parameters or 0),
        option.name or "",
    )
