"""`devices`: the list of them, as text or as JSON."""

from __future__ import annotations

import argparse

from engine.backends.process_backend import ProcessBackend
from engine.cli.device_arguments import read_book, settings_file
from engine.cli.device_settings import changed_book, find_listed
from engine.cli.exit_codes import ExitCode
from engine.cli.lines import write_json, write_table
from engine.cli.requests import find_folders
from engine.codec import to_plain
from engine.compile_cache import cache_bytes, clear_cache
from engine.device_properties import DeviceProperty, PropertyKind
from engine.device_settings import DeviceBook, DeviceSettings
from engine.events import DeviceInfo


def run_devices(arguments: argparse.Namespace) -> ExitCode:
    """List the devices, as the engine process sees them, after setting what is to be set.

    Raises:
        EngineError: the engine process died of it, a plugin failed, or a value is refused.
    """
    folders = find_folders(arguments.data_dir)
    backend = ProcessBackend(log_dir=folders.logs)
    try:
        devices = backend.devices()
    finally:
        backend.close()
    file = settings_file(folders.data, folders.cache)
    book = read_book(file).seen(devices)
    if arguments.changes or arguments.resets:
        book = changed_book(book, devices, resets=arguments.resets, changes=arguments.changes)
        folders.data.mkdir(parents=True, exist_ok=True)
        file.write(book)
    for name in arguments.clears:
        if folder := book.cache_folder(find_listed(devices, name).name):
            clear_cache(folder)
    if arguments.json:
        for device in devices:
            write_json(_to_plain(device, book))
        return ExitCode.OK
    if not arguments.properties:
        write_table([_row(device) for device in devices])
        return ExitCode.OK
    for device in devices:
        write_table([_row(device)])
        write_table(_property_rows(device, book.settings(device.name)))
        if folder := book.cache_folder(device.name):
            write_table([[" ", "  compiled models", _size(cache_bytes(folder))]])
    return ExitCode.OK


def _to_plain(device: DeviceInfo, book: DeviceBook) -> dict[str, object]:
    """A device with what is set on it and how much compiling left behind."""
    folder = book.cache_folder(device.name)
    return {
        **to_plain(device),
        "settings": to_plain(book.settings(device.name)),
        "compiled_bytes": cache_bytes(folder) if folder is not None else 0,
    }


def _row(device: DeviceInfo) -> list[str]:
    label = " (emulated)" if device.emulated else ""
    memory = _size(device.memory_bytes)
    return [f"{device.name}{label}", str(device.kind), memory, device.full_name]


def _property_rows(device: DeviceInfo, settings: DeviceSettings) -> list[list[str]]:
    """Name, value, what it may be; a star marks what is set."""
    chosen = dict(settings.properties)
    return [
        [
            " ",
            f"{'*' if entry.name in chosen else ' '} {entry.name}",
            str(chosen.get(entry.name, entry.value)),
            _range(entry),
        ]
        for entry in device.properties
    ]


def _range(entry: DeviceProperty) -> str:
    if entry.is_read_only:
        return "read-only"
    if entry.kind is PropertyKind.CHOICE:
        return "|".join(entry.options)
    if entry.kind is PropertyKind.INTEGER and entry.maximum is not None:
        return f"{entry.minimum}..{entry.maximum}"
    return str(entry.kind)


def _size(size_bytes: int | None) -> str:
    return "-" if size_bytes is None else f"{size_bytes / 2**20:.1f} MiB"
