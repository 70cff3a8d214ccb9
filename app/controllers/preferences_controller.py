"""Holds the preferences of the running window and saves them soon, off the GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.settings_writer import SettingsWriter
from app.core.preferences import Preferences, PreferenceValue, changed
from app.core.preferences_file import LoadedPreferences, PreferencesFile
from engine.errors import ErrorCode, ErrorInfo

_LOG = logging.getLogger(__name__)
SAVE_DELAY_MS = 400


class PreferencesController(QObject):
    """The one place that changes preferences.

    Guarantees: a burst of changes is written once; `close` writes what is pending. Overrides from
    the command line hold for this run; what is not changed in the window is not saved.
    """

    changed = Signal(object)  # Preferences
    save_failed = Signal(object)  # ErrorInfo

    def __init__(
        self,
        file: PreferencesFile,
        loaded: LoadedPreferences,
        *,
        writer: SettingsWriter,
        overrides: Mapping[str, PreferenceValue] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._file = file
        self._writer = writer
        self._saved = loaded.preferences
        self._writable = loaded.writable
        self._current = changed(loaded.preferences, overrides or {})
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_DELAY_MS)
        self._timer.timeout.connect(self._save_now)

    @property
    def current(self) -> Preferences:
        """The preferences in force."""
        return self._current

    def update(self, **changes: PreferenceValue) -> None:
        """Change preferences and save them soon.

        Raises:
            ValueError: unknown key or value out of range.
        """
        updated = changed(self._current, changes)
        if updated == self._current:
            return
        real = {
            key: value for key, value in changes.items() if value != getattr(self._current, key)
        }
        self._saved = changed(self._saved, real)
        self._current = updated
        if self._writable:
            self._timer.start()
        self.changed.emit(updated)

    def save(self) -> None:
        """Save soon, whether or not anything changed: another try after a failure."""
        if self._writable:
            self._timer.start()

    def close(self) -> None:
        """Write what is pending, and wait until it is."""
        if self._timer.isActive():
            self._timer.stop()
            self._save_now()
        self._writer.finish()

    def _save_now(self) -> None:
        preferences = self._saved
        self._writer.write(lambda: self._write(preferences))

    def _write(self, preferences: Preferences) -> None:
        try:
            self._file.write(preferences)
        except OSError as error:
            _LOG.info("preferences could not be saved: %s", error)
            self.save_failed.emit(
                ErrorInfo(code=ErrorCode.STORAGE_NOT_WRITABLE, message=str(error))
            )
