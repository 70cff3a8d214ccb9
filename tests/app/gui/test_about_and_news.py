"""The About dialog, what it leads to, and the news after an upgrade."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QPushButton, QTextBrowser, QWidget

from app.arguments import Arguments
from app.core.project import RELEASE_PAGE
from engine.version import __version__

Open = Callable[..., Any]


# The offscreen platform cannot pass size hints of a second window on.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def dialogs(window: QWidget) -> list[QDialog]:
    return [d for d in window.findChildren(QDialog) if d.isVisible()]


def press(dialog: QDialog, text: str) -> None:
    (button,) = [b for b in dialog.findChildren(QPushButton) if b.text() == text]
    button.click()


def newest(window: QWidget) -> QDialog:
    return dialogs(window)[-1]


def test_an_upgrade_shows_what_changed_once(open_window: Open) -> None:
    rig = open_window(last_version="0.0.1")
    rig.wait(lambda: dialogs(rig.window))
    (browser,) = newest(rig.window).findChildren(QTextBrowser)
    assert __version__ in browser.toPlainText()
    assert len(browser.toPlainText()) > 100
    newest(rig.window).close()
    rig.desktop.preferences.close()
    assert json.loads(rig.preferences_path.read_text())["last_version"] == __version__


@pytest.mark.parametrize("last", ["", __version__, "99.0"])
def test_a_first_start_and_the_same_version_show_nothing(open_window: Open, last: str) -> None:
    rig = open_window(last_version=last)
    rig.wait(lambda: rig.desktop.preferences.current.last_version == __version__)
    rig.wait(lambda: rig.desktop.chat_view is not None)
    assert dialogs(rig.window) == []


def test_a_scripted_run_is_not_interrupted(open_window: Open) -> None:
    arguments = Arguments(size=(1280, 800), show_error_windows=False, ask="hi")
    rig = open_window(last_version="0.0.1", arguments=arguments)
    rig.wait(lambda: rig.desktop.chat_view is not None)
    assert dialogs(rig.window) == []
    assert rig.desktop.preferences.current.last_version == "0.0.1"


def test_about_leads_to_the_licences_and_the_changes(open_window: Open) -> None:
    rig = open_window(last_version=__version__)
    rig.window.sidebar.about.click()
    about = newest(rig.window)
    press(about, "Licences")
    (edit,) = newest(rig.window).findChildren(QPlainTextEdit)
    assert "Apache License" in edit.toPlainText()
    newest(rig.window).close()
    press(about, "What's new")
    (browser,) = newest(rig.window).findChildren(QTextBrowser)
    assert browser.toPlainText().strip()


def test_the_release_page_is_opened_only_when_it_is_confirmed(
    open_window: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    rig = open_window(last_version=__version__)
    rig.window.sidebar.about.click()
    about = newest(rig.window)
    press(about, "Check for updates")
    newest(rig.window).reject()
    assert opened == []
    press(about, "Check for updates")
    newest(rig.window).accept()
    assert opened == [QUrl(RELEASE_PAGE)]
