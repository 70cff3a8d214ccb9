"""The settings dialog (Ctrl+,): made of the preferences' own declarations and a few facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.controllers.preferences_controller import PreferencesController
from app.core.actions import Action, ActionGroup
from app.core.declaration import Section
from app.core.preferences import Preferences, declarations
from app.features.appearance import Appearance
from app.features.models import MODELS_PAGE
from app.features.tray import Tray
from app.features.wakefulness import Wakefulness
from app.paths import AppPaths
from engine.version import __version__

if TYPE_CHECKING:
    from app.desktop import Desktop
    from app.features.folder_warnings import FolderWarnings
    from app.views.banner import Banner
    from app.views.settings.dialog import SettingsDialog, SettingsSection
    from app.views.settings.fact_rows import FactRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsParts:
    """What the dialog shows and reaches."""

    window: QWidget
    preferences: PreferencesController
    appearance: Appearance
    tray: Tray
    wakefulness: Wakefulness
    banner: Banner
    paths: AppPaths
    move_models: Callable[[Path], object]
    show_about: Callable[[], object]


class SettingsFeature(QObject):
    """Opens the dialog and keeps it in step with the preferences."""

    def __init__(self, parts: SettingsParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.dialog: SettingsDialog | None = None
        parts.preferences.changed.connect(self._show)
        parts.appearance.palette_changed.connect(self._on_palette)

    @cached_property
    def folder_warnings(self) -> FolderWarnings:
        """What is said of risky places of the folders."""
        from app.features.folder_warnings import FolderWarnings  # not before the first paint

        return FolderWarnings(
            self._parts.paths,
            self._parts.preferences,
            banner=self._parts.banner,
            show_folders=self.open_folders,
            parent=self,
        )

    def open(self) -> None:
        """Open the dialog; it is made anew, in the language of now."""
        if self.dialog is not None:
            self.dialog.activateWindow()
            return
        from app.views.settings.dialog import SettingsDialog  # not before the first paint

        dialog = self.dialog = SettingsDialog(self._sections(), self._parts.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.changed.connect(lambda key, value: self._parts.preferences.update(**{key: value}))
        dialog.reset_requested.connect(self._reset)
        dialog.finished.connect(self._on_finished)
        dialog.apply_palette(self._parts.appearance.palette)
        self._show(self._parts.preferences.current)
        dialog.fit_screen()
        dialog.open()
        dialog.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def warn_of_folders(self) -> None:
        """Say where a folder lies badly, once for each place."""
        self.folder_warnings.warn_once()

    def open_folders(self) -> None:
        """Open the dialog where the folders are."""
        self.open()
        if self.dialog is not None:
            self.dialog.show_section(self.tr("Folders"))

    def _sections(self) -> list[SettingsSection]:
        from app.views.settings.dialog import SettingsSection
        from app.views.settings.field_row import FieldRow

        names = {
            Section.GENERAL: self.tr("General"),
            Section.APPEARANCE: self.tr("Appearance"),
            Section.CHAT: self.tr("Chat"),
            Section.POWER: self.tr("Power"),
        }
        defaults = Preferences()
        made = [
            SettingsSection(
                name,
                [
                    FieldRow(
                        key,
                        declaration,
                        default=getattr(defaults, key),
                        translate=QCoreApplication.translate,
                    )
                    for key, declaration in declarations().items()
                    if declaration.section is section
                ],
            )
            for section, name in names.items()
        ]
        return [
            *made,
            SettingsSection(self.tr("Folders"), self._folder_rows()),
            SettingsSection(self.tr("Privacy"), self._privacy_rows()),
            SettingsSection(self.tr("About"), [self._about_row()]),
        ]

    def _folder_rows(self) -> list[FactRow]:
        from app.views.settings.fact_rows import FactRow

        show, paths = self.tr("Open folder"), self._parts.paths
        data, models, warning_of = paths.data, paths.models, self.folder_warnings.warning_of
        rows = [
            FactRow(self.tr("Data"), str(data), actions=[show], warning=warning_of(data)),
            FactRow(
                self.tr("Models"),
                str(models),
                actions=[show, self.tr("Change\u2026")],
                warning=warning_of(models),
            ),
            FactRow(self.tr("Logs"), str(paths.logs), actions=[show]),
        ]
        for row, folder in zip(rows, (data, models, paths.logs), strict=True):
            row.buttons[0].clicked.connect(lambda _=False, f=folder: _open(f))
        rows[1].buttons[1].clicked.connect(self._choose_models_folder)
        return rows

    def _privacy_rows(self) -> list[FactRow]:
        from app.views.settings.fact_rows import FactRow

        facts = (
            (
                self.tr("Nothing is reported"),
                self.tr("There is no telemetry, no account and no advertising."),
            ),
            (
                self.tr("What you write stays here"),
                self.tr("Chats, settings and models are files in your data folder, for you alone."),
            ),
            (
                self.tr("When the network is used"),
                self.tr(
                    "Only when you look for or download a model, from the hub you chose; links "
                    "are opened after asking. Pictures in answers are never loaded."
                ),
            ),
            (
                self.tr("Tokens of hubs"),
                self.tr("They are kept by the key ring of your system, never in a file."),
            ),
        )
        return [FactRow(title, text) for title, text in facts]

    def _about_row(self) -> FactRow:
        from app.views.settings.fact_rows import FactRow

        row = FactRow(
            self.tr("Slipstream {version}").format(version=__version__),
            self.tr("Versions, licences and changes."),
            actions=[self.tr("Show")],
        )
        row.buttons[0].clicked.connect(self._parts.show_about)
        return row

    def _choose_models_folder(self) -> None:
        dialog = QFileDialog(self.dialog, self.tr("Folder of the models"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._move_models)
        dialog.open()

    def _move_models(self, folder: str) -> None:
        if self.dialog is not None:
            self.dialog.close()
        self._parts.move_models(Path(folder))

    def _reset(self, key: str) -> None:
        self._parts.preferences.update(**{key: getattr(Preferences(), key)})

    def _show(self, preferences: Preferences) -> None:
        if self.dialog is None:
            return
        self.dialog.show_preferences(preferences)
        self.dialog.show_unavailable(self._unavailable(preferences))

    def _unavailable(self, preferences: Preferences) -> dict[str, str]:
        reasons: dict[str, str] = {}
        if not self._parts.tray.is_available:
            reason = self.tr("This desktop has no system tray.")
            reasons |= {"tray": reason, "close_to_tray": reason}
        elif not preferences.tray:
            reasons["close_to_tray"] = self.tr("Needs the icon in the system tray.")
        if not self._parts.wakefulness.is_available:
            reasons["stay_awake"] = self.tr("This system cannot be kept awake from here.")
        return reasons

    def _on_palette(self, _: object) -> None:
        if self.dialog is not None:
            self.dialog.apply_palette(self._parts.appearance.palette)

    def _on_finished(self) -> None:
        self.dialog = None


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def add_settings(desktop: Desktop, paths: AppPaths) -> SettingsFeature:
    """Make the feature of a window, with its key."""

    def move_models(folder: Path) -> None:
        """The page of the models asks first, and shows how far it got."""
        desktop.window.show_page(MODELS_PAGE)
        desktop.models.page.widget.installed.move_requested.emit(folder)

    def follow_text() -> None:
        desktop.window.set_text_scale(desktop.theme.scale)

    desktop.theme.restyled.connect(follow_text)
    follow_text()
    feature = SettingsFeature(
        SettingsParts(
            window=desktop.window,
            preferences=desktop.preferences,
            appearance=desktop.theme,
            tray=desktop.tray,
            wakefulness=desktop.wakefulness,
            banner=desktop.window.page.banner,
            paths=paths,
            move_models=move_models,
            show_about=desktop.show_about,
        ),
        desktop,
    )
    desktop.commands.add(
        Action(
            id="settings",
            text=lambda: QCoreApplication.translate("Actions", "Settings"),
            group=ActionGroup.PROGRAM,
            run=feature.open,
            shortcut="Ctrl+,",
        )
    )
    desktop.window.sidebar.settings_requested.connect(feature.open)
    return feature
