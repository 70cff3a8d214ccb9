"""Connects the tab for finding models: packs, search, source and token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.core.hub_text import hub_error_text
from app.features.model_details import ModelDetails
from app.features.model_packs import pack_views
from app.views.models.discover_tab import DiscoverTab
from engine.models.recommendation import PackOffer
from engine.models.settings import ModelSettings

if TYPE_CHECKING:
    from app.features.model_page import ModelPageLink
    from app.features.models import ModelsFeature

translate = QCoreApplication.translate


class DiscoverLink(QObject):
    """The tab, the hub and the catalogue."""

    def __init__(self, feature: ModelsFeature, page: ModelPageLink, tab: DiscoverTab) -> None:
        super().__init__(page)
        self._feature = feature
        self._services = services = feature.services
        self._page = page
        self._tab = tab
        self.details = ModelDetails(feature, page)
        discovery, hubs = services.discovery, services.hubs
        tab.search_requested.connect(self._search)
        tab.open_requested.connect(lambda name: self.details.open(discovery.source_of(name)))
        tab.get_requested.connect(self._get)
        tab.use_requested.connect(self._use)
        tab.source.settings_chosen.connect(hubs.change)
        tab.source.mirror_offered.connect(discovery.verify_mirror)
        tab.source.token_entered.connect(discovery.store_token)
        tab.source.token_forgotten.connect(discovery.forget_token)
        hubs.settings_changed.connect(self._show_settings)
        hubs.save_failed.connect(page.tell_fault)
        discovery.recommended.connect(lambda _: self.show_packs())
        discovery.searching.connect(tab.show_searching)
        discovery.found.connect(tab.show_result)
        discovery.search_failed.connect(
            lambda error: tab.show_fault(hub_error_text(error, translate))
        )
        discovery.mirror_verified.connect(tab.source.show_mirror_report)
        discovery.mirror_failed.connect(
            lambda error: tab.source.show_fault(hub_error_text(error, translate))
        )
        discovery.token_stored.connect(tab.source.show_token_stored)
        discovery.failed.connect(page.tell_fault)
        services.library.changed.connect(lambda _: self.show_packs())
        services.downloads.rows_changed.connect(lambda _: self.show_packs())
        self._show_settings(hubs.settings)

    def show_packs(self) -> None:
        """Show the packs as this machine stands to them now."""
        recommendation = self._services.discovery.recommendation
        if recommendation is not None:
            self._tab.show_packs(
                pack_views(
                    recommendation,
                    self._services.library.view,
                    is_wanted=self._services.downloads.is_wanted,
                    devices=self._feature.devices,
                )
            )

    def _search(self, text: str, owner: str) -> None:
        named = self._services.discovery.named(text)
        if named is not None:
            self.details.open(named)
        else:
            self._services.discovery.search(text, owner=owner or None)

    def _get(self, offer: PackOffer) -> None:
        draft = offer.draft.id if offer.draft is not None else None
        self._page.get_pair(offer.main.id, draft, offer.placement)

    def _use(self, offer: PackOffer) -> None:
        draft = offer.draft.id if offer.draft is not None else None
        self._services.pairing.use_ids(offer.main.id, draft, offer.placement)
        self._feature.show_chat()

    def _show_settings(self, settings: ModelSettings) -> None:
        self._tab.source.show_settings(settings)
