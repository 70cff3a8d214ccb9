"""The strip under a finished answer: a bar for each verify step, as high as its run is long.
It paints and finds bars; what they lead to is the affair of others."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QPainter

from app.chat_view import style as measures
from app.chat_view.message_item import MessageItem
from app.chat_view.step_columns import StepColumn, step_columns
from app.chat_view.style import Style
from app.core.filling import filled
from engine.metrics.report import GenerationReport

BAR_WIDTH = 3
BAR_STEP = BAR_WIDTH + 1
KEPT_STRIPS = 16
"""Strips whose bars are kept: more than a viewport shows."""


class StepStrip:
    """The bars of one answer in a given width; places count from its top left corner."""

    def __init__(self, report: GenerationReport, width: int) -> None:
        self.report = report
        self.width = width
        self.columns = step_columns(report.run_lengths, width // BAR_STEP)
        longest = max(2.0, *(column.mean_run_length for column in self.columns))
        self._unit = measures.STRIP_HEIGHT / longest
        self._own = [self._bar(index, 0, 1) for index in range(len(self.columns))]
        self._accepted = [
            self._bar(index, 1, column.mean_run_length)
            for index, column in enumerate(self.columns)
            if column.mean_run_length > 1
        ]

    def _bar(self, index: int, low: float, high: float) -> QRectF:
        bottom = measures.STRIP_HEIGHT - low * self._unit
        return QRectF(
            index * BAR_STEP,
            bottom - (high - low) * self._unit,
            BAR_WIDTH,
            (high - low) * self._unit,
        )

    def column_at(self, x: float) -> int | None:
        """The bar at a horizontal position."""
        index = int(x // BAR_STEP)
        return index if 0 <= index < len(self.columns) else None

    def place_of(self, index: int) -> QRectF:
        """Where a bar stands, from the top of the strip to its foot."""
        return QRectF(index * BAR_STEP, 0, BAR_WIDTH, measures.STRIP_HEIGHT)

    def paint(self, painter: QPainter, style: Style, chosen: int | None) -> None:
        """Paint the bars at the origin; the chosen one stands out."""
        colours = style.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.strip_own)
        painter.drawRects(self._own)
        if self._accepted:
            painter.setBrush(colours.strip_accepted)
            painter.drawRects(self._accepted)
        if chosen is not None:
            foot = self.place_of(chosen)
            painter.fillRect(
                self._bar(chosen, 0, self.columns[chosen].mean_run_length), colours.accent
            )
            painter.fillRect(
                QRectF(foot.left() - 1, foot.bottom() + 1, BAR_WIDTH + 2, 2), colours.accent
            )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


class StepStrips:
    """Makes strips when they are wanted and keeps the newest ones."""

    def __init__(self) -> None:
        self._strips: dict[int, StepStrip] = {}

    def of(self, item: MessageItem) -> StepStrip | None:
        """The strip of a message, None when it has none."""
        report = item.model.report(item.row)
        if not item.strip_height or report is None:
            return None
        strip = self._strips.get(item.row)
        if strip is None or strip.report is not report or strip.width != item.width:
            self._strips.pop(item.row, None)
            while len(self._strips) >= KEPT_STRIPS:
                del self._strips[next(iter(self._strips))]
            strip = self._strips[item.row] = StepStrip(report, item.width)
        return strip


def describe_column(report: GenerationReport, column: StepColumn) -> str:
    """What happened in the steps of a column, and how long it took."""
    translate = QCoreApplication.translate
    if column.steps > 1:
        text = translate(
            "StepStrip",
            "Steps {first} to {last}: {tokens} {tokens:token|tokens}, {mean} in each on average",
        )
    elif column.first == 0:
        text = translate("StepStrip", "Prefill: the first token")
    elif column.tokens == 1:
        text = translate("StepStrip", "Step {first}: 1 token, no draft token accepted")
    else:
        text = translate(
            "StepStrip", "Step {first}: {tokens} {tokens:token|tokens}, {accepted} of them accepted"
        )
    text = filled(
        text,
        first=column.first,
        last=column.last,
        tokens=column.tokens,
        accepted=column.tokens - column.steps,
        mean=f"{column.mean_run_length:.1f}",
    )
    times = report.run_times_s
    if column.last >= len(times):
        return text
    before_s = times[column.first - 1] if column.first else 0.0
    took = translate("StepStrip", "Took {milliseconds} ms, ready after {seconds} s")
    took = filled(
        took,
        milliseconds=f"{(times[column.last] - before_s) * 1e3:.1f}",
        seconds=f"{times[column.last]:.2f}",
    )
    return f"{text}\n{took}"


def describe_runs(report: GenerationReport) -> str:
    """All run lengths of an answer in one sentence, for those who do not see the strip."""
    lengths = report.run_lengths[1:]
    text = QCoreApplication.translate(
        "StepStrip",
        "{steps} verify {steps:step|steps} of {mean} {mean:token|tokens} on average, {most} at "
        "most. S goes through them.",
    )
    mean = sum(lengths) / len(lengths)
    return filled(text, steps=len(lengths), mean=f"{mean:.1f}", most=max(lengths))
