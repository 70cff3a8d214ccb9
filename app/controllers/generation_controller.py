"""Holds the generation settings of the chat that is shown, and the presets."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.controllers.preferences_controller import PreferencesController
from app.controllers.settings_writer import SettingsWriter
from app.core.generation_settings import (
    SHARED_KEYS,
    GenerationSettings,
    LengthMode,
    settings_for_new_chat,
)
from app.core.preferences import Preferences, PreferenceValue
from app.core.presets import BUILT_IN, MAX_NAME_LENGTH, Preset, dump_presets, key_for, merged
from app.core.presets_file import PresetsFile, read_presets
from engine.atomic_file import write_atomically
from engine.errors import ErrorCode, ErrorInfo

_LOG = logging.getLogger(__name__)


class GenerationController(QObject):
    """The one place that changes generation settings.

    What the user changes holds for this chat and for chats begun after it (as preferences);
    `restore` shows another chat's settings and changes no preference.
    """

    changed = Signal(object)  # GenerationSettings, by whatever means
    edited = Signal(object)  # GenerationSettings, by the user: to be kept with the chat
    presets_changed = Signal(object)  # tuple[Preset, ...]
    preset_chosen = Signal(object)  # Preset: its strategy and draft length are to be applied
    save_failed = Signal(object)  # ErrorInfo

    def __init__(
        self,
        preferences: PreferencesController,
        file: PresetsFile,
        writer: SettingsWriter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._file = file
        self._writer = writer
        self._own: tuple[Preset, ...] | None = None
        self._known = preferences.current
        self._current = settings_for_new_chat(preferences.current)
        preferences.changed.connect(self._on_preferences)

    @property
    def current(self) -> GenerationSettings:
        """Of the chat that is shown."""
        return self._current

    @property
    def presets(self) -> tuple[Preset, ...]:
        """The built-in ones, then the user's own."""
        return (*BUILT_IN, *self._own_presets())

    @property
    def preset(self) -> Preset | None:
        """The preset the settings came from."""
        return next((item for item in self.presets if item.key == self._current.preset), None)

    @property
    def is_modified(self) -> bool:
        """Whether something was changed since the preset was chosen."""
        preset = self.preset
        return preset is None or not preset.matches(self._current)

    def change(self, key: str, value: PreferenceValue) -> None:
        """Change one shared setting.

        Raises:
            ValueError: unknown key or value out of range.
        """
        self._edit(self._current.changed({key: value}))

    def choose_length(self, mode: LengthMode) -> None:
        """Choose the draft length in another way."""
        self._edit(self._current.with_length_mode(mode))

    def think(self, wanted: bool | None) -> None:
        """Let the model think first, or not; None leaves it to the model."""
        self._edit(replace(self._current, enable_thinking=wanted))

    def choose(self, key: str) -> None:
        """Take everything from a preset."""
        preset = next((item for item in self.presets if item.key == key), None)
        if preset is None:
            return
        self._edit(replace(preset.applied(), enable_thinking=self._current.enable_thinking))
        self.preset_chosen.emit(preset)

    def restore(self, settings: GenerationSettings | None) -> None:
        """Show the settings of another chat; None for a new one."""
        new = settings_for_new_chat(self._preferences.current) if settings is None else settings
        self._show(new)

    def save_as(self, name: str, *, num_assistant_tokens: int | None = None) -> Preset:
        """Keep the present settings under a name; one of the user's own of that name is replaced.

        Args:
            name: not blank.
            num_assistant_tokens: draft length to be kept with it.
        """
        name = name.strip()[:MAX_NAME_LENGTH]
        own = self._own_presets()
        old = next((item for item in own if item.name == name), None)
        key = old.key if old else key_for(name, [item.key for item in own])
        settings = replace(self._current, preset="", enable_thinking=None)
        preset = Preset(
            key=key, name=name, settings=settings, num_assistant_tokens=num_assistant_tokens
        )
        self._keep((*(item for item in own if item.key != key), preset))
        self._edit(replace(self._current, preset=key))
        return preset

    def delete(self, key: str) -> None:
        """Forget one of the user's own presets; chats that use it keep their settings."""
        self._keep(tuple(item for item in self._own_presets() if item.key != key))

    def save(self) -> None:
        """Write the user's own presets: after a change, or another try after a failure."""
        own = self._own_presets()
        self._writer.write(lambda: self._write(own))

    def export_to(self, path: Path) -> bool:
        """Write the user's own presets, or the built-in ones when there are none of their own."""
        try:
            write_atomically(path, dump_presets(self._own_presets() or BUILT_IN))
        except OSError as error:
            self._tell_failed(error)
            return False
        return True

    def import_from(self, path: Path) -> int:
        """Take in the presets of a file; returns how many.

        Raises:
            OSError: the file cannot be read.
            PresetsUnreadableError: it holds something else; nothing was taken in.
        """
        imported = read_presets(path)
        self._keep(merged(self._own_presets(), imported))
        return len(imported)

    def _own_presets(self) -> tuple[Preset, ...]:
        if self._own is None:
            self._own = self._file.read()
        return self._own

    def _keep(self, own: tuple[Preset, ...]) -> None:
        self._own = own
        self.save()
        self.presets_changed.emit(self.presets)

    def _write(self, own: tuple[Preset, ...]) -> None:
        try:
            self._file.write(own)
        except OSError as error:
            self._tell_failed(error)

    def _tell_failed(self, error: OSError) -> None:
        _LOG.info("presets could not be written: %s", error)
        self.save_failed.emit(ErrorInfo(code=ErrorCode.STORAGE_NOT_WRITABLE, message=str(error)))

    def _edit(self, settings: GenerationSettings) -> None:
        if settings == self._current:
            return
        self._show(settings)
        self.edited.emit(settings)
        self._preferences.update(**settings.to_preferences())

    def _show(self, settings: GenerationSettings) -> None:
        if settings != self._current:
            self._current = settings
            self.changed.emit(settings)

    def _on_preferences(self, new: Preferences) -> None:
        """Follow what another part of the window changed, such as the defaults of a model."""
        old, self._known = self._known, new
        changes = {
            key: getattr(new, key) for key in SHARED_KEYS if getattr(new, key) != getattr(old, key)
        }
        if changes:
            self._show(self._current.changed(changes))
