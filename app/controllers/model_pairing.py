"""Which draft goes with a main: verdicts for all candidates, and putting a pair to use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.controllers.load_controller import LoadController
from app.controllers.model_hubs import ModelHubs
from app.controllers.model_library import ModelLibrary
from app.controllers.model_tasks import ModelTasks
from app.core.load_choice import ModelPair
from app.core.model_pairs import DEMONSTRATION_MAIN, NO_DRAFT
from app.core.preferences import Preferences, PreferenceValue
from app.viewmodels.model_cards import InstalledCard
from engine.errors import ErrorCode, ModelError
from engine.events import DeviceInfo
from engine.hub.blocking import run_blocking
from engine.models.catalog import Catalog
from engine.models.fit import plan_pair, planned_tokens
from engine.models.inspection import Inspection
from engine.models.machine import read_machine
from engine.models.pairing import DraftOption, PairReport, pair_report
from engine.models.registry import InstalledModel
from engine.models.settings import SAMPLING, ModelDefaults
from engine.placement import Placement, Strategy


class ModelPairing(QObject):
    """Signals: `reported(PairReport)`; `planned(FitReport)`; `used(ModelPair)`;
    `failed(ErrorInfo)`.
    """

    reported = Signal(object)
    planned = Signal(object)
    used = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        library: ModelLibrary,
        loads: LoadController,
        *,
        hubs: ModelHubs,
        catalog: Callable[[], Catalog],
        devices: Callable[[], tuple[DeviceInfo, ...]],
        preferences: Callable[[], Preferences],
        update_preferences: Callable[..., None],
        tasks: ModelTasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._loads = loads
        self._hubs = hubs
        self._catalog = catalog
        self._devices = devices
        self._preferences = preferences
        self._update_preferences = update_preferences
        self._tasks = tasks
        self._check: asyncio.Task[None] | None = None
        self._planning: asyncio.Task[None] | None = None

    @property
    def placement(self) -> Placement:
        """The devices in the top bar, which the verdicts are about."""
        choice = self._loads.choice
        return Placement(main_device=choice.main_device, draft_device=choice.draft_device)

    @property
    def main_path(self) -> Path:
        """The chosen main model."""
        return self._loads.choice.pair.main_path

    @property
    def draft_path(self) -> Path | None:
        """The chosen draft model."""
        return self._loads.choice.pair.draft_path

    def check(self, main_id: str, placement: Placement | None = None) -> None:
        """Judge every way to speculate for a main; a newer check ends an older one.

        Without a placement the devices in the top bar count.
        """
        if self._check is not None:
            self._check.cancel()
        self._check = self._tasks.start(
            self._report(main_id, placement or self.placement), on_error=self.failed.emit
        )

    def use(
        self, main: InstalledModel, option: DraftOption | None, *, placement: Placement
    ) -> None:
        """Load a main with one of its options on these devices; None means plain decoding."""
        draft = None
        if option is not None and option.strategy is Strategy.DRAFT:
            card = self._library.view.card(option.model_id or "")
            draft = card.model if card is not None else None
        strategy = Strategy.NONE if option is None else option.strategy
        self.use_models(main, draft, strategy=strategy, placement=placement)

    def use_defaults(self, main: InstalledModel) -> None:
        """Take the defaults of the main that is in use, with the draft it has."""
        if main.path == self.main_path:
            draft = self._draft_in_use()
            self.use_models(
                main,
                draft.model if draft is not None else None,
                strategy=self._loads.choice.strategy,
                prefers_defaults=True,
            )

    def defaults_of(self, main_id: str) -> ModelDefaults | None:
        """How a main is to be loaded and asked, where that was said."""
        return self._hubs.settings.defaults_of(main_id)

    def use_ids(
        self, main_id: str, draft_id: str | None, placement: Placement | None = None
    ) -> None:
        """Load two installed models by id, as a pack brings them, on the devices it is for."""
        self._tasks.start(self._use_ids(main_id, draft_id, placement), on_error=self.failed.emit)

    def use_models(
        self,
        main: InstalledModel,
        draft: InstalledModel | None,
        *,
        strategy: Strategy,
        placement: Placement | None = None,
        prefers_defaults: bool = False,
    ) -> None:
        """Load a pair and remember it. The main's own defaults hold; unless they are preferred, a
        strategy and a placement that are given go before them."""
        pair = ModelPair(
            main_name=main.name,
            main_path=main.path,
            draft_name=draft.name if draft is not None else None,
            draft_path=draft.path if draft is not None else None,
            is_demonstration=main.embedded and main.id == DEMONSTRATION_MAIN,
            is_scripted=self._loads.choice.pair.is_scripted,
        )
        choice = replace(self._loads.choice, pair=pair, strategy=strategy, context_limit=None)
        changes: dict[str, PreferenceValue] = {
            "main_model": main.id,
            "draft_model": draft.id if draft is not None else NO_DRAFT,
        }
        defaults = self._hubs.settings.defaults_of(main.id)
        if defaults is not None:
            preferred = defaults.strategy if prefers_defaults else None
            choice = replace(
                choice,
                strategy=preferred or strategy,
                main_device=defaults.main_device,
                draft_device=defaults.draft_device,
                num_assistant_tokens=defaults.num_assistant_tokens,
                context_limit=defaults.context_limit,
            )
            changes |= {key: getattr(defaults, key) for key in SAMPLING}
        if placement is not None and not (prefers_defaults and defaults is not None):
            choice = replace(
                choice,
                main_device=placement.main_device,
                draft_device=placement.draft_device or placement.main_device,
            )
        self._update_preferences(**changes)
        self._loads.choose(choice)
        self.used.emit(pair)

    def keep_placement(self) -> None:
        """Make the strategy, the devices and the draft length in use the default of the main."""
        self._tasks.start(self._keep_placement(), on_error=self.failed.emit)

    def plan(self, defaults: ModelDefaults) -> None:
        """Work out what a main with these defaults needs, with the draft in use if it has one."""
        if self._planning is not None:
            self._planning.cancel()
        self._planning = self._tasks.start(self._plan(defaults), on_error=self.failed.emit)

    def forget(self, model_id: str, *, main_id: str, draft_id: str) -> None:
        """A model was removed: the next start does not look for it."""
        if model_id == main_id:
            self._update_preferences(main_model="", draft_model="")
        elif model_id == draft_id:
            self._update_preferences(draft_model=NO_DRAFT)

    async def _use_ids(
        self, main_id: str, draft_id: str | None, placement: Placement | None
    ) -> None:
        view = await self._library.look()
        main, draft = view.card(main_id), view.card(draft_id or "")
        if main is None or (draft_id is not None and draft is None):
            raise ModelError(
                "A model of the pair is not installed.", code=ErrorCode.MODEL_NOT_FOUND,
                model=main_id if main is None else str(draft_id),
            )  # fmt: skip
        strategy = Strategy.NONE if draft is None else Strategy.DRAFT
        self.use_models(
            main.model,
            draft.model if draft else None,
            strategy=strategy,
            placement=placement,
            prefers_defaults=True,
        )

    async def _keep_placement(self) -> None:
        choice = self._loads.choice
        view = self._library.view if self._library.view.cards else await self._library.look()
        for card in view.cards:
            if card.model.path == choice.pair.main_path:
                kept = self._preferences()
                base = ModelDefaults(
                    model_id=card.model.id, **{key: getattr(kept, key) for key in SAMPLING}
                )
                settings = self._hubs.settings.with_placement(
                    base,
                    strategy=choice.strategy,
                    placement=self.placement,
                    num_assistant_tokens=choice.num_assistant_tokens,
                )
                self._hubs.change(settings)

    async def _report(self, main_id: str, placement: Placement) -> None:
        view = self._library.view
        card = view.card(main_id)
        if card is None or card.found is None:
            view = await self._library.look()
            card = view.card(main_id)
        if card is None or card.found is None:
            raise ModelError(
                f"'{main_id}' is not installed.", code=ErrorCode.MODEL_NOT_FOUND, model=main_id
            )
        installed = tuple(c.found for c in view.cards if c.found is not None)
        report = await run_blocking(self._judge, card.found, installed, placement)
        self.reported.emit(report)

    async def _plan(self, defaults: ModelDefaults) -> None:
        main = self._library.view.card(defaults.model_id)
        if main is None or main.found is None:
            return
        in_use = self._draft_in_use() if main.model.path == self.main_path else None
        drafts = defaults.strategy in (None, Strategy.DRAFT) and in_use is not None
        placement = Placement(
            main_device=defaults.main_device,
            draft_device=defaults.draft_device if drafts else None,
        )
        machine = await run_blocking(read_machine, self._library.registry.root, self._devices())
        report = plan_pair(
            main.found,
            in_use.found if in_use is not None and drafts else None,
            placement=placement,
            machine=machine,
            context_tokens=planned_tokens(main.found.context_length, defaults.context_limit),
        )
        self.planned.emit(report)

    def _draft_in_use(self) -> InstalledCard | None:
        cards = self._library.view.cards
        return next((card for card in cards if card.model.path == self.draft_path), None)

    def _judge(
        self, main: Inspection, installed: tuple[Inspection, ...], placement: Placement
    ) -> PairReport:
        return pair_report(main, installed, catalog=self._catalog(), placement=placement)
