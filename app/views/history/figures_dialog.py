"""All figures of one answer, each with its definition, to be read or copied."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core.figure_rows import FigureRow, figure_rows, report_json
from app.core.translation import Translate
from app.palette import DARK, LIGHT
from app.views.labels import label
from app.views.length_chart import LengthChart
from engine.metrics.report import GenerationReport


class FiguresDialog(QDialog):
    """One row per figure; "Copy as JSON" has every one, run lengths and times included."""

    def __init__(
        self, report: GenerationReport, translate: Translate, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Figures of this answer"))
        self._report = report
        self.rows = figure_rows(report, translate)
        self.copy_button = QPushButton(self.tr("Copy as JSON"))
        self.copy_button.clicked.connect(self._copy)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        self.chart = LengthChart(self)
        self.chart.apply_palette(DARK if self._is_dark() else LIGHT)
        self.chart.show_decision(report.length_decision)
        layout.addWidget(self._table(), 1)
        layout.addWidget(buttons)
        self.resize(680, 620)

    def _table(self) -> QWidget:
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(12)
        grid.setColumnStretch(1, 1)
        for number, row in enumerate(self.rows):
            texts = self._add(grid, number, row)
            if row.key == "decision":
                texts.addWidget(self.chart)
        grid.setRowStretch(len(self.rows), 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setAccessibleName(self.tr("Figures"))
        area.setWidget(content)
        return area

    def _add(self, grid: QGridLayout, number: int, row: FigureRow) -> QVBoxLayout:
        name = label(row.name, role="strong", wrap=True)
        name.setMinimumWidth(150)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        value = label(row.value, wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setAccessibleName(row.name)
        texts.addWidget(value)
        texts.addWidget(label(row.definition, role="caption", wrap=True))
        grid.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(texts, number, 1)
        return texts

    def _is_dark(self) -> bool:
        colour = QPalette.ColorRole
        return (
            self.palette().color(colour.Window).value()
            < self.palette().color(colour.WindowText).value()
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(report_json(self._report))
        self.copy_button.setText(self.tr("Copied"))
