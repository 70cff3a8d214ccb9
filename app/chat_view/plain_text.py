"""A message as plain text in a dialog: the safe way for screen readers and odd selections."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

_CONTEXT = "PlainText"


def plain_text_dialog(parent: QWidget, text: str) -> QDialog:
    """A dialog with text that can be read and selected but not changed; it deletes itself."""
    translate = QCoreApplication.translate
    dialog = QDialog(parent)
    dialog.setWindowTitle(translate(_CONTEXT, "Message as plain text"))
    dialog.resize(640, 480)
    editor = QPlainTextEdit(text)
    editor.setReadOnly(True)
    editor.setTabChangesFocus(True)
    editor.setAccessibleName(translate(_CONTEXT, "Text of the message"))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(editor)
    layout.addWidget(buttons)
    dialog.finished.connect(dialog.deleteLater)
    return dialog
