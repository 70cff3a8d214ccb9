"""Makes the labels and icon buttons of the window, so that each has its role, name and tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton

from app.icons import ICON_PX


def label(text: str, *, role: str = "", wrap: bool = False) -> QLabel:
    """A plain-text label; `role` chooses its look in the style sheet."""
    widget = QLabel(text)
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setWordWrap(wrap)
    if role:
        widget.setProperty("role", role)
    return widget


def icon_button(name: str, *, checkable: bool = False) -> QToolButton:
    """A button that shows an icon only; `name` is its tooltip and accessible name."""
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setCheckable(checkable)
    button.setIconSize(QSize(ICON_PX, ICON_PX))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


class ElidedLabel(QLabel):
    """One line of plain text that gives way with an ellipsis; the tooltip has all of it."""

    def __init__(self, *, role: str) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show another text."""
        self.setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        try:
            mode = Qt.TextElideMode.ElideRight
            text = self.fontMetrics().elidedText(self.text(), mode, self.width())
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(self.rect(), left, text)
        finally:
            painter.end()
