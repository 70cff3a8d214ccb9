"""What is installed: cards, disk use, import, moving the folder. Reports wishes, does nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QProgressBar, QVBoxLayout, QWidget

from app.controllers.model_work import WorkProgress
from app.core.formatting import size
from app.core.model_text import percent
from app.palette import LIGHT, Palette
from app.viewmodels.model_cards import InstalledCard, LibraryView
from app.views.caption_combo import CaptionCombo
from app.views.labels import ElidedLabel, label
from app.views.models.installed_card import InstalledCardView
from app.views.models.parts import Pile, ScrollColumn, button, row
from engine.models.registry import InstalledModel
from engine.models.settings import ModelDefaults

_COPY, _IN_PLACE = "copy", "in_place"


class InstalledTab(QWidget):
    """Signals carry an InstalledModel unless a comment says otherwise."""

    use_requested = Signal(object)
    verify_requested = Signal(object)
    folder_requested = Signal(object)
    template_requested = Signal(object)
    defaults_requested = Signal(object)
    remove_requested = Signal(object)
    retry_requested = Signal(object)
    cancel_requested = Signal(str)  # key of the work
    import_requested = Signal(object, bool)  # Path, in place
    move_requested = Signal(object)  # Path
    open_root_requested = Signal()

    def __init__(
        self,
        *,
        is_in_use: Callable[[InstalledModel], bool],
        defaults_of: Callable[[str], ModelDefaults | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_in_use = is_in_use
        self._defaults_of = defaults_of
        self._palette = LIGHT
        self._view = LibraryView()
        self.cards: dict[str, InstalledCardView] = {}
        self.disk = label("", role="muted")
        self.folder = ElidedLabel(role="caption")
        self.bring = button(self.tr("Import a folder\u2026"))
        self.how = CaptionCombo("", name=self.tr("How to import"))
        for data, text in ((_COPY, self.tr("Copy")), (_IN_PLACE, self.tr("Use in place"))):
            self.how.add_choice(data, short=text, long=text)
        self.move_folder = button(self.tr("Move models\u2026"), role="link")
        self.open_folder = button(self.tr("Open folder"), role="link")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress_text = label("", role="caption")
        self.stop = button(self.tr("Cancel"), role="link")
        self._key = ""
        self._mains, self._drafts, self._others = Pile(), Pile(), Pile()
        self._headings = [
            label(self.tr("Main models"), role="section"),
            label(self.tr("Draft models"), role="section"),
            label(self.tr("Other models"), role="section"),
        ]
        self._build()
        self.bring.clicked.connect(self._choose_import)
        self.move_folder.clicked.connect(self._choose_target)
        self.open_folder.clicked.connect(self.open_root_requested)
        self.stop.clicked.connect(lambda: self.cancel_requested.emit(self._key))

    def show_view(self, view: LibraryView) -> None:
        """Show what is installed."""
        self._view = view
        self.disk.setText(self._room(view))
        self.folder.show_text(view.folder)
        mains = [c for c in view.cards if c.is_main]
        drafts = [c for c in view.cards if c.is_draft]
        others = [c for c in view.cards if c not in mains and c not in drafts]
        self.cards.clear()
        piles = (self._mains, self._drafts, self._others)
        for pile, heading, cards in zip(
            piles, self._headings, (mains, drafts, others), strict=True
        ):
            pile.show_all([self._make(card) for card in cards])
            heading.setVisible(bool(cards))

    def _room(self, view: LibraryView) -> str:
        if view.free_bytes is None:
            return self.tr("Looking for models\u2026")
        return self.tr("Models take up {used}; {free} free on this disk").format(
            used=size(view.total_bytes), free=size(view.free_bytes)
        )

    def show_again(self) -> None:
        """Show the same models once more: which are in use may have changed."""
        self.show_view(self._view)

    def show_progress(self, progress: WorkProgress) -> None:
        """Show how far something is: at its card, or above all of them."""
        card = self.cards.get(progress.key)
        if card is not None:
            card.show_progress(progress)
            return
        self._key = progress.key
        for widget in (self.progress, self.progress_text, self.stop):
            widget.show()
        done = percent(progress.done, progress.total)
        self.progress.setRange(0, 100 if progress.total > 1 else 0)
        self.progress.setValue(done)
        self.progress_text.setText(
            self.tr("{done} of {total}").format(
                done=size(progress.done), total=size(progress.total)
            )
            if progress.total > 1
            else self.tr("Looking at the folder")
        )

    def end_progress(self, key: str) -> None:
        """Something has come to its end."""
        card = self.cards.get(key)
        if card is not None:
            card.show_progress(None)
        elif key == self._key:
            for widget in (self.progress, self.progress_text, self.stop):
                widget.hide()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.show_again()

    def _make(self, card: InstalledCard) -> InstalledCardView:
        model = card.model
        view = InstalledCardView(
            card,
            self._palette,
            in_use=self._is_in_use(model),
            defaults=self._defaults_of(model.id) if card.is_main else None,
        )
        for source, target in (
            (view.use_requested, self.use_requested),
            (view.verify_requested, self.verify_requested),
            (view.folder_requested, self.folder_requested),
            (view.template_requested, self.template_requested),
            (view.defaults_requested, self.defaults_requested),
            (view.remove_requested, self.remove_requested),
            (view.retry_requested, self.retry_requested),
        ):
            source.connect(lambda target=target: target.emit(model))
        view.cancel_requested.connect(lambda: self.cancel_requested.emit(model.id))
        self.cards[model.id] = view
        return view

    def _build(self) -> None:
        scroll = ScrollColumn(name=self.tr("Installed models"))
        column = scroll.column
        column.addLayout(row(self.disk, 1, self.how, self.bring))
        place = row(self.folder, self.open_folder, self.move_folder)
        place.setStretchFactor(self.folder, 1)
        column.addLayout(place)
        column.addWidget(self.progress)
        column.addLayout(row(self.progress_text, 1, self.stop))
        for widget in (self.progress, self.progress_text, self.stop):
            widget.hide()
        piles = (self._mains, self._drafts, self._others)
        for heading, pile in zip(self._headings, piles, strict=True):
            column.addWidget(heading)
            column.addWidget(pile)
            heading.hide()
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _choose_import(self) -> None:
        dialog = self._folder_dialog(self.tr("Folder of an OpenVINO model"))
        in_place = self.how.currentData() == _IN_PLACE
        dialog.fileSelected.connect(lambda name: self.import_requested.emit(Path(name), in_place))
        dialog.open()

    def _choose_target(self) -> None:
        dialog = self._folder_dialog(self.tr("New folder for all models"))
        dialog.fileSelected.connect(lambda name: self.move_requested.emit(Path(name)))
        dialog.open()

    def _folder_dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return dialog
