"""A box over a message of the user in which it can be changed and sent again."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.core.attachments.prompt import compose, split
from app.core.attachments.values import Attachment
from app.palette import Palette
from app.views.composer_parts.chips import ChipRow
from app.views.history.escape import is_escape_override
from app.views.labels import label

_MIN_HEIGHT = 132
_MAX_SHARE = 0.6


class EditField(QPlainTextEdit):
    """Enter sends, Shift+Enter makes a line, Esc gives up: as in the composer."""

    submitted = Signal()
    given_up = Signal()

    def event(self, event: QEvent) -> bool:
        if is_escape_override(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class MessageEditor(QFrame):
    """`submitted(row, text)` with the changed text; `closed()` when it goes away."""

    submitted = Signal(int, str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("messageEditor")
        self.row: int | None = None
        self._attachments: list[Attachment] = []
        self._font_px = 15
        self._palette: Palette | None = None
        self.chips = ChipRow(name=self.tr("Attached texts"), icon_name="file-text")
        self.field = EditField()
        self.field.setAccessibleName(self.tr("Edit the message"))
        self.field.setTabChangesFocus(True)
        self.send_button = QPushButton(self.tr("Send"))
        self.send_button.setProperty("role", "primary")
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self._build()
        self.field.submitted.connect(self._submit)
        self.field.given_up.connect(self.close_editor)
        self.field.textChanged.connect(self._refresh)
        self.chips.removed.connect(self._remove)
        self.send_button.clicked.connect(self._submit)
        self.cancel_button.clicked.connect(self.close_editor)
        self.hide()

    def open_for(self, row: int, message: str, *, font_px: int) -> None:
        """Edit the message of a row: what was written, in letters of a size in pixels; what was
        attached to it can be taken away."""
        self.row, self._font_px = row, font_px
        parts = split(message)
        self._show_attached(parts.attachments)
        self.field.setPlainText(parts.text)
        self._restyle()
        self.field.moveCursor(self.field.textCursor().MoveOperation.End)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self, message: QRect, area: QRect) -> None:
        """Stand over the message, within the area, as high as the text needs."""
        wanted = round(self.field.document().size().height()) * self.field.fontMetrics().height()
        chips = self.chips.sizeHint().height() if self._attachments else 0
        wanted = max(_MIN_HEIGHT, wanted + 84) + chips
        height = min(wanted, max(_MIN_HEIGHT, round(area.height() * _MAX_SHARE)))
        top = min(max(message.top(), 8), max(8, area.height() - height - 8))
        self.setGeometry(QRect(message.left(), top, message.width(), height))

    def close_editor(self) -> None:
        """Give up editing."""
        if self.row is not None:
            self.row = None
            self.hide()
            self.closed.emit()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.chips.apply_palette(palette)
        self._restyle()

    def _restyle(self) -> None:
        palette = self._palette
        if palette is None:
            return
        self.setStyleSheet(
            f"#messageEditor {{ background: {palette.card}; border: 1px solid {palette.accent};"
            " border-radius: 14px; }"
            f"#messageEditor QPlainTextEdit {{ background: transparent; border: 0;"
            f" color: {palette.text}; font-size: {self._font_px}px; }}"
        )

    def _show_attached(self, attachments: Iterable[Attachment]) -> None:
        self._attachments = list(attachments)
        self.chips.show_texts([(item.name, item.name) for item in self._attachments])
        self._refresh()

    def _remove(self, index: int) -> None:
        self._show_attached(self._attachments[:index] + self._attachments[index + 1 :])
        if not self._attachments:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _submit(self) -> None:
        text, row = compose(self._attachments, self.field.toPlainText()), self.row
        if row is not None and text.strip():
            self.close_editor()
            self.submitted.emit(row, text)

    def _refresh(self) -> None:
        has_message = bool(self.field.toPlainText().strip() or self._attachments)
        self.send_button.setEnabled(has_message)

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        hint = label(self.tr("The earlier version is kept."), role="caption")
        buttons.addWidget(hint, 1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.send_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(self.chips)
        layout.addWidget(self.field, 1)
        layout.addLayout(buttons)
