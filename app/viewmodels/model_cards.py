"""Installed models as the page shows them: registry entry, inspection and what is going on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.errors import ErrorInfo
from engine.models.device_fitness import device_reasons
from engine.models.inspection import Inspection
from engine.models.loadable import MAIN_KINDS, main_kind_reasons
from engine.models.manifest import ModelRole
from engine.models.reasons import Reason, Verdict, verdict_of
from engine.models.registry import InstalledModel

_DEVICES = ("CPU", "GPU", "NPU")


class Work(StrEnum):
    """What is being done with a model."""

    VERIFYING = "verifying"
    REPAIRING = "repairing"
    REMOVING = "removing"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledCard:
    """One installed model. `found` is None until its files were looked at."""

    model: InstalledModel
    found: Inspection | None = None
    marked: ErrorInfo | None = None
    """What happened when it was loaded, so that it is not loaded again by itself."""

    @property
    def is_main(self) -> bool:
        """Whether it may be chosen as main model."""
        kind = self.model.kind if self.found is None else self.found.kind
        return self.model.role is ModelRole.MAIN and self.is_usable and kind in MAIN_KINDS

    @property
    def unused(self) -> Reason | None:
        """Why a model for chats is not offered as main model; None for all others."""
        if self.found is None or self.model.role is not ModelRole.MAIN:
            return None
        return next(main_kind_reasons(self.found), None)

    @property
    def is_draft(self) -> bool:
        """Whether it is kept out of the main picker."""
        return self.model.role in (ModelRole.DRAFT, ModelRole.HEAD)

    @property
    def is_usable(self) -> bool:
        """Whether nothing speaks against loading it."""
        return self.model.usable and (self.found is None or self.found.loadable)

    @property
    def devices(self) -> tuple[tuple[str, Verdict, tuple[Reason, ...]], ...]:
        """Each class of device with its verdict; empty until inspected."""
        if self.found is None:
            return ()
        judged = ((name, device_reasons(self.found, name)) for name in _DEVICES)
        return tuple((name, verdict_of(reasons), reasons) for name, reasons in judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryView:
    """Everything installed, and the room it takes."""

    cards: tuple[InstalledCard, ...] = ()
    total_bytes: int = 0
    free_bytes: int | None = None
    """None: nobody has looked yet."""
    folder: str = ""

    def card(self, model_id: str) -> InstalledCard | None:
        """The card of a model, or None."""
        return next((card for card in self.cards if card.model.id == model_id), None)

    def has(self, model_id: str | None) -> bool:
        """Whether a model is installed and whole."""
        card = self.card(model_id) if model_id is not None else None
        return card is not None and card.is_usable
