"""Connects the page of the models with its controllers: wishes in, news out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QUrl
from PySide6.QtGui import QDesktopServices

from app.core.formatting import size
from app.core.hub_text import hub_error_text
from app.core.model_settings import ModelDefaults, ModelSettings
from app.features.model_details import ModelDetails
from app.features.model_packs import pack_views
from app.viewmodels.model_cards import LibraryView
from app.views.models.defaults_dialog import DefaultsDialog
from app.views.models.discover_tab import DiscoverTab
from app.views.models.downloads_tab import DownloadsTab
from app.views.models.installed_tab import InstalledTab
from app.views.models.page import ModelsPage, Tab
from app.views.models.questions import ask, show_text
from engine.errors import ErrorCode, ErrorInfo
from engine.models.manifest import ModelSource, SourceType
from engine.models.orders import is_trusted, order_for
from engine.models.recommendation import PackOffer
from engine.models.registry import InstalledModel, Registry
from engine.models.verify import VerifyReport

if TYPE_CHECKING:
    from app.features.models import ModelsFeature

translate = QCoreApplication.translate
_HUBS = (SourceType.HUGGINGFACE, SourceType.MIRROR, SourceType.MODELSCOPE)


class ModelPageLink(QObject):
    """The page, and what its buttons do."""

    def __init__(self, feature: ModelsFeature) -> None:
        super().__init__(feature)
        self._feature = feature
        self._services = services = feature.services
        self._ready: tuple[str, str | None] | None = None
        self._wanted_pair: tuple[str, str | None] | None = None
        catalog = services.discovery.catalog
        self.widget = ModelsPage(
            InstalledTab(is_in_use=feature.is_in_use),
            DiscoverTab(
                known=catalog.model, is_installed=lambda name: self._library.has(name) is True
            ),
            DownloadsTab(),
        )
        self.details = ModelDetails(feature, self)
        self._connect_installed()
        self._connect_discover()
        self._connect_downloads()
        self.widget.tab_shown.connect(self._on_tab)
        self.widget.notice_accepted.connect(self._use_ready)
        services.library.refresh()
        services.downloads.open()
        self._show_settings(services.hubs.settings)

    @property
    def _library(self) -> LibraryView:
        return self._services.library.view

    def show_use(self) -> None:
        """Which models are in use may have changed."""
        self.widget.installed.show_again()

    def show_discover(self) -> None:
        """Bring the search and the packs to the front."""
        self._feature.window.show_page("models")
        self.widget.show_tab(Tab.DISCOVER)

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

    # Installed

    def _connect_installed(self) -> None:
        tab, library = self.widget.installed, self._services.library
        tab.use_requested.connect(lambda model: self._feature.picker.open(model.id))
        tab.verify_requested.connect(library.verify)
        tab.folder_requested.connect(lambda model: _open_folder(model.path))
        tab.open_root_requested.connect(lambda: _open_folder(library.registry.root))
        tab.template_requested.connect(self._show_template)
        tab.defaults_requested.connect(self._edit_defaults)
        tab.remove_requested.connect(self._ask_to_remove)
        tab.cancel_requested.connect(library.cancel)
        tab.import_requested.connect(
            lambda folder, in_place: library.bring_in(folder, in_place=in_place)
        )
        tab.move_requested.connect(self._ask_to_move)
        library.changed.connect(self._on_library)
        library.progressed.connect(tab.show_progress)
        library.ended.connect(tab.end_progress)
        library.verified.connect(self._on_verified)
        library.repaired.connect(
            lambda model_id: self._say(self.tr("{model} is whole again."), model=model_id)
        )
        library.removed.connect(self._on_removed)
        library.imported.connect(
            lambda model: self._say(self.tr("{model} was imported."), model=model.name)
        )
        library.moved.connect(self._on_moved)
        library.failed.connect(self._on_fault)
        self._services.pairing.failed.connect(self._on_fault)
        self._services.pairing.used.connect(self.show_use)

    def _on_library(self, view: LibraryView) -> None:
        self.widget.installed.show_view(view)
        self._show_packs()
        self._offer_pair()

    def _show_template(self, model: InstalledModel) -> None:
        template = self._services.library.template(model)
        if template is not None:
            note = self.tr("From {file}. It is shown as text and not run here.")
            show_text(
                self.widget,
                title=self.tr("Chat template of {model}").format(model=model.name),
                note=note.format(file=template.source),
                text=template.text,
            )

    def _edit_defaults(self, model: InstalledModel) -> None:
        hubs, choice = self._services.hubs, self._feature.loads.choice
        preferences = self._feature.preferences.current
        present = hubs.settings.defaults_of(model.id) or ModelDefaults(
            model_id=model.id,
            main_device=choice.main_device,
            draft_device=choice.draft_device,
            num_assistant_tokens=choice.num_assistant_tokens,
            temperature=preferences.temperature,
            max_new_tokens=preferences.max_new_tokens,
        )
        dialog = DefaultsDialog(
            self.widget,
            name=model.name,
            devices=[device.name for device in self._feature.devices] or ["CPU"],
            defaults=present,
        )
        dialog.chosen.connect(
            lambda chosen: hubs.change(hubs.settings.with_defaults(model.id, chosen))
        )
        dialog.open()

    def _ask_to_remove(self, model: InstalledModel) -> None:
        library = self._services.library
        if library.is_loaded(model):
            self._say(
                self.tr("{model} is loaded. Choose another pair first, then delete it."),
                model=model.name,
                fault=True,
            )
            return
        sentence = self.tr("{model} is forgotten; its files stay where they are.")
        if not model.in_place:
            sentence = self.tr("{model} is deleted from this disk, which frees {size}.")
        ask(
            self.widget,
            title=self.tr("Delete {model}?").format(model=model.name),
            sentence=sentence.format(model=model.id, size=size(model.size_bytes)),
            action=self.tr("Delete"),
            on_yes=lambda: library.remove(model),
            danger=True,
        )

    def _on_removed(self, model_id: str, freed_bytes: int) -> None:
        preferences = self._feature.preferences.current
        self._services.pairing.forget(
            model_id, main_id=preferences.main_model, draft_id=preferences.draft_model
        )
        self._say(
            self.tr("{model} was deleted; {size} are free again."),
            model=model_id,
            size=size(freed_bytes),
        )

    def _on_verified(self, report: VerifyReport) -> None:
        model = next((c.model for c in self._library.cards if c.model.id == report.model_id), None)
        if report.ok or model is None:
            self._say(
                self.tr("{model}: every file is as it should be ({size} read)."),
                model=report.model_id,
                size=size(report.checked_bytes),
            )
            return
        files = [bad.path for bad in report.bad_files]
        source = model.manifest.source.type if model.manifest is not None else SourceType.LOCAL
        if source not in _HUBS:
            self._say(
                self.tr("{model} is damaged: {files}. Import it again."),
                model=model.name,
                files=", ".join(files),
                fault=True,
            )
            return
        ask(
            self.widget,
            title=self.tr("{model} is damaged").format(model=model.name),
            sentence=self.tr("These files are not what they should be: {files}").format(
                files=", ".join(files)
            ),
            action=self.tr("Fetch them again"),
            on_yes=lambda: self._services.library.repair(model, files),
        )

    def _ask_to_move(self, target: Path) -> None:
        library = self._services.library
        if self._services.downloads.is_active:
            self._say(self.tr("Pause the downloads first, then move the models."), fault=True)
            return
        ask(
            self.widget,
            title=self.tr("Move all models?"),
            sentence=self.tr("{size} go from {old} to {new}.").format(
                size=size(self._library.total_bytes), old=library.registry.root, new=target
            ),
            action=self.tr("Move"),
            on_yes=lambda: library.move(target),
        )

    def _on_moved(self, registry: Registry) -> None:
        services = self._services
        services.discovery.set_root(registry.root)
        services.tasks.start(
            services.downloads.change_folder(registry.root), on_error=self._on_fault
        )
        self._say(self.tr("The models are in {folder} now."), folder=str(registry.root))

    # Discover

    def _connect_discover(self) -> None:
        tab, discovery, hubs = self.widget.discover, self._services.discovery, self._services.hubs
        tab.search_requested.connect(self._search)
        tab.open_requested.connect(lambda name: self.details.open(discovery.source_of(name)))
        tab.get_requested.connect(self._get_pack)
        tab.use_requested.connect(self._use_pack)
        tab.source.settings_chosen.connect(hubs.change)
        tab.source.mirror_offered.connect(discovery.verify_mirror)
        tab.source.token_entered.connect(discovery.store_token)
        tab.source.token_forgotten.connect(discovery.forget_token)
        hubs.settings_changed.connect(self._show_settings)
        hubs.save_failed.connect(self._on_fault)
        discovery.recommended.connect(lambda _: self._show_packs())
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
        discovery.failed.connect(self._on_fault)

    def _search(self, text: str, owner: str) -> None:
        named = self._services.discovery.named(text)
        if named is not None:
            self.details.open(named)
        else:
            self._services.discovery.search(text, owner=owner or None)

    def _get_pack(self, offer: PackOffer) -> None:
        draft = offer.draft.id if offer.draft is not None else None
        self._wanted_pair = (offer.main.id, draft)
        wanted = [name for name in (offer.main.id, draft) if name is not None]
        self.get([name for name in wanted if not self._library.has(name)])

    def _use_pack(self, offer: PackOffer) -> None:
        draft = offer.draft.id if offer.draft is not None else None
        self._services.pairing.use_ids(offer.main.id, draft)
        self._feature.show_chat()

    def _show_packs(self) -> None:
        recommendation = self._services.discovery.recommendation
        if recommendation is not None:
            downloads = self._services.downloads
            self.widget.discover.show_packs(
                pack_views(recommendation, self._library, is_wanted=downloads.is_wanted)
            )

    def _show_settings(self, settings: ModelSettings) -> None:
        self.widget.discover.source.show_settings(settings)
        self.widget.downloads.show_limit(settings.speed_limit_kb_per_s)

    # Downloads

    def _connect_downloads(self) -> None:
        tab, downloads, hubs = self.widget.downloads, self._services.downloads, self._services.hubs
        tab.resume_requested.connect(downloads.resume)
        tab.pause_requested.connect(downloads.pause)
        tab.cancel_requested.connect(downloads.cancel)
        tab.earlier_requested.connect(downloads.move_up)
        tab.token_requested.connect(self._ask_for_token)
        tab.page_requested.connect(lambda address: QDesktopServices.openUrl(QUrl(address)))
        tab.limit_chosen.connect(
            lambda limit: hubs.change(replace(hubs.settings, speed_limit_kb_per_s=limit))
        )
        downloads.rows_changed.connect(self._on_rows)
        downloads.row_changed.connect(tab.show_row)
        downloads.installed.connect(lambda _: self._services.library.refresh())
        downloads.failed.connect(self._on_fault)

    def _on_rows(self) -> None:
        rows = self._services.downloads.rows
        self.widget.downloads.show_rows(rows)
        self.widget.count_downloads(sum(entry.is_unfinished for entry in rows))
        self._show_packs()

    def _ask_for_token(self) -> None:
        self.widget.show_tab(Tab.DISCOVER)
        self.widget.discover.source.ask_for_token()

    def _offer_pair(self) -> None:
        """When the last model of a wanted pair has come, offer to use it."""
        if self._wanted_pair is None:
            return
        main, draft = self._wanted_pair
        if self._library.has(main) and (draft is None or self._library.has(draft)):
            self._wanted_pair, self._ready = None, (main, draft)
            self.widget.say(
                self.tr("{models} can be used now.").format(
                    models=" + ".join(name for name in (main, draft) if name)
                ),
                action=self.tr("Use this pair") if draft else self.tr("Use this model"),
            )

    def _use_ready(self) -> None:
        if self._ready is not None:
            ready, self._ready = self._ready, None
            self._services.pairing.use_ids(*ready)
            self._feature.show_chat()

    def _on_tab(self, tab: Tab) -> None:
        if tab is Tab.DISCOVER:
            self._services.discovery.judge()
        elif tab is Tab.INSTALLED:
            self._services.library.refresh()

    def _on_fault(self, error: ErrorInfo) -> None:
        if error.code is not ErrorCode.CANCELLED:
            self.widget.say(hub_error_text(error, translate), fault=True)

    def _say(self, sentence: str, *, fault: bool = False, **names: str) -> None:
        self.widget.say(sentence.format(**names), fault=fault)


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
