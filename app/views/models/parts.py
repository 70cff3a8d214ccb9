"""Small parts of the model page: cards, badges, buttons, columns that scroll."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.views.labels import label
from engine.models.fit import FitLabel
from engine.models.reasons import Verdict

COLUMN_WIDTH = 860
BAR_WIDTH = 10
"""Of a scroll bar, as the style sheet of the window has it."""

FIT_BADGES = {
    FitLabel.FITS: "ok",
    FitLabel.MAY_BE_SLOW: "warn",
    FitLabel.WILL_NOT_FIT: "error",
    FitLabel.UNKNOWN: "plain",
}
VERDICT_BADGES = {Verdict.GOOD: "ok", Verdict.REMARK: "warn", Verdict.IMPOSSIBLE: "error"}


def badge(text: str, kind: str = "plain", *, hint: str = "") -> QLabel:
    """A word on a tinted ground: plain, accent, ok, warn or error."""
    widget = label(text)
    widget.setProperty("badge", kind)
    widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
    widget.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    widget.setToolTip(hint)
    widget.setAccessibleDescription(hint)
    return widget


def button(text: str, *, name: str = "", role: str = "") -> QPushButton:
    """A button; `name` is for those who do not see what it stands beside."""
    widget = QPushButton(text)
    widget.setAccessibleName(name or text)
    widget.setCursor(Qt.CursorShape.PointingHandCursor)
    widget.setAutoDefault(False)
    if role:
        widget.setProperty("role", role)
    return widget


def row(*items: QWidget | int, spacing: int = 8) -> QHBoxLayout:
    """Widgets side by side; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
        else:
            layout.addWidget(item)
    return layout


class Card(QFrame):
    """A framed box with a column inside."""

    def __init__(self, *, name: str, role: str = "card") -> None:
        super().__init__()
        self.setProperty("role", role)
        self.setAccessibleName(name)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 13, 16, 13)
        self.column.setSpacing(6)


class ScrollColumn(QScrollArea):
    """A centred column of limited width that scrolls."""

    def __init__(self, *, name: str, margin: int = 24) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        inner.setMaximumWidth(COLUMN_WIDTH)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 4, 8, 24)
        self.column.setSpacing(10)
        holder = QWidget()
        outer = self._outer = QHBoxLayout(holder)
        self._right = max(0, margin - 8)
        outer.setContentsMargins(margin, 0, self._right, 0)
        outer.addWidget(inner, 1)
        outer.setAlignment(inner, Qt.AlignmentFlag(0))
        self.setWidget(holder)
        self.verticalScrollBar().rangeChanged.connect(self._keep_place)
        self._keep_place(0, 0)

    def _keep_place(self, _least: int, most: int) -> None:
        """Leave room for the bar while there is none: the column does not move when it comes."""
        left = self._outer.contentsMargins().left()
        self._outer.setContentsMargins(left, 0, self._right + (0 if most else BAR_WIDTH), 0)


def centred(layout: QLayout, *, left: int = 24) -> QHBoxLayout:
    """A line in the width of the columns below it."""
    inner = QWidget()
    inner.setMaximumWidth(COLUMN_WIDTH)
    inner.setLayout(layout)
    layout.setContentsMargins(0, 0, 8, 0)
    outer = QHBoxLayout()
    outer.setContentsMargins(left, 0, left - 8 + BAR_WIDTH, 0)
    outer.addWidget(inner, 1)
    outer.setAlignment(inner, Qt.AlignmentFlag(0))
    return outer


class Pile(QWidget):
    """A column whose widgets are replaced all at once."""

    def __init__(self, *, spacing: int = 10) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(spacing)

    def show_all(self, widgets: Iterable[QWidget]) -> None:
        """Take these widgets in place of the old ones."""
        clear(self._column)
        for widget in widgets:
            self._column.addWidget(widget)


def clear(layout: QLayout) -> None:
    """Delete everything in a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def joined(*parts: str | None, sign: str = "  \u00b7  ") -> str:
    """What is known, with a sign between."""
    return sign.join(part for part in parts if part)
