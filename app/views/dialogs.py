"""The two dialogs of the window: about the program, and the report of an unexpected fault."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import PySide6
from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from app.views.labels import label
from engine.events import LoadedPipeline
from engine.version import __version__

_CONTEXT = "Dialogs"


def about_dialog(
    parent: QWidget,
    *,
    pipeline: LoadedPipeline | None,
    data: Path,
    actions: Sequence[tuple[str, Callable[[], object]]] = (),
) -> QDialog:
    """Say what this program is, its versions, and where its data lies; a button per action."""
    translate = QCoreApplication.translate
    dialog = QDialog(parent)
    dialog.setWindowTitle(translate(_CONTEXT, "About Slipstream"))
    lines = [
        translate(_CONTEXT, "Python {version}").format(version=sys.version.partition(" ")[0]),
        f"Qt {PySide6.__version__}",
        *(f"{name} {version}" for name, version in (pipeline.versions if pipeline else ())),
        translate(_CONTEXT, "Data folder: {folder}").format(folder=data),
        translate(_CONTEXT, "Licence: Apache-2.0"),
    ]
    lead = translate(
        _CONTEXT, "Chat with a language model on your own machine, made faster by a draft model."
    )
    details = label("\n".join(lines), role="muted", wrap=True)
    details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    for text, action in actions:
        button = buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.clicked.connect(lambda _, act=action: act())
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(24, 20, 24, 20)
    layout.setSpacing(10)
    layout.addWidget(label(f"Slipstream {__version__}", role="pair"))
    layout.addWidget(label(lead, wrap=True))
    layout.addWidget(details)
    layout.addWidget(buttons)
    dialog.setMinimumWidth(420)
    return dialog


def link_dialog(parent: QWidget, url: QUrl) -> QDialog:
    """Ask before a link from an answer is opened: a model may write any address."""
    translate = QCoreApplication.translate
    dialog = QDialog(parent)
    dialog.setWindowTitle(translate(_CONTEXT, "Open link"))
    address = label(url.toDisplayString(), role="muted", wrap=True)
    address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    buttons.addButton(translate(_CONTEXT, "Open"), QDialogButtonBox.ButtonRole.AcceptRole)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(24, 20, 24, 20)
    layout.setSpacing(10)
    layout.addWidget(label(translate(_CONTEXT, "Open this address in the browser?"), role="strong"))
    layout.addWidget(address)
    layout.addWidget(buttons)
    dialog.setMinimumWidth(420)
    return dialog


def fault_dialog(parent: QWidget | None, *, report: str, log_file: Path) -> QDialog:
    """Show an unexpected fault once, with a report to copy."""
    translate = QCoreApplication.translate
    dialog = QDialog(parent)
    dialog.setWindowTitle(translate(_CONTEXT, "Unexpected fault"))
    sentence = translate(
        _CONTEXT, "Something unexpected happened. The window goes on; the log is {file}."
    ).format(file=log_file)
    text = QPlainTextEdit(report)
    text.setReadOnly(True)
    text.setAccessibleName(translate(_CONTEXT, "Report"))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    copy = buttons.addButton(
        translate(_CONTEXT, "Copy report"), QDialogButtonBox.ButtonRole.ActionRole
    )
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(label(sentence, wrap=True))
    layout.addWidget(text)
    layout.addWidget(buttons)
    dialog.resize(640, 420)
    return dialog
