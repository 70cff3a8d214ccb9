"""The settings dialog: sections in one column, found by a list of names and by a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core.preferences import Preferences
from app.palette import Palette
from app.views.labels import label
from app.views.settings.fact_rows import FactRow
from app.views.settings.field_row import FieldRow

_WIDTH_EM, _HEIGHT_EM = 62, 44
_LIST_EM = 14
Row = FieldRow | FactRow


@dataclass(frozen=True, slots=True)
class SettingsSection:
    """A name and its rows."""

    name: str
    rows: Sequence[Row]


class SettingsDialog(QDialog):
    """Changes take effect at once. `changed(key, value)`, `reset_requested(key)`."""

    changed = Signal(str, object)
    reset_requested = Signal(str)

    def __init__(self, sections: Sequence[SettingsSection], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._sections = sections
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("Find a setting"))
        self.search.setPlaceholderText(self.tr("Find a setting"))
        self.search.setClearButtonEnabled(True)
        self.pages = QListWidget()
        self.pages.setObjectName("settingsPages")
        self.pages.setFrameShape(QFrame.Shape.NoFrame)
        self.pages.setAccessibleName(self.tr("Sections"))
        self._blocks = [self._make_block(section) for section in sections]
        self._nothing = label(self.tr("No setting fits."), role="muted")
        self._scroll = QScrollArea()
        self._build()
        self.search.textChanged.connect(self._find)
        self.pages.currentRowChanged.connect(self._go_to)

    @property
    def fields(self) -> dict[str, FieldRow]:
        """Rows of preferences by key."""
        rows = (row for section in self._sections for row in section.rows)
        return {row.key: row for row in rows if isinstance(row, FieldRow)}

    def show_section(self, name: str) -> None:
        """Scroll to a section, as a click on its name does."""
        names = [section.name for section in self._sections]
        # Its place is known once the dialog is laid out.
        QTimer.singleShot(0, self, lambda: self.pages.setCurrentRow(names.index(name)))

    def show_preferences(self, preferences: Preferences) -> None:
        """Show values without reporting them."""
        for key, row in self.fields.items():
            row.show_value(getattr(preferences, key))

    def show_unavailable(self, reasons: Mapping[str, str]) -> None:
        """Say of some preferences why they cannot be chosen here."""
        for key, row in self.fields.items():
            row.show_unavailable(reasons.get(key, ""))

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        for row in self.fields.values():
            row.apply_palette(palette)

    def fit_screen(self) -> None:
        """Take a size that suits the text and the screen."""
        em = self.fontMetrics().horizontalAdvance("m")
        available = self.screen().availableGeometry().size()
        wanted = QSize(_WIDTH_EM * em, _HEIGHT_EM * em)
        self.resize(wanted.boundedTo(available - QSize(40, 80)))
        for widget in (self.pages, self.search):
            widget.setFixedWidth(_LIST_EM * em)
        for row in range(self.pages.count()):
            self.pages.item(row).setSizeHint(QSize(0, self.fontMetrics().height() + 18))

    def _make_block(self, section: SettingsSection) -> QWidget:
        block = QFrame()
        block.setProperty("role", "card")
        layout = QVBoxLayout(block)
        layout.setContentsMargins(18, 14, 14, 10)
        layout.setSpacing(0)
        layout.addWidget(label(section.name, role="pair"))
        for row in section.rows:
            layout.addWidget(row)
            if isinstance(row, FieldRow):
                row.changed.connect(self.changed)
                row.reset_requested.connect(self.reset_requested)
        return block

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(2, 2, 12, 2)
        column.setSpacing(14)
        for block in self._blocks:
            column.addWidget(block)
        column.addWidget(self._nothing)
        self._nothing.hide()
        column.addStretch(1)
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.pages.addItems([section.name for section in self._sections])
        self.pages.setCurrentRow(0)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.search)
        left.addWidget(self.pages, 1)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left)
        columns.addWidget(self._scroll, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 14, 14)
        layout.setSpacing(12)
        layout.addLayout(columns, 1)
        layout.addWidget(buttons)

    def _go_to(self, row: int) -> None:
        if 0 <= row < len(self._blocks):
            bar = self._scroll.verticalScrollBar()
            bar.setValue(self._blocks[row].y() - 2)

    def _find(self, query: str) -> None:
        found = False
        for section, block in zip(self._sections, self._blocks, strict=True):
            fitting = [row for row in section.rows if row.fits(query)]
            for row in section.rows:
                row.setVisible(row in fitting)
            block.setVisible(bool(fitting))
            found = found or bool(fitting)
        self._nothing.setVisible(not found)
        self._scroll.verticalScrollBar().setValue(0)
