"""The About dialog and what it leads to: licences, changes, and the page of releases.

Nothing here looks for updates by itself; the page is opened when the user asks for it.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from app.core.project import LICENCE_FILE, RELEASE_PAGE, THIRD_PARTY_FILE
from app.features.whats_new import show_all_news
from engine.events import LoadedPipeline
from engine.resources import asset_root

_CONTEXT = "About"


def show_about(window: QWidget, *, pipeline: LoadedPipeline | None, data: Path) -> QDialog:
    """Open the About dialog and return it."""
    from app.views.dialogs import about_dialog

    translate = QCoreApplication.translate
    dialog = about_dialog(
        window,
        pipeline=pipeline,
        data=data,
        actions=(
            (translate(_CONTEXT, "Licences"), lambda: show_licences(window)),
            (translate(_CONTEXT, "What's new"), lambda: show_all_news(window)),
            (translate(_CONTEXT, "Check for updates"), lambda: offer_release_page(window)),
        ),
    )
    dialog.open()
    return dialog


def show_licences(window: QWidget) -> QDialog:
    """Open the licence of the program, followed by those of the parts it was packed with."""
    from app.views.text_dialogs import licences_dialog

    dialog = licences_dialog(window, licence_text())
    dialog.open()
    return dialog


def licence_text() -> str:
    """The licences of this installation; from source there are no parts packed with it."""
    folder = asset_root().parent
    found = [folder / name for name in (THIRD_PARTY_FILE, LICENCE_FILE)]
    return "\n\n".join(path.read_text(encoding="utf-8") for path in found if path.is_file())


def offer_release_page(window: QWidget) -> QDialog:
    """Ask before the browser opens: it is the one step that leaves the machine."""
    from app.views.dialogs import link_dialog

    url = QUrl(RELEASE_PAGE)
    dialog = link_dialog(window, url)
    dialog.accepted.connect(lambda: QDesktopServices.openUrl(url))
    dialog.open()
    return dialog
