"""Warns of a data or models folder on the network or in a folder of a cloud service: at the start,
once for each place, and in the settings as long as it is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.core.folder_risk import Finding
from app.core.folder_risk_text import FolderUse, risk_text
from app.core.folder_surroundings import risk_of

if TYPE_CHECKING:
    from app.controllers.preferences_controller import PreferencesController
    from app.paths import AppPaths
    from app.views.banner import Banner

_MAX_TOLD = 16


class FolderWarnings(QObject):
    """Guarantees: nothing is said twice at the start of the same place."""

    def __init__(
        self,
        paths: AppPaths,
        preferences: PreferencesController,
        *,
        banner: Banner,
        show_folders: Callable[[], object],
        find: Callable[[Path], Finding | None] = risk_of,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._paths = paths
        self._preferences = preferences
        self._banner = banner
        self._show_folders = show_folders
        self._find = find

    def warning_of(self, folder: Path) -> str:
        """What the settings say of a folder; empty where nothing is wrong with it."""
        for use, place in self._folders():
            finding = self._find(place) if place == folder else None
            if finding is not None:
                return " ".join(self._text(finding, use))
        return ""

    def warn_once(self) -> None:
        """Say it of the first folder that it was not said of before."""
        told = self._preferences.current.told_folders
        for use, place in self._folders():
            if str(place) in told or self._banner.is_shown:
                continue
            finding = self._find(place)
            if finding is not None:
                title, sentence = risk_text(finding, use, QCoreApplication.translate)
                label = self.tr("Show folders")
                self._banner.show_offer(title, sentence, label=label, on_accept=self._show_folders)
                self._preferences.update(told_folders=(*told, str(place))[-_MAX_TOLD:])
                return

    def _folders(self) -> Iterator[tuple[FolderUse, Path]]:
        yield FolderUse.DATA, self._paths.data
        yield FolderUse.MODELS, self._paths.models

    def _text(self, finding: Finding, use: FolderUse) -> tuple[str, str]:
        title, sentence = risk_text(finding, use, QCoreApplication.translate)
        return f"{title}.", sentence
