"""Connects the tab of installed models: verify, template, defaults, delete, import, move."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from app.core.formatting import size
from app.views.models.defaults_dialog import DefaultsDialog
from app.views.models.installed_tab import InstalledTab
from app.views.models.questions import ask, show_text
from engine.models.fit import FitReport
from engine.models.manifest import SourceType
from engine.models.registry import InstalledModel
from engine.models.settings import SAMPLING, ModelDefaults
from engine.models.verify import VerifyReport

if TYPE_CHECKING:
    from app.features.model_page import ModelPageLink
    from app.features.models import ModelsFeature

_HUBS = (SourceType.HUGGINGFACE, SourceType.MIRROR, SourceType.MODELSCOPE)


class InstalledLink(QObject):
    """The tab and the library."""

    def __init__(self, feature: ModelsFeature, page: ModelPageLink, tab: InstalledTab) -> None:
        super().__init__(page)
        self._feature = feature
        self._services = feature.services
        self._library = library = feature.services.library
        self._page = page
        self._tab = tab
        self._defaults: DefaultsDialog | None = None
        feature.services.pairing.planned.connect(self._on_planned)
        tab.use_requested.connect(lambda model: feature.picker.open(model.id))
        tab.verify_requested.connect(library.verify)
        tab.folder_requested.connect(lambda model: _open_folder(model.path))
        tab.open_root_requested.connect(lambda: _open_folder(library.registry.root))
        tab.template_requested.connect(self._show_template)
        tab.defaults_requested.connect(self._edit_defaults)
        tab.remove_requested.connect(self._ask_to_remove)
        tab.retry_requested.connect(library.forgive)
        library.forgiven.connect(self._on_forgiven)
        tab.cancel_requested.connect(library.cancel)
        tab.import_requested.connect(
            lambda folder, in_place: library.bring_in(folder, in_place=in_place)
        )
        tab.move_requested.connect(self._ask_to_move)
        library.changed.connect(tab.show_view)
        library.progressed.connect(tab.show_progress)
        library.ended.connect(tab.end_progress)
        library.verified.connect(self._on_verified)
        library.repaired.connect(
            lambda model_id: page.say(self.tr("{model} is whole again."), model=model_id)
        )
        library.removed.connect(self._on_removed)
        library.imported.connect(
            lambda model: page.say(self.tr("{model} was imported."), model=model.name)
        )
        library.moved.connect(self._on_moved)
        library.failed.connect(page.tell_fault)

    def _show_template(self, model: InstalledModel) -> None:
        template = self._library.template(model)
        if template is not None:
            note = self.tr("From {file}. It is shown as text and not run here.")
            show_text(
                self._tab,
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
            **{key: getattr(preferences, key) for key in SAMPLING},
        )
        card = self._library.view.card(model.id)
        dialog = self._defaults = DefaultsDialog(
            self._tab,
            name=model.name,
            devices=[device.name for device in self._feature.devices] or ["CPU"],
            defaults=present,
            emulated=[device.name for device in self._feature.devices if device.emulated],
            context_length=card.found.context_length if card and card.found else None,
        )
        dialog.chosen.connect(lambda chosen: self._keep_defaults(model, chosen))
        dialog.plan_requested.connect(self._services.pairing.plan)
        dialog.finished.connect(self._on_defaults_closed)
        dialog.open()

    def _on_planned(self, report: FitReport) -> None:
        if self._defaults is not None:
            self._defaults.show_plan(report)

    def _on_defaults_closed(self) -> None:
        self._defaults = None

    def _keep_defaults(self, model: InstalledModel, defaults: ModelDefaults | None) -> None:
        hubs = self._services.hubs
        hubs.change(hubs.settings.with_defaults(model.id, defaults))
        self._services.pairing.use_defaults(model)
        self._tab.show_again()

    def _ask_to_remove(self, model: InstalledModel) -> None:
        if self._library.is_loaded(model):
            self._page.say(
                self.tr("{model} is loaded. Choose another pair first, then delete it."),
                model=model.name,
                fault=True,
            )
            return
        sentence = self.tr("{model} is forgotten; its files stay where they are.")
        if not model.in_place:
            sentence = self.tr("{model} is deleted from this disk, which frees {size}.")
        ask(
            self._tab,
            title=self.tr("Delete {model}?").format(model=model.name),
            sentence=sentence.format(model=model.id, size=size(model.size_bytes)),
            action=self.tr("Delete"),
            on_yes=lambda: self._library.remove(model),
            danger=True,
        )

    def _on_forgiven(self, model: InstalledModel) -> None:
        """Load it where it is the chosen one; any other can be chosen again."""
        loads = self._feature.loads
        if model.path == loads.choice.pair.main_path and not loads.is_loading:
            loads.try_again()
            self._page.say(self.tr("{model} is being loaded again."), model=model.name)
        else:
            self._page.say(self.tr("{model} can be chosen again."), model=model.name)

    def _on_removed(self, model_id: str, freed_bytes: int) -> None:
        preferences = self._feature.preferences.current
        self._services.pairing.forget(
            model_id, main_id=preferences.main_model, draft_id=preferences.draft_model
        )
        self._page.say(
            self.tr("{model} was deleted; {size} are free again."),
            model=model_id,
            size=size(freed_bytes),
        )

    def _on_verified(self, report: VerifyReport) -> None:
        card = self._library.view.card(report.model_id)
        if report.ok or card is None:
            self._page.say(
                self.tr("{model}: every file is as it should be ({size} read)."),
                model=report.model_id,
                size=size(report.checked_bytes),
            )
            return
        model, files = card.model, [bad.path for bad in report.bad_files]
        source = model.manifest.source.type if model.manifest is not None else SourceType.LOCAL
        if source not in _HUBS:
            self._page.say(
                self.tr("{model} is damaged: {files}. Import it again."),
                model=model.name,
                files=", ".join(files),
                fault=True,
            )
            return
        ask(
            self._tab,
            title=self.tr("{model} is damaged").format(model=model.name),
            sentence=self.tr("These files are not what they should be: {files}").format(
                files=", ".join(files)
            ),
            action=self.tr("Fetch them again"),
            on_yes=lambda: self._library.repair(model, files),
        )

    def _ask_to_move(self, target: Path) -> None:
        if self._services.downloads.is_active:
            self._page.say(self.tr("Pause the downloads first, then move the models."), fault=True)
            return
        ask(
            self._tab,
            title=self.tr("Move all models?"),
            sentence=self.tr("{size} go from {old} to {new}.").format(
                size=size(self._library.view.total_bytes),
                old=self._library.registry.root,
                new=target,
            ),
            action=self.tr("Move"),
            on_yes=lambda: self._library.move(target),
        )

    def _on_moved(self, _old: Path, folder: Path) -> None:
        services = self._services
        services.discovery.set_root(folder)
        services.tasks.start(
            services.downloads.change_folder(folder), on_error=self._page.tell_fault
        )
        self._page.say(self.tr("The models are in {folder} now."), folder=str(folder))


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
