"""A combo box that shows a muted caption before a short value, and long names in its list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

_SIDE = 10
_ARROW = 22
_GAP = 6
SHORT_ROLE = Qt.ItemDataRole.UserRole + 1


class CaptionCombo(QComboBox):
    """Items have data (`currentData`), a short text for the box and a long one for the list.

    The wheel scrolls what lies around the box; it never chooses.
    """

    def __init__(self, caption: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The default delegate of a combo box knows nothing of the style sheet.
        self.setItemDelegate(QStyledItemDelegate(self))

    def add_choice(self, data: str, *, short: str, long: str) -> None:
        """Add an item."""
        self.addItem(long, data)
        self.setItemData(self.count() - 1, short, SHORT_ROLE)
        self.setItemData(self.count() - 1, long, Qt.ItemDataRole.ToolTipRole)
        self._widen_list()

    def choose(self, data: str) -> None:
        """Select the item of `data`; one that is not listed is added, so that nothing is hidden."""
        index = self.findData(data)
        if index < 0:
            self.add_choice(data, short=data, long=data)
            index = self.count() - 1
        if index != self.currentIndex():
            self.setCurrentIndex(index)

    def short_text(self) -> str:
        """The text in the box."""
        return str(self.currentData(SHORT_ROLE) or self.currentText())

    def retell(self, words: Callable[[str], str]) -> None:
        """Say the caption and the short texts in another language."""
        self._caption = words(self._caption)
        for row in range(self.count()):
            self.setItemData(row, words(str(self.itemData(row, SHORT_ROLE) or "")), SHORT_ROLE)
        if self.count():
            self._widen_list()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        shorts = [str(self.itemData(row, SHORT_ROLE) or "") for row in range(self.count())]
        widest = max((metrics.horizontalAdvance(text) for text in shorts), default=40)
        caption = metrics.horizontalAdvance(self._caption) + _GAP if self._caption else 0
        return QSize(_SIDE + caption + widest + _ARROW + 4, 32)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QStylePainter(self)
        try:
            option = QStyleOptionComboBox()
            self.initStyleOption(option)
            painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
            self._paint_texts(painter)
            self._paint_arrow(painter)
        finally:
            painter.end()

    def _paint_texts(self, painter: QPainter) -> None:
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        area = self.rect().adjusted(_SIDE, 0, -_ARROW, 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if self._caption:
            painter.setPen(muted)
            painter.drawText(area, left, self._caption)
            area.setLeft(area.left() + self.fontMetrics().horizontalAdvance(self._caption) + _GAP)
        colour = self.palette().color(group, QPalette.ColorRole.WindowText)
        painter.setPen(colour if self.isEnabled() else muted)
        text = self.fontMetrics().elidedText(
            self.short_text(), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(QRect(area), left, text)

    def _paint_arrow(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.setPen(QPen(colour, 1.5))
        x, y = self.width() - 14.0, self.height() / 2 - 1.5
        painter.drawPolyline([QPointF(x - 3.5, y), QPointF(x, y + 3.5), QPointF(x + 3.5, y)])

    def _widen_list(self) -> None:
        metrics = self.fontMetrics()
        texts = (self.itemText(row) for row in range(self.count()))
        widest = max(metrics.horizontalAdvance(text) for text in texts)
        self.view().setMinimumWidth(widest + 44)
