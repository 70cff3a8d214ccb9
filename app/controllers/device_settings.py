"""What is set on the devices: read with the first load, saved with every change, put aside when a
load fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.controllers.settings_writer import SettingsWriter
from engine.context_limit import limit_context
from engine.errors import ErrorInfo, StorageError
from engine.events import DeviceInfo
from engine.placement import LoadSpec

if TYPE_CHECKING:
    from engine.device_settings import DeviceBook, DeviceSettings
    from engine.device_settings_file import DeviceSettingsFile


def _applied(book: DeviceBook, spec: LoadSpec) -> LoadSpec:
    return limit_context(book.apply(spec))


class DeviceSettingsController(QObject):
    """Guarantees: settings a load failed with are tried no second time until they are changed,
    not even after a restart.

    Signals: `changed(str)`, the device that was set; `at_fault(ErrorInfo, tuple[str, ...])`, why
    a load failed and the devices whose settings were to blame; `save_failed(ErrorInfo)`;
    `read_failed(ErrorInfo)`, what has to be said about the file.

    Args:
        open_file: None keeps nothing.
        writer: what the file is written by.
    """

    changed = Signal(str)
    at_fault = Signal(object, object)
    save_failed = Signal(object)
    read_failed = Signal(object)

    def __init__(
        self,
        open_file: Callable[[], DeviceSettingsFile] | None,
        writer: SettingsWriter | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._open_file = open_file
        self._writer = writer or SettingsWriter()
        self._file: DeviceSettingsFile | None = None
        self._known: DeviceBook | None = None
        self._suspects: tuple[ErrorInfo, tuple[str, ...]] | None = None

    @property
    def book(self) -> DeviceBook:
        """Everything that is set; read when it is needed first, after the first paint."""
        if self._known is None:
            self._known = self._read()
        return self._known

    def apply(self, spec: LoadSpec) -> LoadSpec:
        """A load with what is set on its devices."""
        return _applied(self.book, spec)

    def set(self, device: str, settings: DeviceSettings) -> None:
        """Take other settings of a device; they are tried with the next load."""
        settings = replace(settings, is_suspended=False)
        if settings != self.book.settings(device):
            self._suspects = None
            self._keep(self.book.with_settings(device, settings))
            self.changed.emit(device)

    def reset(self, devices: Sequence[str]) -> None:
        """Back to what the runtime does unasked."""
        from engine.device_settings import DeviceSettings

        for device in devices:
            kept = self.book.settings(device).keeps_compiled
            self.set(device, DeviceSettings(keeps_compiled=kept))

    def see(self, devices: tuple[DeviceInfo, ...]) -> dict[str, str]:
        """Take a list of devices: settings follow theirs. Returns old name -> new name."""
        from engine.device_settings import without_refused

        names = self.book.renamed(devices)
        self._keep(without_refused(self.book.seen(devices), devices))
        return names

    def put_aside(self, spec: LoadSpec, error: ErrorInfo) -> bool:
        """A load failed: put the settings it was made with aside. False when it had none."""
        placement = spec.placement
        used = dict.fromkeys((placement.main_device, placement.draft_device))
        names = tuple(name for name in used if name and self.book.used(name).changes)
        without = self.book.suspended(names)
        if error.is_cancellation or self._suspects is not None or _applied(without, spec) == spec:
            return False
        if self.apply(spec) != spec:
            return False  # it was made with others
        self._suspects = (error, names)
        self._keep(without)
        return True

    def judge(self, *, is_loaded: bool) -> None:
        """The load without them ended: they were to blame if that one succeeded."""
        if self._suspects is None:
            return
        (error, names), self._suspects = self._suspects, None
        if is_loaded:
            self.at_fault.emit(error, names)
        else:
            self._keep(self.book.suspended(names, is_suspended=False))

    def _read(self) -> DeviceBook:
        if self._open_file is None:
            from engine.device_settings import DeviceBook

            return DeviceBook()
        self._file = self._open_file()
        loaded = self._file.read()
        if loaded.notice is not None:
            self.read_failed.emit(loaded.notice)
        return loaded.book

    def _keep(self, book: DeviceBook) -> None:
        if book == self.book:
            return
        self._known = book
        file = self._file
        if file is not None:
            self._writer.write(lambda: self._write(file, book))

    def _write(self, file: DeviceSettingsFile, book: DeviceBook) -> None:
        try:
            file.write(book)
        except StorageError as error:
            self.save_failed.emit(error.to_info())
