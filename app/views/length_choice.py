"""How the draft length is chosen: the ways to choose from, and what was decided automatically."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.draft_length_text import decision_text
from app.core.generation_settings import LengthMode
from app.core.translation import Translate
from app.palette import Palette
from app.views.caption_combo import CaptionCombo
from app.views.labels import label
from app.views.length_chart import LengthChart
from engine.metrics.report import LengthDecision


class LengthChoice(QWidget):
    """The decision as a sentence with its chart; `combo` stands in a row of its own.

    `mode_chosen(LengthMode)` follows a choice of the user.
    """

    mode_chosen = Signal(object)

    def __init__(self, translate: Translate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode = LengthMode.FIXED
        self._translate = translate
        self.combo = self._make_combo()
        self.decision = label("", role="caption", wrap=True)
        self.chart = LengthChart()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.decision)
        layout.addWidget(self.chart)
        self.combo.activated.connect(
            lambda _: self.mode_chosen.emit(LengthMode(self.combo.currentData()))
        )

    def show_mode(self, mode: LengthMode, *, is_possible: bool) -> None:
        """Show how the length is chosen; a decision only where there can be one."""
        self.mode = mode
        self.combo.choose(mode)
        self.setVisible(mode is LengthMode.AUTO and is_possible)

    def show_decision(self, decision: LengthDecision | None) -> None:
        """Show what is decided for the next answer."""
        text = self.tr("The first answers show which length is best.")
        if decision is not None:
            text = decision_text(decision, self._translate)
        self.decision.setText(text)
        self.chart.show_decision(decision)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.chart.apply_palette(palette)

    def _make_combo(self) -> CaptionCombo:
        combo = CaptionCombo("", name=self.tr("How the draft length is chosen"))
        combo.setToolTip(self.tr("How many tokens are proposed before each check."))
        for mode, short, long in (
            (LengthMode.FIXED, self.tr("Fixed"), self.tr("Fixed: always the same number")),
            (
                LengthMode.CONFIDENCE,
                self.tr("By confidence"),
                self.tr("By confidence: until the draft model is less sure"),
            ),
            (
                LengthMode.AUTO,
                self.tr("Auto"),
                self.tr("Auto: chosen between answers from what was measured"),
            ),
        ):
            combo.add_choice(mode, short=short, long=long)
        return combo
