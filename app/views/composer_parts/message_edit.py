"""A plain-text field that grows with its text and hands on what it should not take itself."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

MAX_LINES = 8
LONG_TEXT = 2000
"""Pasted text of more characters becomes an attached text."""
_ENTER_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class MessageEdit(QPlainTextEdit):
    """Grows up to eight lines.

    `submitted()` on Enter; `recalled()` on the up arrow in an empty field; `long_text_pasted(str)`
    and `files_dropped(list[Path])` in place of inserting.
    """

    submitted = Signal()
    recalled = Signal()
    long_text_pasted = Signal(str)
    files_dropped = Signal(list)
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift_or_alt = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
        is_plain = not event.modifiers() & shift_or_alt
        if event.key() in _ENTER_KEYS and is_plain:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Up and is_plain and self.document().isEmpty():
            self.recalled.emit()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasUrls() or source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = local_files(source)
        if files:
            self.files_dropped.emit(files)
        elif source.hasText() and len(source.text()) > LONG_TEXT:
            self.long_text_pasted.emit(source.text())
        elif source.hasText():
            self.insertPlainText(source.text())

    def _fit(self) -> None:
        """Take the height of the text: `document().size()` counts visual lines here."""
        lines = max(1, math.ceil(self.document().size().height()))
        shown = min(MAX_LINES, lines)
        height = math.ceil(shown * self.fontMetrics().lineSpacing()) + 8
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if lines > MAX_LINES else policy.ScrollBarAlwaysOff
        )
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)


def local_files(source: QMimeData) -> list[Path]:
    """The files of this computer in what was dropped or pasted."""
    return [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
