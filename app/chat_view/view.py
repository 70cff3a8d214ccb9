"""The chat: a self-painted, virtualised list of messages. It shows a `TranscriptModel` and knows no engine."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QTextDocument
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.chat_view.style import COLUMN_WIDTH, MESSAGE_GAP, SIDE_MARGIN, Style
from app.viewmodels.transcript_model import TranscriptModel


class ChatView(QAbstractScrollArea):
    """Shows messages; `follow` is true while the view sticks to the newest text.

    `link_activated(url)` is for the window to open, `copied()` follows a copy to the clipboard.
    """

    link_activated = Signal(str)
    copied = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._model: TranscriptModel | None = None
        self._follow = True
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Chat messages"))

    def set_model(self, model: TranscriptModel) -> None:
        """Show another model."""
        self._model = model
        model.text_flushed.connect(self._changed)
        model.message_changed.connect(self._changed)
        model.rowsInserted.connect(self._changed)
        model.modelReset.connect(self._changed)
        self._changed()

    def set_style(self, style: Style) -> None:
        """Change theme or font size."""
        self._style = style
        self._changed()

    def set_token_colours(self, on: bool) -> None:
        """Tint the text of accepted draft tokens."""

    @property
    def follow(self) -> bool:
        """Whether the view sticks to the newest text."""
        return self._follow

    @follow.setter
    def follow(self, on: bool) -> None:
        self._follow = on
        if on:
            self.scroll_to_bottom()

    def selected_text(self) -> str:
        """The selection as rendered text."""
        return ""

    def copy(self) -> None:
        """Copy the selection to the clipboard."""
        if text := self.selected_text():
            QGuiApplication.clipboard().setText(text)
            self.copied.emit()

    def scroll_to_bottom(self) -> None:
        """Show the newest text."""
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _changed(self) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.viewport().rect(), self._style.colours.background)
        width = min(COLUMN_WIDTH, self.viewport().width() - 2 * SIDE_MARGIN)
        painter.translate((self.viewport().width() - width) / 2, MESSAGE_GAP)
        for row in range(len(self._model or ())):
            document = QTextDocument()
            document.setDefaultFont(self._style.font)
            document.setTextWidth(width)
            document.setPlainText(self._model.message(row).text if self._model else "")
            document.drawContents(painter, QRectF())
            painter.translate(0, document.size().height() + MESSAGE_GAP)
