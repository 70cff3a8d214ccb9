"""Opens one repository in a dialog and does what its buttons ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.controllers.model_discovery import RepositoryDetails
from app.core.hub_text import asks_for_token, hub_error_text, page_of
from app.views.models.repository_dialog import RepositoryDialog
from engine.errors import ErrorInfo
from engine.hub.sources import RemoteModel
from engine.models.manifest import ModelSource

if TYPE_CHECKING:
    from app.features.model_page import ModelPageLink
    from app.features.models import ModelsFeature

translate = QCoreApplication.translate


class ModelDetails(QObject):
    """At most one dialog."""

    def __init__(self, feature: ModelsFeature, page: ModelPageLink) -> None:
        super().__init__(page)
        self._services = feature.services
        self._page = page
        self._source: ModelSource | None = None
        self.dialog: RepositoryDialog | None = None
        discovery = self._services.discovery
        discovery.described.connect(self._on_described)
        discovery.describe_failed.connect(self._on_failed)
        discovery.token_stored.connect(self._on_token)

    def open(self, source: ModelSource) -> None:
        """Show a repository."""
        if self.dialog is not None:
            self.dialog.close()
        self._source = source
        dialog = self.dialog = RepositoryDialog(source.repository or "", self._page.widget)
        dialog.get_requested.connect(self._get)
        dialog.pair_requested.connect(self._get_pair)
        dialog.token_entered.connect(self._services.discovery.store_token)
        dialog.finished.connect(self._on_finished)
        dialog.open()
        self._services.discovery.open(source)

    def _on_described(self, details: RepositoryDetails) -> None:
        if self.dialog is None:
            return
        name = details.remote.summary.repository
        view = self._services.library.view
        draft = details.draft
        self.dialog.show_details(
            details,
            installed=view.has(name),
            draft=draft if draft is not None and not view.has(draft.id) else None,
        )
        if details.remote.summary.gated and not details.has_token:
            self.dialog.show_fault(
                self.tr("Its terms have to be accepted on its page; then a token is needed."),
                page=details.remote.page_url,
                token=True,
            )

    def _on_failed(self, error: ErrorInfo) -> None:
        if self.dialog is not None:
            self.dialog.show_fault(
                hub_error_text(error, translate), page=page_of(error), token=asks_for_token(error)
            )

    def _on_token(self) -> None:
        if self.dialog is not None and self._source is not None:
            self._services.discovery.open(self._source)

    def _get(self, remote: RemoteModel) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._page.get_sources([remote.source])

    def _get_pair(self, main_id: str, draft_id: str) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self._page.get_pair(main_id, draft_id)

    def _on_finished(self) -> None:
        self.dialog = None
