"""Dialogs that show a text to read: the licences, and what is new."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

_CONTEXT = "TextDialogs"


def licences_dialog(parent: QWidget, text: str) -> QDialog:
    """Show the licence of the program and those of what it contains."""
    edit = QPlainTextEdit(text)
    edit.setReadOnly(True)
    edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    return _dialog(parent, QCoreApplication.translate(_CONTEXT, "Licences"), edit)


def news_dialog(parent: QWidget, markdown: str) -> QDialog:
    """Show changes, newest version first."""
    browser = QTextBrowser()
    browser.setOpenLinks(False)
    browser.setMarkdown(markdown)
    return _dialog(parent, QCoreApplication.translate(_CONTEXT, "What's new"), browser)


def _dialog(parent: QWidget, title: str, content: QWidget) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    content.setAccessibleName(title)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(content)
    layout.addWidget(buttons)
    dialog.resize(720, 520)
    return dialog
