"""The window of generation settings: connects it with the settings, the presets and the loads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog

from app.controllers.draft_length_controller import DraftLengthController
from app.controllers.generation_controller import GenerationController
from app.controllers.load_controller import LoadController
from app.controllers.preferences_controller import PreferencesController
from app.controllers.settings_writer import SettingsWriter
from app.core.draft_length_text import set_aside_text, taken_back_text
from app.core.generation_settings import LengthMode
from app.core.load_choice import LoadChoice
from app.core.placement_notes import Note, notes_for
from app.core.presets import Preset, PresetsUnreadableError
from app.core.presets_file import PresetsFile
from app.palette import Palette
from app.views.chat_page import ChatPage
from engine.errors import EngineError
from engine.events import LoadedPipeline
from engine.metrics.report import LengthDecision
from engine.params import GenerationParams
from engine.placement import LoadSpec, Strategy

if TYPE_CHECKING:
    from app.views.generation_popover import GenerationPopover

_FILE_FILTER = "JSON (*.json)"


def make_generation(
    preferences: PreferencesController,
    presets_file: Path,
    writer: SettingsWriter,
    parent: QObject,
) -> GenerationController:
    """The settings of the chat that is shown; the presets are read when they are first needed."""
    return GenerationController(preferences, PresetsFile(presets_file), writer, parent)


class GenerationSettingsFeature(QObject):
    """Connects the popover; guarantees that it shows what holds and says what is not used."""

    auto_length_changed = Signal(bool)

    def __init__(
        self,
        page: ChatPage,
        make: Callable[[], GenerationPopover],
        generation: GenerationController,
        loads: LoadController,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.lengths = DraftLengthController(loads, generation, self)
        self._page = page
        self._make = make
        self._generation = generation
        self._loads = loads
        self._pipeline: LoadedPipeline | None = None
        page.composer.settings_requested.connect(self.open)
        generation.preset_chosen.connect(self._apply_placement)
        loads.loaded.connect(self._on_loaded)
        generation.changed.connect(
            lambda settings: self.auto_length_changed.emit(settings.auto_draft_length)
        )
        self.lengths.set_aside.connect(self._tell_set_aside)
        self.lengths.taken_back.connect(self._tell_taken_back)

    @cached_property
    def popover(self) -> GenerationPopover:
        """The popover, made when it is first wanted."""
        popover = self._make()
        self._connect(popover)
        if self._pipeline is not None:
            self._show_defaults(popover, self._pipeline)
        return popover

    def open(self) -> None:
        """Show the settings above the composer."""
        self._show()
        self.popover.open_above(self._page.composer)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        if self._is_made:
            self.popover.apply_palette(palette)

    @property
    def _is_made(self) -> bool:
        return "popover" in self.__dict__

    def _connect(self, popover: GenerationPopover) -> None:
        generation, loads = self._generation, self._loads
        popover.changed.connect(generation.change)
        popover.length_mode_changed.connect(generation.choose_length)
        popover.thinking_changed.connect(generation.think)
        popover.num_assistant_tokens_changed.connect(
            lambda count: loads.choose(replace(loads.choice, num_assistant_tokens=count))
        )
        popover.presets.chosen.connect(generation.choose)
        popover.presets.save_requested.connect(self._ask_name)
        popover.presets.delete_requested.connect(generation.delete)
        popover.presets.import_requested.connect(self._ask_import)
        popover.presets.export_requested.connect(self._ask_export)
        generation.changed.connect(self._show_if_open)
        generation.presets_changed.connect(self._show_if_open)
        loads.choice_changed.connect(self._show_if_open)
        self.lengths.decided.connect(self._show_if_open)

    def _on_loaded(self, pipeline: LoadedPipeline) -> None:
        self._pipeline = pipeline
        if self._is_made:
            self._show_defaults(self.popover, pipeline)
            self._show_if_open()

    def _show_defaults(self, popover: GenerationPopover, pipeline: LoadedPipeline) -> None:
        popover.show_defaults(pipeline.defaults, knows_thinking=pipeline.knows_thinking)

    def _show_if_open(self, *_: object) -> None:
        if self.popover.isVisible():
            self._show()

    def _show(self) -> None:
        generation, settings = self._generation, self._generation.current
        self.popover.show_settings(settings)
        self.popover.show_num_assistant_tokens(self._loads.choice.num_assistant_tokens)
        self.popover.presets.show_presets(
            generation.presets, current=settings.preset, is_modified=generation.is_modified
        )
        self.popover.show_notes(self._notes())
        self.popover.show_decision(self.lengths.decision)

    def _notes(self) -> dict[str, Note]:
        """What the pipeline that will answer does not use."""
        settings, choice = self._generation.current, self._loads.choice
        spec = self._spec(choice)
        defaults = self._pipeline.defaults if self._pipeline else GenerationParams()
        params = settings.to_params(
            strategy=choice.effective_strategy, num_assistant_tokens=choice.num_assistant_tokens
        )
        if settings.length_mode is LengthMode.CONFIDENCE:
            params = settings.to_params(strategy=Strategy.DRAFT, num_assistant_tokens=1)
        notes = notes_for(spec, params, defaults=defaults, translate=QCoreApplication.translate)
        if choice.draft_rests:
            notes.pop("auto_num_assistant_tokens", None)
        if choice.effective_strategy is Strategy.NONE:
            text = self.tr("Not used here. Without a draft nothing is proposed.")
            notes["num_assistant_tokens"] = Note(text=text, is_unused=True)
        return notes

    def _spec(self, choice: LoadChoice) -> LoadSpec | None:
        try:
            settings = self._generation.current
            return choice.to_spec(
                sampling=settings.temperature > 0, uses_threshold=settings.uses_threshold
            )
        except EngineError:
            return None

    def _apply_placement(self, preset: Preset) -> None:
        """A preset may choose the strategy and the draft length."""
        choice = self._loads.choice
        if preset.strategy is not None:
            choice = replace(choice, strategy=preset.strategy)
        if preset.num_assistant_tokens is not None:
            choice = replace(choice, num_assistant_tokens=preset.num_assistant_tokens)
        self._loads.choose(choice)

    def _tell_set_aside(self, decision: LengthDecision) -> None:
        self._page.banner.show_offer(
            self.tr("The draft is set aside"),
            set_aside_text(decision, QCoreApplication.translate),
            label=self.tr("Use the draft again"),
            on_accept=self.lengths.use_draft,
        )

    def _tell_taken_back(self, decision: LengthDecision) -> None:
        text = taken_back_text(decision, QCoreApplication.translate)
        self._page.banner.show_notice(self.tr("The draft is used again"), text)

    def _ask_name(self) -> None:
        self.popover.hide()
        preset = self._generation.preset
        dialog = QInputDialog(self._page.window())
        dialog.setWindowTitle(self.tr("Save as preset"))
        dialog.setLabelText(self.tr("Name"))
        if preset is not None and not preset.is_built_in:
            dialog.setTextValue(preset.name)
        dialog.textValueSelected.connect(self._save_as)
        dialog.open()

    def _save_as(self, name: str) -> None:
        if name.strip():
            length = self._loads.choice.num_assistant_tokens
            self._generation.save_as(name, num_assistant_tokens=length)

    def _ask_import(self) -> None:
        self.popover.hide()
        dialog = QFileDialog(self._page.window(), self.tr("Import presets"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(_FILE_FILTER)
        dialog.fileSelected.connect(lambda name: self.import_from(Path(name)))
        dialog.open()

    def import_from(self, path: Path) -> None:
        """Take in the presets of a file; a banner says what came of it."""
        banner = self._page.banner
        try:
            count = self._generation.import_from(path)
        except (OSError, PresetsUnreadableError):
            text = self.tr("\u201c{name}\u201d holds no presets that can be read.")
            banner.show_notice(self.tr("Nothing was imported"), text.format(name=path.name))
            return
        text = self.tr("Presets from \u201c{name}\u201d: {count}.")
        banner.show_notice(self.tr("Imported"), text.format(name=path.name, count=count))

    def _ask_export(self) -> None:
        self.popover.hide()
        dialog = QFileDialog(self._page.window(), self.tr("Export presets"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(_FILE_FILTER)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(lambda name: self._generation.export_to(Path(name)))
        dialog.open()
