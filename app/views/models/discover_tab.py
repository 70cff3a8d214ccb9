"""Finding models: pair packs for this machine first, then a search over the hub."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.controllers.model_discovery import SearchResult
from app.core.filling import filled
from app.palette import LIGHT, Palette
from app.views.caption_combo import CaptionCombo
from app.views.labels import label
from app.views.models.pack_card import PackCard, PackView
from app.views.models.parts import Pile, ScrollColumn, button, row
from app.views.models.result_row import ResultRow
from app.views.models.source_bar import SourceBar
from engine.models.catalog import CatalogModel

OFFICIAL_OWNER = "OpenVINO"


class DiscoverTab(QWidget):
    """Signals: `search_requested(text, owner)` (an empty owner means all); `open_requested(str)`
    with a repository; `get_requested(PackOffer)`; `use_requested(PackOffer)`.
    """

    search_requested = Signal(str, str)
    open_requested = Signal(str)
    get_requested = Signal(object)
    use_requested = Signal(object)

    def __init__(
        self,
        *,
        known: Callable[[str], CatalogModel | None],
        is_installed: Callable[[str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._known = known
        self._is_installed = is_installed
        self._palette = LIGHT
        self._packs: tuple[PackView, ...] = ()
        self._result: SearchResult | None = None
        self.source = SourceBar()
        self.words = QLineEdit()
        self.words.setPlaceholderText(self.tr("Search, or paste owner/model or an address"))
        self.words.setAccessibleName(self.tr("Search for models"))
        self.words.setClearButtonEnabled(True)
        self.owner = CaptionCombo("", name=self.tr("Whose models"))
        for data, text in ((OFFICIAL_OWNER, self.tr("By OpenVINO")), ("", self.tr("By anyone"))):
            self.owner.add_choice(data, short=text, long=text)
        self.search = button(self.tr("Search"))
        self.answer = label("", role="muted", wrap=True)
        self.pack_cards: dict[str, PackCard] = {}
        self.result_rows: dict[str, ResultRow] = {}
        self._recommended, self._others, self._results = Pile(), Pile(), Pile(spacing=6)
        self._other_heading = label(self.tr("Other pairs"), role="section")
        self._build()
        self.search.clicked.connect(self._on_search)
        self.words.returnPressed.connect(self._on_search)
        self.words.textChanged.connect(self._on_words)

    def show_packs(self, packs: Sequence[PackView]) -> None:
        """Show the packs, the recommended one first."""
        self._packs = tuple(packs)
        self.pack_cards.clear()
        best = [pack for pack in packs if pack.recommended]
        others = [pack for pack in packs if not pack.recommended]
        self._recommended.show_all([self._pack(pack) for pack in best])
        self._others.show_all([self._pack(pack) for pack in others])
        self._other_heading.setVisible(bool(others))

    def show_searching(self, on: bool) -> None:
        """A search is under way."""
        self.search.setEnabled(not on)
        if on:
            self._say(self.tr("Searching\u2026"))

    def show_result(self, result: SearchResult) -> None:
        """Show what was found."""
        self._result = result
        self.result_rows.clear()
        self._results.show_all([self._row(index) for index in range(len(result.models))])
        if result.models:
            found = self.tr("{count} {count:model|models} found")
            self._say(filled(found, count=len(result.models)))
        elif result.owner:
            self._say(
                self.tr("{owner} has no such model. Search by anyone, or paste a name.").format(
                    owner=result.owner
                )
            )
        else:
            self._say(self.tr("No model of this name was found."))

    def show_fault(self, sentence: str) -> None:
        """A search failed."""
        self._results.show_all([])
        self.result_rows.clear()
        self._result = None
        self._say(sentence)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.show_packs(self._packs)
        if self._result is not None:
            self.show_result(self._result)

    def _say(self, sentence: str) -> None:
        self.answer.setText(sentence)
        self.answer.setVisible(bool(sentence))

    def _on_words(self, text: str) -> None:
        if not text.strip():
            self.result_rows.clear()
            self._results.show_all([])
            self._result = None
            self._say("")

    def _on_search(self) -> None:
        self.search_requested.emit(self.words.text(), str(self.owner.currentData()))

    def _pack(self, pack: PackView) -> PackCard:
        card = PackCard(pack, self._palette)
        card.get_requested.connect(lambda: self.get_requested.emit(pack.offer))
        card.use_requested.connect(lambda: self.use_requested.emit(pack.offer))
        card.details_requested.connect(self.open_requested)
        self.pack_cards[card.pack_id] = card
        return card

    def _row(self, index: int) -> ResultRow:
        assert self._result is not None
        summary = self._result.models[index]
        name = summary.repository
        found = ResultRow(
            summary, self._palette, known=self._known(name), installed=self._is_installed(name)
        )
        found.open_requested.connect(lambda: self.open_requested.emit(name))
        self.result_rows[name] = found
        return found

    def _build(self) -> None:
        scroll = ScrollColumn(name=self.tr("Discover models"))
        column = scroll.column
        column.addWidget(self.source)
        line = row(self.words, self.owner, self.search)
        line.setStretchFactor(self.words, 1)
        column.addLayout(line)
        column.addWidget(self.answer)
        self.answer.hide()
        column.addWidget(self._results)
        column.addWidget(label(self.tr("Pairs for this machine"), role="section"))
        column.addWidget(
            label(
                self.tr("A main model and the draft model that speeds it up, fetched together."),
                role="muted",
                wrap=True,
            )
        )
        column.addWidget(self._recommended)
        column.addWidget(self._other_heading)
        column.addWidget(self._others)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
