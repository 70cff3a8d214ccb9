"""A strip of run lengths: a bar per main iteration, accepted tokens above the main's own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.core.filling import filled
from app.palette import LIGHT, Palette

_HEIGHT = 44
_BAR_WIDTH = 5
_GAP = 1


class RunStrip(QWidget):
    """Bars of the newest runs that fit; a tooltip tells about the one below the pointer.

    With the keyboard, Left and Right move over the bars and the tooltip follows.
    `step_activated(step)` follows a click on a bar, or Enter.
    """

    step_activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[int, ...] = ()
        self._first_step = 0
        self._palette = LIGHT
        self._chosen: int | None = None
        self.setAccessibleName(self.tr("Run lengths"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_runs((), first_step=0)

    @property
    def runs(self) -> tuple[int, ...]:
        """Tokens per main iteration, oldest first."""
        return self._runs

    def set_runs(self, runs: tuple[int, ...], *, first_step: int) -> None:
        """Show other runs; `first_step` is the index of the first of them in its answer."""
        self._runs, self._first_step, self._chosen = runs, first_step, None
        text = ", ".join(str(length) for length in runs[-40:])
        self.setAccessibleDescription(
            self.tr("Tokens per main iteration: {lengths}").format(lengths=text)
            if runs
            else self.tr("Nothing measured yet.")
        )
        self.update()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def run_at(self, x: float) -> int | None:
        """Index in `runs` of the bar at a horizontal position, or None."""
        index = int(x // (_BAR_WIDTH + _GAP))
        visible = self._visible()
        if x < 0 or not 0 <= index < len(visible):
            return None
        return len(self._runs) - len(visible) + index

    def describe_run(self, index: int) -> str:
        """Say what happened in one main iteration."""
        length, step = self._runs[index], self._first_step + index
        if step == 0:
            return self.tr("Prefill: the first token")
        text = self.tr("Step {step}: 1 token, no draft token accepted")
        if length > 1:
            text = self.tr(
                "Step {step}: {tokens} {tokens:token|tokens}, {accepted} of them accepted"
            )
        return filled(text, step=step, tokens=length, accepted=length - 1)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.run_at(event.pos().x())
            if index is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.describe_run(index), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.run_at(event.position().x())
        if event.button() is Qt.MouseButton.LeftButton and index is not None:
            self._chosen = index
            self.update()
            self.step_activated.emit(self._first_step + index)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if enter and self._chosen is not None:
            self.step_activated.emit(self._first_step + self._chosen)
            return
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._runs:
            super().keyPressEvent(event)
            return
        oldest = len(self._runs) - len(self._visible())
        newest = len(self._runs) - 1
        start = newest + 1 if self._chosen is None else self._chosen
        self._chosen = max(oldest, min(newest, start + step))
        x = (self._chosen - oldest) * (_BAR_WIDTH + _GAP)
        position = self.mapToGlobal(QPointF(x, self.height()).toPoint())
        QToolTip.showText(position, self.describe_run(self._chosen), self)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        try:
            painter.setPen(Qt.PenStyle.NoPen)
            runs = self._visible()
            unit = (self.height() - 2) / max(2, *runs) if runs else 0.0
            oldest = len(self._runs) - len(runs)
            for index, length in enumerate(runs):
                self._paint_bar(
                    painter, index, length, unit=unit, chosen=oldest + index == self._chosen
                )
            painter.fillRect(
                QRectF(0, self.height() - 1, self.width(), 1), QColor(self._palette.line)
            )
        finally:
            painter.end()

    def _paint_bar(
        self, painter: QPainter, index: int, length: int, *, unit: float, chosen: bool
    ) -> None:
        left, bottom = index * (_BAR_WIDTH + _GAP), self.height() - 2
        own = QColor(self._palette.accent if chosen else self._palette.muted)
        accepted = QColor(self._palette.accent if chosen else self._palette.ok)
        painter.fillRect(QRectF(left, bottom - unit, _BAR_WIDTH, unit - 0.5), own)
        if length > 1:
            height = unit * (length - 1)
            painter.fillRect(QRectF(left, bottom - unit - height, _BAR_WIDTH, height), accepted)

    def _visible(self) -> tuple[int, ...]:
        capacity = max(1, self.width() // (_BAR_WIDTH + _GAP))
        return self._runs[-capacity:]
