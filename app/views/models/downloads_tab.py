"""The downloads of this program, live, and the speed limit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.palette import LIGHT, Palette
from app.viewmodels.download_rows import DownloadRow
from app.views.caption_spin import CaptionSpin
from app.views.labels import label
from app.views.models.download_card import DownloadCard
from app.views.models.parts import Pile, ScrollColumn, button, row
from engine.hub.events import TransferState

_LIMIT_STEP_KB = 500
_LIMIT_MOST_KB = 1_000_000


class DownloadsTab(QWidget):
    """Signals carry an operation id unless a comment says otherwise."""

    resume_requested = Signal(str)
    pause_requested = Signal(str)
    cancel_requested = Signal(str)
    earlier_requested = Signal(str)
    token_requested = Signal()
    page_requested = Signal(str)  # address
    limit_chosen = Signal(int)  # kB/s, 0 for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._rows: tuple[DownloadRow, ...] = ()
        self.cards: dict[str, DownloadCard] = {}
        self.limit = CaptionSpin(self.tr("Speed limit"), name=self.tr("Speed limit"))
        self.limit.setRange(0, _LIMIT_MOST_KB)
        self.limit.setSingleStep(_LIMIT_STEP_KB)
        self.limit.setSuffix(self.tr(" kB/s"))
        self.limit.setSpecialValueText(self.tr("No limit"))
        self.limit.setKeyboardTracking(False)
        self.limit.setMinimumWidth(230)
        self.resume_all = button(self.tr("Resume all"))
        self.empty = label(self.tr("Nothing is being downloaded."), role="muted")
        self._pile = Pile()
        self._build()
        self.limit.valueChanged.connect(self.limit_chosen)
        self.resume_all.clicked.connect(self._on_resume_all)

    def show_rows(self, rows: Sequence[DownloadRow]) -> None:
        """Show these downloads in this order."""
        self._rows = tuple(rows)
        self.empty.setVisible(not rows)
        stopped = [r for r in rows if r.state is TransferState.PAUSED and not r.is_damaged]
        self.resume_all.setVisible(len(stopped) > 1)
        if list(self.cards) == [entry.operation_id for entry in rows]:
            for entry in rows:
                self.cards[entry.operation_id].show_row(entry)
            return
        self.cards = {entry.operation_id: self._make(entry) for entry in rows}
        self._pile.show_all(self.cards.values())

    def show_row(self, entry: DownloadRow) -> None:
        """Show one download as it stands now."""
        card = self.cards.get(entry.operation_id)
        if card is not None:
            card.show_row(entry)

    def show_limit(self, limit_kb_per_s: int) -> None:
        """Show the speed limit in force."""
        with QSignalBlocker(self.limit):
            self.limit.setValue(limit_kb_per_s)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.cards = {}
        self.show_rows(self._rows)

    def _make(self, entry: DownloadRow) -> DownloadCard:
        card = DownloadCard(entry, self._palette)
        for source, target in (
            (card.resume_requested, self.resume_requested),
            (card.pause_requested, self.pause_requested),
            (card.cancel_requested, self.cancel_requested),
            (card.earlier_requested, self.earlier_requested),
        ):
            source.connect(lambda target=target: target.emit(entry.operation_id))
        card.token_requested.connect(self.token_requested)
        card.page_requested.connect(self.page_requested)
        return card

    def _on_resume_all(self) -> None:
        for entry in self._rows:
            if entry.state is TransferState.PAUSED:
                self.resume_requested.emit(entry.operation_id)

    def _build(self) -> None:
        scroll = ScrollColumn(name=self.tr("Downloads"))
        column = scroll.column
        column.addLayout(row(self.limit, 1, self.resume_all))
        column.addWidget(self.empty)
        column.addWidget(self._pile)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
