"""What is set on the devices: read once, saved with every change, put aside when a load fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from engine.context_limit import limit_context
from engine.device_settings import DeviceBook, DeviceSettings, without_refused
from engine.device_settings_file import DeviceSettingsFile
from engine.errors import ErrorInfo, StorageError
from engine.events import DeviceInfo
from engine.placement import LoadSpec


def _applied(book: DeviceBook, spec: LoadSpec) -> LoadSpec:
    return limit_context(book.apply(spec))


class DeviceSettingsController(QObject):
    """Guarantees: settings a load failed with are tried no second time until they are changed,
    not even after a restart.

    Signals: `changed(str)`, the device that was set; `at_fault(ErrorInfo, tuple[str, ...])`, why
    a load failed and the devices whose settings were to blame; `save_failed(ErrorInfo)`.

    Args:
        file: None keeps nothing.
    """

    changed = Signal(str)
    at_fault = Signal(object, object)
    save_failed = Signal(object)

    def __init__(self, file: DeviceSettingsFile | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        loaded = file.read() if file is not None else None
        self._file = file
        self._book = loaded.book if loaded is not None else DeviceBook()
        self.notice: ErrorInfo | None = loaded.notice if loaded is not None else None
        """What has to be said about the file."""
        self._suspects: tuple[ErrorInfo, tuple[str, ...]] | None = None

    @property
    def book(self) -> DeviceBook:
        """Everything that is set."""
        return self._book

    def apply(self, spec: LoadSpec) -> LoadSpec:
        """A load with what is set on its devices."""
        return _applied(self._book, spec)

    def set(self, device: str, settings: DeviceSettings) -> None:
        """Take other settings of a device; they are tried with the next load."""
        settings = replace(settings, is_suspended=False)
        if settings != self._book.settings(device):
            self._suspects = None
            self._keep(self._book.with_settings(device, settings))
            self.changed.emit(device)

    def reset(self, devices: Sequence[str]) -> None:
        """Back to what the runtime does unasked."""
        for device in devices:
            kept = self._book.settings(device).keeps_compiled
            self.set(device, DeviceSettings(keeps_compiled=kept))

    def see(self, devices: tuple[DeviceInfo, ...]) -> dict[str, str]:
        """Take a list of devices: settings follow theirs. Returns old name -> new name."""
        names = self._book.renamed(devices)
        self._keep(without_refused(self._book.seen(devices), devices))
        return names

    def put_aside(self, spec: LoadSpec, error: ErrorInfo) -> bool:
        """A load failed: put the settings it was made with aside. False when it had none."""
        placement = spec.placement
        used = dict.fromkeys((placement.main_device, placement.draft_device))
        names = tuple(name for name in used if name and self._book.used(name).changes)
        without = self._book.suspended(names)
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
            self._keep(self._book.suspended(names, is_suspended=False))

    def _keep(self, book: DeviceBook) -> None:
        if book == self._book:
            return
        self._book = book
        if self._file is None:
            return
        try:
            self._file.write(book)
        except StorageError as error:
            self.save_failed.emit(error.to_info())
