"""The choice of a preset, with a menu to save, delete, import and export them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from app.core.presets import Preset, preset_name
from app.core.translation import Translate
from app.icons import icon
from app.palette import Palette
from app.views.caption_combo import CaptionCombo
from app.views.labels import icon_button


class PresetBar(QWidget):
    """`chosen(key)`, and requests that need a dialog of the window."""

    chosen = Signal(str)
    save_requested = Signal()
    delete_requested = Signal(str)
    import_requested = Signal()
    export_requested = Signal()

    def __init__(self, translate: Translate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._translate = translate
        self._presets: Sequence[Preset] = ()
        self.combo = CaptionCombo(self.tr("Preset"), name=self.tr("Preset"))
        self.menu_button = icon_button(self.tr("Save, delete, import and export presets"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.menu_button)
        menu.addAction(self.tr("Save as preset\u2026")).triggered.connect(self.save_requested)
        self._delete = menu.addAction(self.tr("Delete this preset"))
        self._delete.triggered.connect(
            lambda: self.delete_requested.emit(str(self.combo.currentData()))
        )
        menu.addSeparator()
        menu.addAction(self.tr("Import presets\u2026")).triggered.connect(self.import_requested)
        menu.addAction(self.tr("Export presets\u2026")).triggered.connect(self.export_requested)
        self.menu_button.setMenu(menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.combo, 1)
        layout.addWidget(self.menu_button)
        self.combo.activated.connect(self._on_activated)

    def show_presets(self, presets: Sequence[Preset], *, current: str, is_modified: bool) -> None:
        """Show the presets and which one the settings came from."""
        self._presets = presets
        self.combo.clear()
        for preset in presets:
            name = preset_name(preset, self._translate)
            is_shown = preset.key == current and is_modified
            short = self.tr("{name} (changed)").format(name=name) if is_shown else name
            self.combo.add_choice(preset.key, short=short, long=name)
        index = self.combo.findData(current)
        if index < 0:
            own = self.tr("Own settings")
            self.combo.insertItem(0, own, "")
            index = 0
        self.combo.setCurrentIndex(index)
        chosen = next((item for item in presets if item.key == current), None)
        self._delete.setEnabled(chosen is not None and not chosen.is_built_in)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.menu_button.setIcon(icon("ellipsis", palette.muted))

    def _on_activated(self, index: int) -> None:
        key = self.combo.itemData(index)
        if key:
            self.chosen.emit(str(key))
