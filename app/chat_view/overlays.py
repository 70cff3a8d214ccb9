"""Real buttons over the painted chat: the way back to the newest text."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from app.chat_view.style import Style


class JumpButton(QPushButton):
    """Leads back to the newest text; shown while the reader is elsewhere."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText("\u2193  " + self.tr("Jump to latest"))
        self.setAccessibleName(self.tr("Jump to latest"))
        self.setToolTip(self.tr("Scroll to the newest text and follow it (End)"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def set_style(self, style: Style) -> None:
        """Take the colours of a style."""
        self.setStyleSheet(jump_sheet(style))

    def place(self, area: QRect) -> None:
        """Stand at the bottom centre of an area."""
        size = self.sizeHint()
        x = area.center().x() - size.width() // 2
        self.setGeometry(QRect(x, area.bottom() - size.height() - 12, size.width(), size.height()))


def jump_sheet(style: Style) -> str:
    """Style sheet of the jump button."""
    palette = style.palette
    size = style.font_px - 2
    return (
        f"QPushButton {{ color: {palette.text}; background: {palette.card};"
        f" border: 1px solid {palette.line}; border-radius: 15px; padding: 6px 14px;"
        f" font-size: {size}px }}"
        f"QPushButton:hover {{ background: {palette.accent_soft} }}"
        f"QPushButton:focus {{ border-color: {palette.accent} }}"
    )


def scroll_bar_sheet(style: Style) -> str:
    """Style sheet of the scroll bar."""
    palette = style.palette
    return (
        f"QScrollBar:vertical {{ background: {palette.bg}; width: 12px; margin: 0 }}"
        f"QScrollBar::handle:vertical {{ background: {palette.line}; border-radius: 4px;"
        " min-height: 36px; margin: 2px }"
        f"QScrollBar::handle:vertical:hover {{ background: {palette.muted} }}"
        "QScrollBar::add-line, QScrollBar::sub-line { height: 0 }"
        "QScrollBar::add-page, QScrollBar::sub-page { background: transparent }"
    )
