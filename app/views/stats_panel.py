"""The panel on the right: live figures while an answer streams, then the figures of that answer."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core.answer_figures import FigureTexts, figure_texts
from app.core.draft_length_text import decision_text
from app.core.live_figures import LiveFigures
from app.core.translation import Translate
from app.palette import Palette
from app.views.charts import SparkLine
from app.views.labels import label
from app.views.length_chart import LengthChart
from app.views.run_strip import RunStrip
from engine.metrics.report import LengthDecision

PANEL_WIDTH = 300


class FigureCard(QFrame):
    """A number in large type above its short history."""

    def __init__(
        self, title: str, *, unit: str, explanation: str, fixed_high: float | None = None
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setToolTip(explanation)
        self.value = label("", role="figure")
        self.value.setAccessibleName(title)
        self.spark = SparkLine(title, fixed_high=fixed_high)
        number = QHBoxLayout()
        number.setSpacing(6)
        number.addWidget(self.value, 0, Qt.AlignmentFlag.AlignBaseline)
        number.addWidget(label(unit, role="unit"), 1, Qt.AlignmentFlag.AlignBaseline)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)
        layout.setSpacing(2)
        layout.addWidget(label(title, role="caption"))
        layout.addLayout(number)
        layout.addSpacing(4)
        layout.addWidget(self.spark)

    def show_figure(self, text: str, history: tuple[float, ...]) -> None:
        """Show a value and the line that led to it."""
        self.value.setText(text)
        self.value.setAccessibleDescription(text)
        self.spark.set_values(history)


class AnswerCard(QFrame):
    """The figures of one answer as a table, and its runs as a strip."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._values: dict[str, QLabel] = {}
        self.strip = RunStrip()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(0, 1)
        self._add_rows()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 14)
        layout.setSpacing(10)
        layout.addWidget(label(self.tr("This answer"), role="caption"))
        layout.addLayout(self._grid)
        layout.addWidget(label(self.tr("Tokens per main iteration"), role="caption"))
        layout.addWidget(self.strip)

    def value(self, key: str) -> str:
        """The text shown for a field of `FigureTexts`."""
        return self._values[key].text()

    def show_figures(self, texts: FigureTexts) -> None:
        """Show other figures."""
        for key, widget in self._values.items():
            widget.setText(getattr(texts, key))

    def _add_rows(self) -> None:
        self._add_row("ttft", self.tr("TTFT"), self.tr("Time to the first token."))
        self._add_row("tokens", self.tr("Tokens"), self.tr("Tokens of this answer."))
        self._add_row(
            "accepted_of_drafted",
            self.tr("Accepted / drafted"),
            self.tr("Proposed tokens that the main model accepted, of all proposed tokens."),
        )
        self._add_row(
            "mean_acceptance_length",
            self.tr("Mean acceptance length"),
            self.tr("Tokens per main iteration after the first; 1.00 means no gain."),
        )

    def _add_row(self, key: str, name: str, explanation: str) -> None:
        row = self._grid.rowCount()
        caption, value = label(name, role="muted"), label("", role="strong")
        for widget in (caption, value):
            widget.setToolTip(explanation)
        value.setAccessibleName(name)
        self._grid.addWidget(caption, row, 0)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignRight)
        self._values[key] = value


class DecisionCard(QFrame):
    """Which draft length was chosen automatically, and why; hidden where none was."""

    def __init__(self, translate: Translate) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._translate = translate
        self.sentence = label("", wrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.chart = LengthChart()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        title = label(self.tr("Draft length, automatic"), role="caption")
        self.sentence.setAccessibleName(title.text())
        layout.addWidget(title)
        layout.addWidget(self.sentence)
        layout.addWidget(self.chart)
        self.show_decision(None)

    def show_decision(self, decision: LengthDecision | None) -> None:
        """Show another decision."""
        self.setVisible(decision is not None)
        text = "" if decision is None else decision_text(decision, self._translate)
        self.sentence.setText(text)
        self.chart.show_decision(decision)


class StatsPanel(QFrame):
    """Decode rate and acceptance rate, live, and the figures of the answer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statsPanel")
        self.setFixedWidth(PANEL_WIDTH)
        self.setAccessibleName(self.tr("Statistics"))
        self.speed = FigureCard(
            self.tr("Decode rate"),
            unit=self.tr("tok/s"),
            explanation=self.tr("Tokens per second after the first run; waiting is not counted."),
        )
        self.acceptance = FigureCard(
            self.tr("Acceptance rate"),
            unit=self.tr("of drafted tokens"),
            explanation=self.tr("Share of the proposed tokens that the main model accepted."),
            fixed_high=1.0,
        )
        self.answer = AnswerCard()
        self.decision = DecisionCard(QCoreApplication.translate)
        self._build()
        self.show_figures(LiveFigures())

    def set_text_scale(self, scale: float) -> None:
        """Follow the size of text."""
        self.setFixedWidth(round(PANEL_WIDTH * max(1.0, scale)))

    def show_figures(self, live: LiveFigures) -> None:
        """Show figures; what was not measured is a dash."""
        texts = figure_texts(live.figures) if live.figures is not None else FigureTexts()
        self.speed.show_figure(texts.tokens_per_s, live.rates)
        self.acceptance.show_figure(texts.acceptance_rate, live.acceptance_rates)
        self.answer.show_figures(texts)
        self.decision.show_decision(live.decision)
        self.answer.strip.set_runs(live.run_lengths, first_step=live.first_step)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.speed.spark.apply_palette(palette, colour=palette.accent)
        self.acceptance.spark.apply_palette(palette, colour=palette.ok)
        self.answer.strip.apply_palette(palette)
        self.decision.chart.apply_palette(palette)

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(12)
        for card in (self.speed, self.acceptance, self.answer, self.decision):
            column.addWidget(card)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
