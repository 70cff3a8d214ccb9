"""One lane of the race: a text that grows as it did, accepted draft tokens in their colour."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QProgressBar, QTextEdit, QVBoxLayout, QWidget

from app.core.filling import filled
from app.core.formatting import duration, rate
from app.palette import LIGHT, Palette
from app.viewmodels.lab_race import LaneMoment, Piece, RaceLane
from app.views.labels import label
from app.views.models.parts import row


class RaceLaneView(QFrame):
    """Shows a `RaceLane` at a moment; going back starts the text again."""

    def __init__(self, lane: RaceLane, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "lane")
        self.setAccessibleName(name)
        self.lane = lane
        self._palette = LIGHT
        self._shown = 0
        self.speed = label("", role="figure")
        self.state = label("", role="muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, max(1, lane.token_count))
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Tokens of {name}").format(name=name))
        self.text = QTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Answer of {name}").format(name=name))
        self.text.setTabChangesFocus(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 11, 14, 11)
        layout.setSpacing(6)
        layout.addWidget(label(name, role="name", wrap=True))
        unit = label(self.tr("tok/s"), role="unit")
        layout.addLayout(row(self.speed, unit, 1, self.state, spacing=5))
        layout.addWidget(self.bar)
        layout.addWidget(self.text, 1)

    def show_moment(self, moment_s: float) -> None:
        """Show the lane as it was `moment_s` seconds after the question."""
        moment = self.lane.at(moment_s)
        if moment.characters < self._shown:
            self.text.clear()
            self._shown = 0
        for piece in self.lane.pieces_between(self._shown, moment.characters):
            self._append(piece)
        self._shown = moment.characters
        self.bar.setValue(moment.tokens)
        self.speed.setText(rate(moment.tokens_per_s))
        self.state.setText(self._state(moment))

    def show_won(self, won: bool) -> None:
        """Mark the lane that ended first."""
        if bool(self.property("won") == "true") != won:
            self.setProperty("won", "true" if won else "false")
            self.style().unpolish(self)
            self.style().polish(self)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme; the text is coloured again."""
        self._palette = palette
        shown, self._shown = self._shown, 0
        self.text.clear()
        for piece in self.lane.pieces_between(0, shown):
            self._append(piece)
        self._shown = shown

    def _append(self, piece: Piece) -> None:
        look = QTextCharFormat()
        look.setForeground(QColor(self._palette.draft if piece.accepted else self._palette.text))
        look.setFontWeight(QFont.Weight.Medium if piece.accepted else QFont.Weight.Normal)
        look.setFontUnderline(piece.accepted)
        cursor = self.text.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(piece.text, look)
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())

    def _state(self, moment: LaneMoment) -> str:
        if moment.is_finished:
            text = self.tr("{tokens} {tokens:token|tokens} in {time}")
            return filled(text, tokens=moment.tokens, time=duration(self.lane.duration_s))
        if not moment.runs:
            return self.tr("reading the prompt")
        return filled(self.tr("{tokens} {tokens:token|tokens}"), tokens=moment.tokens)
