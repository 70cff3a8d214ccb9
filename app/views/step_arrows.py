"""Two small steps at the right end of a number field, drawn in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

WIDTH = 22


class StepArrows(QWidget):
    """Draws what the style sheet cannot; the spin box's own buttons lie below and take the clicks.

    Without buttons of its own a spin box under a style sheet loses its text field. The wheel
    changes only a number that has the focus: who scrolls past one changes nothing.
    """

    def __init__(self, spin: QAbstractSpinBox) -> None:
        super().__init__(spin)
        self._spin = spin
        spin.installEventFilter(self)
        spin.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._spin and event.type() is QEvent.Type.Resize:
            self._place()
        if watched is self._spin and event.type() is QEvent.Type.Wheel:
            event.setAccepted(self._spin.hasFocus())
            return not event.isAccepted()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = self._spin.palette().color(QPalette.ColorRole.PlaceholderText)
            painter.setPen(QPen(colour, 1.4))
            x, middle = self.width() / 2 - 1, self.height() / 2
            for sign in (-1, 1):
                y = middle + sign * 3.5
                tip = QPointF(x, y + sign * 3)
                painter.drawPolyline([QPointF(x - 3, y), tip, QPointF(x + 3, y)])
        finally:
            painter.end()

    def _place(self) -> None:
        self.setGeometry(self._spin.width() - WIDTH - 1, 1, WIDTH, self._spin.height() - 2)
        self.raise_()
