"""Connects the page of the models: its tabs, what is fetched, and what is said about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QUrl
from PySide6.QtGui import QDesktopServices

from app.core.hub_text import hub_error_text
from app.features.model_discover import DiscoverLink
from app.features.model_installed import InstalledLink
from app.views.models.discover_tab import DiscoverTab
from app.views.models.downloads_tab import DownloadsTab
from app.views.models.installed_tab import InstalledTab
from app.views.models.page import ModelsPage, Tab
from app.views.models.questions import ask
from engine.errors import ErrorCode, ErrorInfo
from engine.models.manifest import ModelSource
from engine.models.orders import is_trusted, order_for
from engine.models.settings import ModelSettings
from engine.placement import Placement

if TYPE_CHECKING:
    from app.features.model_details import ModelDetails
    from app.features.models import ModelsFeature

translate = QCoreApplication.translate


class ModelPageLink(QObject):
    """The page, and what its buttons do."""

    def __init__(self, feature: ModelsFeature) -> None:
        super().__init__(feature)
        self._feature = feature
        self._services = services = feature.services
        self._wanted_pair: tuple[str, str | None, Placement | None] | None = None
        self._ready_pair: tuple[str, str | None, Placement | None] | None = None
        self._downloads = DownloadsTab()
        self.widget = ModelsPage(
            InstalledTab(is_in_use=feature.is_in_use, defaults_of=services.pairing.defaults_of),
            DiscoverTab(
                known=services.discovery.catalog.model,
                is_installed=lambda name: services.library.view.has(name),  # noqa: PLW0108  anew
            ),
            self._downloads,
        )
        self._installed = InstalledLink(feature, self, self.widget.installed)
        self._discover = DiscoverLink(feature, self, self.widget.discover)
        self._connect_downloads()
        self.widget.tab_shown.connect(self._on_tab)
        self.widget.notice_accepted.connect(self._use_ready)
        services.library.changed.connect(lambda _: self._offer_pair())
        services.pairing.failed.connect(self.tell_fault)
        services.pairing.used.connect(lambda _: self.show_use())
        services.library.refresh()
        services.downloads.open()
        self._show_settings(services.hubs.settings)

    @property
    def details(self) -> ModelDetails:
        """The dialog of one repository."""
        return self._discover.details

    def show_use(self) -> None:
        """Which models are in use may have changed."""
        self.widget.installed.show_again()

    def show_discover(self) -> None:
        """Bring the search and the packs to the front."""
        self._feature.window.show_page("models")
        self.widget.show_tab(Tab.DISCOVER)

    def say(self, sentence: str, *, fault: bool = False, **names: str) -> None:
        """Tell something that just happened; names fill its places."""
        self.widget.say(sentence.format(**names), fault=fault)

    def tell_fault(self, error: ErrorInfo) -> None:
        """Tell what went wrong; what was cancelled is no fault."""
        if error.code is not ErrorCode.CANCELLED:
            self.widget.say(hub_error_text(error, translate), fault=True)

    def get_pair(
        self, main_id: str, draft_id: str | None, placement: Placement | None = None
    ) -> None:
        """Fetch what is missing of a pair, and offer to use it when it is there."""
        self._wanted_pair = (main_id, draft_id, placement)
        view = self._services.library.view
        wanted = [name for name in (main_id, draft_id) if name is not None]
        self.get([name for name in wanted if not view.has(name)])

    def get(self, model_ids: Iterable[str]) -> None:
        """Fetch models of the chosen hub by id and show how it goes."""
        choice = self._services.hubs.choice
        self.get_sources(choice.source_of(model_id) for model_id in model_ids)

    def get_sources(self, sources: Iterable[ModelSource]) -> None:
        """Fetch repositories, after asking once about owners nobody knows."""
        wanted = tuple(sources)
        catalog, settings = self._services.discovery.catalog, self._services.hubs.settings
        strangers = [
            source.repository or ""
            for source in wanted
            if not is_trusted(source.repository or "", catalog)
            and source.repository not in settings.agreed
        ]
        if not strangers:
            self._fetch(wanted)
            return
        ask(
            self.widget,
            title=self.tr("Models of an unknown author"),
            sentence=self.tr(
                "{models} is not from OpenVINO and nobody has looked at it for this program. Only "
                "model files are fetched, no program code; what it writes is up to its author."
            ).format(models=", ".join(strangers)),
            action=self.tr("Download it"),
            on_yes=lambda: self._agree(strangers, wanted),
        )

    def _agree(self, strangers: Iterable[str], wanted: tuple[ModelSource, ...]) -> None:
        settings = self._services.hubs.settings
        for repository in strangers:
            settings = settings.with_agreed(repository)
        self._services.hubs.change(settings)
        self._fetch(wanted)

    def _fetch(self, wanted: tuple[ModelSource, ...]) -> None:
        catalog = self._services.discovery.catalog
        self._services.downloads.get([order_for(source, catalog) for source in wanted])
        self._feature.window.show_page("models")
        self.widget.show_tab(Tab.DOWNLOADS)

    def _connect_downloads(self) -> None:
        tab, downloads, hubs = self._downloads, self._services.downloads, self._services.hubs
        tab.resume_requested.connect(downloads.resume)
        tab.pause_requested.connect(downloads.pause)
        tab.cancel_requested.connect(downloads.cancel)
        tab.earlier_requested.connect(downloads.move_up)
        tab.token_requested.connect(self._ask_for_token)
        tab.page_requested.connect(lambda address: QDesktopServices.openUrl(QUrl(address)))
        tab.limit_chosen.connect(
            lambda limit: hubs.change(replace(hubs.settings, speed_limit_kb_per_s=limit))
        )
        hubs.settings_changed.connect(self._show_settings)
        downloads.rows_changed.connect(self._on_rows)
        downloads.row_changed.connect(tab.show_row)
        downloads.installed.connect(lambda _: self._services.library.refresh())
        downloads.failed.connect(self.tell_fault)

    def _show_settings(self, settings: ModelSettings) -> None:
        self._downloads.show_limit(settings.speed_limit_kb_per_s)

    def _on_rows(self) -> None:
        rows = self._services.downloads.rows
        self._downloads.show_rows(rows)
        self.widget.count_downloads(sum(entry.is_unfinished for entry in rows))

    def _ask_for_token(self) -> None:
        self.widget.show_tab(Tab.DISCOVER)
        self.widget.discover.source.ask_for_token()

    def _offer_pair(self) -> None:
        """When the last model of a wanted pair has come, offer to use it."""
        if self._wanted_pair is None:
            return
        main, draft, placement = self._wanted_pair
        view = self._services.library.view
        if view.has(main) and (draft is None or view.has(draft)):
            self._wanted_pair, self._ready_pair = None, (main, draft, placement)
            self.widget.say(
                self.tr("{models} can be used now.").format(
                    models=" + ".join(name for name in (main, draft) if name)
                ),
                action=self.tr("Use this pair") if draft else self.tr("Use this model"),
            )

    def _use_ready(self) -> None:
        if self._ready_pair is not None:
            ready, self._ready_pair = self._ready_pair, None
            self._services.pairing.use_ids(*ready)
            self._feature.show_chat()

    def _on_tab(self, tab: Tab) -> None:
        if tab is Tab.DISCOVER:
            self._services.discovery.judge()
        elif tab is Tab.INSTALLED:
            self._services.library.refresh()
