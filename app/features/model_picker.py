"""Connects the choice of a pair with what is installed, judged and loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.viewmodels.model_cards import LibraryView
from app.views.models.pair_dialog import PairDialog
from app.views.models.sheet import model_sheet
from engine.models.pairing import DraftOption, PairReport

if TYPE_CHECKING:
    from app.features.models import ModelsFeature


class ModelPicker(QObject):
    """At most one dialog; it follows what is installed while it is open."""

    def __init__(self, feature: ModelsFeature) -> None:
        super().__init__(feature)
        self._feature = feature
        self._services = feature.services
        self.dialog: PairDialog | None = None
        self._wanted = ""
        self._services.library.changed.connect(self._on_library)
        self._services.pairing.reported.connect(self._on_report)

    def open(self, main_id: str = "") -> None:
        """Open it at a main model; without one at the main in use."""
        if self.dialog is not None:
            self.dialog.close()
        self._wanted = main_id
        palette = self._feature.palette()
        dialog = self.dialog = PairDialog(
            self._feature.window,
            palette,
            devices=self._feature.devices,
            placement=self._services.pairing.placement,
            defaults_of=self._services.pairing.defaults_of,
        )
        dialog.setStyleSheet(model_sheet(palette))
        dialog.check_requested.connect(self._services.pairing.check)
        dialog.use_requested.connect(self._use)
        dialog.get_requested.connect(self._get)
        dialog.more_requested.connect(self._more)
        dialog.finished.connect(self._on_finished)
        if self._services.library.view.cards:
            self._fill(self._services.library.view)
        self._services.library.refresh()
        dialog.open()

    def _fill(self, view: LibraryView) -> None:
        if self.dialog is None:
            return
        pair = self._feature.loads.choice.pair
        mains = [card for card in view.cards if card.is_main]
        by_path = {card.model.path: card.model.id for card in view.cards}
        in_use = (by_path.get(pair.main_path, ""), by_path.get(pair.draft_path or pair.main_path))
        chosen = self.dialog.main_id or self._wanted or in_use[0]
        self.dialog.show_mains(mains, chosen=chosen, in_use=in_use)

    def _on_library(self, view: LibraryView) -> None:
        if self.dialog is not None:
            self._fill(view)

    def _on_report(self, report: PairReport) -> None:
        if self.dialog is not None:
            self.dialog.show_report(report)

    def _use(self, main_id: str, option: DraftOption | None) -> None:
        card = self._services.library.view.card(main_id)
        if card is None or self.dialog is None:
            return
        placement = self.dialog.placement
        self.dialog.accept()
        self._services.pairing.use(card.model, option, placement=placement)
        self._feature.show_chat()

    def _get(self, model_id: str) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._feature.page.get((model_id,))

    def _more(self) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._feature.page.show_discover()

    def _on_finished(self) -> None:
        self.dialog = None
