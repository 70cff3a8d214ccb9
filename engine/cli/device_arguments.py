"""Arguments about devices: properties, memory and batching, what the window keeps. Reads them and
applies them to what is loaded.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from engine.device_settings import DeviceBook
from engine.device_settings_file import CACHE_NAME, FILE_NAME, DeviceSettingsFile
from engine.errors import StorageError
from engine.placement import LoadSpec, Properties, PropertyValue, SchedulerSettings

_SEPARATOR = ":"


def _read_property(text: str) -> tuple[str, PropertyValue]:
    """KEY=VALUE as a property; numbers are numbers."""
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise argparse.ArgumentTypeError(f"'{text}' is not KEY=VALUE")
    try:
        return name, int(value)
    except ValueError:
        return name, value


def read_device_property(text: str) -> tuple[str, str, str]:
    """DEVICE:KEY=VALUE as device, name and value."""
    device, separator, rest = text.partition(_SEPARATOR)
    name, equals, value = rest.partition("=")
    if not (device and separator and name and equals):
        raise argparse.ArgumentTypeError(f"'{text}' is not DEVICE:KEY=VALUE")
    return device, name, value


def add_device_list_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of `devices`."""
    command.add_argument(
        "--properties", action="store_true", help="also what can be set on each, and what is"
    )
    command.add_argument(
        "--set",
        action="append",
        default=[],
        type=read_device_property,
        metavar="DEVICE:KEY=VALUE",
        dest="changes",
        help="set a property for every load of the window and --device-settings; repeatable",
    )
    command.add_argument(
        "--reset",
        action="append",
        default=[],
        metavar="DEVICE",
        dest="resets",
        help="back to the defaults of a device; repeatable",
    )
    command.add_argument(
        "--clear-cache",
        action="append",
        default=[],
        metavar="DEVICE",
        dest="clears",
        help="delete the compiled models of a device; repeatable",
    )


def add_properties(
    group: argparse._ArgumentGroup, flag: str, *, text: str, dest: str | None = None
) -> None:
    """Add a flag for plugin properties, each of them KEY=VALUE."""
    group.add_argument(
        flag,
        action="append",
        default=[],
        type=_read_property,
        metavar="KEY=VALUE",
        dest=dest,
        help=f"{text}; repeatable",
    )


def add_model_property_arguments(command: argparse.ArgumentParser) -> None:
    """Add properties of one of the two models."""
    group = command.add_argument_group("devices")
    for flag, text in (
        ("--main-property", "plugin property for the main model"),
        ("--draft-property", "plugin property for the draft model"),
    ):
        add_properties(group, flag, text=text)
    add_load_arguments(command)


def add_load_arguments(command: argparse.ArgumentParser) -> None:
    """Add memory and batching, and what is kept for the devices."""
    group = command.add_argument_group("memory and batching (default: what the runtime does)")
    group.add_argument(
        "--device-settings", action="store_true", help="use what is set on the devices"
    )
    group.add_argument("--cache-size-gb", type=int, metavar="N", help="size of the KV cache")
    group.add_argument(
        "--no-prefix-caching", action="store_true", help="read every message from the start"
    )
    group.add_argument(
        "--max-num-batched-tokens", type=int, metavar="N", help="read prompts in pieces of N"
    )
    group.add_argument(
        "--no-dynamic-split-fuse", action="store_true", help="never read a prompt in pieces"
    )


def apply_devices(
    spec: LoadSpec, arguments: argparse.Namespace, *, file: DeviceSettingsFile
) -> LoadSpec:
    """A load with everything that was asked for its devices; the command line wins.

    Args:
        file: what the window keeps.

    Raises:
        ParameterError: a number is out of range.
        StorageError: what is kept cannot be read.
    """
    if arguments.device_settings:
        spec = read_book(file).apply(spec)
    shared = list(arguments.properties)
    main = _merged(spec.main_properties, shared + arguments.main_property)
    if spec.placement.draft_device is None:
        drafts = None
    else:
        drafts = _merged(spec.draft_properties or (), shared + arguments.draft_property)
    scheduler = scheduler_from(arguments, spec.scheduler)
    return replace(spec, main_properties=main, draft_properties=drafts, scheduler=scheduler)


def scheduler_from(arguments: argparse.Namespace, default: SchedulerSettings) -> SchedulerSettings:
    """Memory and batching as asked for.

    Raises:
        ParameterError: a number is out of range.
    """
    size, batch = arguments.cache_size_gb, arguments.max_num_batched_tokens
    return SchedulerSettings(
        cache_size_gb=default.cache_size_gb if size is None else size,
        enable_prefix_caching=default.enable_prefix_caching and not arguments.no_prefix_caching,
        max_num_batched_tokens=default.max_num_batched_tokens if batch is None else batch,
        dynamic_split_fuse=default.dynamic_split_fuse and not arguments.no_dynamic_split_fuse,
    )


def settings_file(data: Path, cache: Path) -> DeviceSettingsFile:
    """What is kept for the devices; the window uses the same file."""
    return DeviceSettingsFile(data / FILE_NAME, cache_root=cache / CACHE_NAME)


def read_book(file: DeviceSettingsFile) -> DeviceBook:
    """What is set on the devices.

    Raises:
        StorageError: the file is damaged, or of a newer version.
    """
    loaded = file.read()
    if loaded.notice is not None:
        raise StorageError(loaded.notice.message, code=loaded.notice.code)
    return loaded.book


def _merged(first: Properties, more: list[tuple[str, PropertyValue]]) -> Properties:
    return tuple({**dict(first), **dict(more)}.items())
