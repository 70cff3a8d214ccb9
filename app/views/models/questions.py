"""Questions of the model page: small dialogs that never block, with Cancel as the quiet answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.views.labels import label
from app.views.models.parts import button


def ask(
    parent: QWidget,
    *,
    title: str,
    sentence: str,
    action: str,
    on_yes: Callable[[], object],
    danger: bool = False,
) -> QDialog:
    """Ask before something is done; `on_yes` runs when the action is pressed."""
    dialog = _dialog(parent, title)
    words = label(sentence, wrap=True)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    yes = button(action, role="danger" if danger else "primary")
    buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    dialog.accepted.connect(on_yes)
    layout = dialog.layout()
    assert layout is not None
    layout.addWidget(label(title, role="strong"))
    layout.addWidget(words)
    layout.addWidget(buttons)
    dialog.open()
    return dialog


def show_text(parent: QWidget, *, title: str, note: str, text: str) -> QDialog:
    """Show a text as it is: nothing in it is interpreted."""
    dialog = _dialog(parent, title)
    view = QPlainTextEdit(text)
    view.setReadOnly(True)
    view.setAccessibleName(title)
    view.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
    font = view.font()
    font.setFamilies(["JetBrains Mono", "monospace"])
    view.setFont(font)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = dialog.layout()
    assert layout is not None
    layout.addWidget(label(note, role="muted", wrap=True))
    layout.addWidget(view)
    layout.addWidget(buttons)
    dialog.resize(680, 480)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName("modelsDialog")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setMinimumWidth(440)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(24, 20, 24, 20)
    layout.setSpacing(12)
    return dialog
