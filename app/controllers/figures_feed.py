"""Hands on the live figures of the answer that is shown, a few times a second."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.live_figures import FigureSeries, LiveFigures, figures_of
from engine.metrics.report import GenerationReport

INTERVAL_MS = 200


class FiguresFeed(QObject):
    """Guarantees: between two snapshots of one series passes at least the interval."""

    changed = Signal(object)  # LiveFigures

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._series: FigureSeries | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._show)

    def set_rate(self, per_s: int) -> None:
        """Show live figures at most so often."""
        self._timer.setInterval(round(1000 / per_s))

    def follow(self, series: FigureSeries) -> None:
        """Show how a series stands now; `request` shows how it goes on."""
        self._series = series
        self._show()

    def request(self) -> None:
        """The series has newer figures."""
        if not self._timer.isActive():
            self._timer.start()

    def end(self, report: GenerationReport | None) -> None:
        """The answer has ended; its report stands in for the live figures."""
        series, self._series = self._series, None
        self._timer.stop()
        if series is not None:
            self.changed.emit(series.snapshot(report))

    def clear(self) -> None:
        """Show nothing."""
        self._series = None
        self._timer.stop()
        self.changed.emit(LiveFigures())

    def show_report(self, report: GenerationReport) -> None:
        """Show an answer that was made before."""
        self.changed.emit(figures_of(report))

    def _show(self) -> None:
        if self._series is not None:
            self.changed.emit(self._series.snapshot())
