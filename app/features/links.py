"""Opens addresses in the browser, but never unasked: a model may write any of them."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from app.views.dialogs import link_dialog

_SCHEMES = frozenset({"http", "https", "mailto"})


def ask_to_open(window: QWidget, address: str) -> QDialog | None:
    """Ask whether to open an address, and return the dialog; None where it is no link."""
    url = QUrl(address)
    if url.scheme() not in _SCHEMES:
        return None
    dialog = link_dialog(window, url)
    dialog.accepted.connect(lambda: QDesktopServices.openUrl(url))
    dialog.open()
    return dialog
