"""Connects the chat view with the window: code saved as files, find by Ctrl+F wherever the focus
is, and the strip of runs, which leads to the text of a step."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.core.system_reason import system_reason
from engine.atomic_file import write_atomically

if TYPE_CHECKING:
    from app.chat_view.view import ChatView
    from app.views.main_window import MainWindow

_LOG = logging.getLogger(__name__)
_CONTEXT = "ChatReading"


def connect_chat_view(view: ChatView, window: MainWindow) -> None:
    """Do all of that for a new view."""
    view.save_requested.connect(lambda text, name: ask_where_to_save(window, text, name))
    window.stats.answer.strip.step_activated.connect(lambda step: show_step(view, step))
    find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), window.page)
    find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    find.activated.connect(lambda: view.finding.open() if window.page.shows_chat else None)


def show_step(view: ChatView, step: int) -> None:
    """Show the text of a step of the newest answer, whose runs the strip holds."""
    row = view.last_answer()
    if row is not None:
        view.highlight_step(row, step)


def ask_where_to_save(window: QWidget, text: str, name: str) -> QFileDialog:
    """Open the dialog for a file; what is chosen is written."""
    translate = QCoreApplication.translate
    dialog = QFileDialog(window, translate(_CONTEXT, "Save code as a file"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDirectory(str(Path.home()))
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda path: save_text(window, Path(path), text))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def save_text(window: QWidget, path: Path, text: str) -> bool:
    """Write a file; a failure is told and logged. Returns whether it was written."""
    try:
        write_atomically(path, f"{text}\n")
    except OSError as error:
        _LOG.info("code was not saved: %s", error.strerror)
        translate = QCoreApplication.translate
        told = QMessageBox(QMessageBox.Icon.Warning, "", "", parent=window)
        told.setWindowTitle(translate(_CONTEXT, "Not saved"))
        text = translate(_CONTEXT, "The file could not be written: {reason}")
        told.setText(text.format(reason=system_reason(error, translate)))
        told.finished.connect(told.deleteLater)
        told.open()
        return False
    return True
