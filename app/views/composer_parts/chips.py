"""Small removable labels above the message: attached texts, and messages that wait their turn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.icons import icon
from app.palette import Palette
from app.views.flow_layout import FlowLayout
from app.views.labels import icon_button, label

_TEXT_EM = 21
_ICON = QSize(14, 14)


class Chip(QFrame):
    """An icon, a short text and a button that removes it."""

    removed = Signal()

    def __init__(self, text: str, *, icon_name: str, detail: str = "") -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self._icon_name = icon_name
        self._mark = QLabel()
        self._text = label("")
        self._full = text
        self.setToolTip(detail or text)
        self.remove_button = icon_button(self.tr("Remove: {text}").format(text=text))
        self.remove_button.setProperty("role", "tiny")
        self.remove_button.setIconSize(_ICON)
        self.remove_button.clicked.connect(self.removed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 3, 2)
        layout.setSpacing(6)
        layout.addWidget(self._mark)
        layout.addWidget(self._text)
        layout.addWidget(self.remove_button)
        self._shorten()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._shorten()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        mark = icon(self._icon_name, palette.muted, size_px=_ICON.width())
        self._mark.setPixmap(mark.pixmap(_ICON, self.devicePixelRatioF()))
        self.remove_button.setIcon(icon("x", palette.muted))

    def _shorten(self) -> None:
        one_line = " ".join(self._full.split())
        metrics = self.fontMetrics()
        width = _TEXT_EM * metrics.horizontalAdvance("m")
        self._text.setText(metrics.elidedText(one_line, Qt.TextElideMode.ElideRight, width))


class ChipRow(QWidget):
    """Chips of one kind; hidden while there are none. `removed(index)`."""

    removed = Signal(int)

    def __init__(self, *, name: str, icon_name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._icon_name = icon_name
        self._palette: Palette | None = None
        self.chips: list[Chip] = []
        self._flow = FlowLayout(self)
        self.hide()

    def show_texts(self, texts: Sequence[tuple[str, str]]) -> None:
        """Show chips for these (text, detail)."""
        had_focus = any(chip.remove_button.hasFocus() for chip in self.chips)
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self.chips = [self._make(index, *pair) for index, pair in enumerate(texts)]
        self.setVisible(bool(self.chips))
        if had_focus and self.chips:
            self.chips[-1].remove_button.setFocus()
        self.updateGeometry()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        for chip in self.chips:
            chip.apply_palette(palette)

    def _make(self, index: int, text: str, detail: str) -> Chip:
        chip = Chip(text, icon_name=self._icon_name, detail=detail)
        chip.removed.connect(lambda: self.removed.emit(index))
        if self._palette is not None:
            chip.apply_palette(self._palette)
        self._flow.addWidget(chip)
        return chip
