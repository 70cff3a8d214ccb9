"""The name of the pair in the top bar: a button that gives way with an ellipsis."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
)

_ARROW = "  \u25be"


class PairButton(QPushButton):
    """Shows a name; pressed, it asks for the choice of the models."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "pairButton")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show another name."""
        self.setText(text)
        self.setToolTip(self.tr("{pair}: choose the models (Ctrl+M)").format(pair=text))
        self.setAccessibleName(self.tr("Models: {pair}").format(pair=text))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width() + self.fontMetrics().horizontalAdvance(_ARROW), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(60, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        try:
            area = self.style().subElementRect(
                QStyle.SubElement.SE_PushButtonContents, option, self
            )
            metrics = self.fontMetrics()
            room = area.width() - metrics.horizontalAdvance(_ARROW)
            mode = Qt.TextElideMode.ElideRight
            option.text = metrics.elidedText(self.text(), mode, room) + _ARROW
            painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        finally:
            painter.end()
