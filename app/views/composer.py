"""Where a message is written: Enter sends, Shift+Enter makes a line, one button sends or stops."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app.controllers.turn import TurnStage
from app.palette import Palette
from app.views.icons import icon
from app.views.labels import icon_button, label

MAX_LINES = 8
_SEND_PX = 34
_ENTER_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class MessageEdit(QPlainTextEdit):
    """A plain-text field that grows with its text, up to eight lines."""

    submitted = Signal()
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & (
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
        )
        if event.key() in _ENTER_KEYS and plain:
            self.submitted.emit()
            event.accept()
            return
        super().keyPressEvent(event)

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

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
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


class Composer(QFrame):
    """The message field with its buttons.

    `submitted(text)` asks to send and leaves the text until `clear`; `stop_requested()` asks to
    stop; `settings_requested()` asks for the generation settings.
    """

    submitted = Signal(str)
    stop_requested = Signal()
    settings_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.edit = MessageEdit()
        self.edit.setAccessibleName(self.tr("Message"))
        self.edit.setPlaceholderText(self.tr("Write a message\u2026"))
        self.settings_button = icon_button(self.tr("Generation settings"))
        self.send_button = icon_button(self.tr("Send"))
        self.send_button.setProperty("role", "send")
        self.send_button.setFixedSize(_SEND_PX, _SEND_PX)
        self._stage = TurnStage.NONE
        self._palette: Palette | None = None
        self._hint = self._make_hint()
        self._build()
        self._connect()
        self._refresh()

    def clear(self) -> None:
        """Empty the field: the message is on its way."""
        self.edit.clear()

    def set_stage(self, stage: TurnStage) -> None:
        """Follow the current exchange: the button sends or stops."""
        self._stage = stage
        self._refresh()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.settings_button.setIcon(icon("sliders-horizontal", palette.muted))
        self._refresh()

    def focus(self) -> None:
        """Put the cursor into the field."""
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_busy(self) -> bool:
        """Whether the button stops rather than sends."""
        return self._stage is not TurnStage.NONE

    def _make_hint(self) -> QLabel:
        hint = label(self.tr("Enter sends, Shift+Enter makes a new line"), role="caption")
        hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return hint

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.settings_button)
        buttons.addWidget(self._hint, 1)
        buttons.addWidget(self.send_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 10, 8)
        layout.setSpacing(4)
        layout.addWidget(self.edit)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.edit.submitted.connect(self._submit)
        self.edit.textChanged.connect(self._refresh)
        self.edit.focus_changed.connect(self._show_focus)
        self.send_button.clicked.connect(self._on_button)
        self.settings_button.clicked.connect(self.settings_requested)

    def _on_button(self) -> None:
        if self.is_busy:
            self.stop_requested.emit()
        else:
            self._submit()

    def _submit(self) -> None:
        text = self.edit.toPlainText()
        if text.strip() and not self.is_busy:
            self.submitted.emit(text)

    def _refresh(self) -> None:
        busy = self.is_busy
        name = self.tr("Stop (Esc)") if busy else self.tr("Send (Enter)")
        self.send_button.setToolTip(name)
        self.send_button.setAccessibleName(self.tr("Stop") if busy else self.tr("Send"))
        has_text = bool(self.edit.toPlainText().strip())
        enabled = self._stage is not TurnStage.STOPPING if busy else has_text
        self.send_button.setEnabled(enabled)
        if self._palette is not None:
            colour = self._palette.on_accent if enabled else self._palette.muted
            self.send_button.setIcon(icon("square" if busy else "arrow-up", colour))
            self.send_button.setIconSize(QSize(14, 14) if busy else QSize(18, 18))

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)
