"""Dialogs that show a text to read: the licences, and what is new."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QPlainTextEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

_CONTEXT = "TextDialogs"
_MARGIN_PX = 12.0


def licences_dialog(parent: QWidget, text: str) -> QDialog:
    """Show the licence of the program and those of what it contains."""
    edit = QPlainTextEdit(text)
    edit.setReadOnly(True)
    edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    edit.document().setDocumentMargin(_MARGIN_PX)
    edit.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    dialog = _dialog(parent, QCoreApplication.translate(_CONTEXT, "Licences"), edit)
    dialog.resize(860, 560)
    return dialog


def news_dialog(parent: QWidget, markdown: str) -> QDialog:
    """Show changes, newest version first."""
    browser = QTextBrowser()
    browser.setOpenLinks(False)
    browser.setMarkdown(markdown)
    browser.document().setIndentWidth(20.0)
    browser.document().setDocumentMargin(_MARGIN_PX)
    return _dialog(parent, QCoreApplication.translate(_CONTEXT, "What's new"), browser)


def _dialog(parent: QWidget, title: str, content: QFrame) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    content.setAccessibleName(title)
    content.setFrameShape(QFrame.Shape.NoFrame)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(12, 12, 16, 16)
    layout.addWidget(content)
    layout.addWidget(buttons)
    dialog.resize(680, 480)
    return dialog
