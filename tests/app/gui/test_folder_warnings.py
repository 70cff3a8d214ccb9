"""The warning about folders at risk, in the window and in its settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.core.folder_risk import Finding, FolderRisk
from app.features.folder_warnings import FolderWarnings
from app.paths import AppPaths

Open = Callable[..., Any]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
DROPBOX = Finding(risk=FolderRisk.SYNCHRONISED, service="Dropbox")


def warnings(rig: Any, *risky: Path) -> FolderWarnings:
    """Warnings of a computer on which these folders are at risk."""
    found: FolderWarnings = rig.desktop.settings.folder_warnings
    found._find = lambda folder: DROPBOX if folder in risky else None
    return found


def paths(rig: Any) -> AppPaths:
    kept: AppPaths = rig.desktop.settings.folder_warnings._paths
    return kept


def test_nothing_is_said_of_a_plain_folder(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    warnings(rig).warn_once()
    assert not rig.window.page.banner.is_shown
    assert rig.desktop.preferences.current.told_folders == ()


def test_each_folder_is_warned_of_once_and_leads_to_the_settings(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    banner, where = rig.window.page.banner, paths(rig)
    told = warnings(rig, where.data, where.models)
    told.warn_once()
    assert banner.title.text() == "Your chats lie in a folder of Dropbox"
    assert "--data-dir" in banner.sentence.text()
    QTest.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    dialog = rig.desktop.settings.dialog
    rig.wait(lambda: dialog.pages.currentItem().text() == "Folders")
    dialog.close()
    assert not banner.is_shown
    told.warn_once()
    assert banner.title.text() == "The models lie in a folder of Dropbox"
    banner.hide()
    told.warn_once()
    assert not banner.is_shown
    assert rig.desktop.preferences.current.told_folders == (str(where.data), str(where.models))


def test_the_settings_say_it_as_long_as_it_is_so(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    warnings(rig, paths(rig).data)
    rig.desktop.settings.open()
    dialog = rig.desktop.settings.dialog
    data, models, _ = next(s.rows for s in dialog._sections if s.name == "Folders")
    assert data.warning.text().startswith("Your chats lie in a folder of Dropbox. ")
    assert not data.warning.isHidden()
    assert models.warning.isHidden()
    dialog.close()
