"""`devices --set` and `--reset`: changes what is kept for the devices, as the plugins allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.device_properties import DeviceProperty, PropertyKind, Refusal, check_property
from engine.device_settings import DeviceBook, DeviceSettings
from engine.errors import DeviceError, ErrorCode, ParameterError
from engine.events import DeviceInfo
from engine.placement import PropertyValue

_SWITCHES = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def changed_book(
    book: DeviceBook,
    devices: tuple[DeviceInfo, ...],
    *,
    resets: Sequence[str],
    changes: Sequence[tuple[str, str, str]],
) -> DeviceBook:
    """The book with devices reset, then properties set.

    Raises:
        DeviceError: DEVICE_NOT_AVAILABLE.
        ParameterError: PARAMETER_UNSUPPORTED; facts parameter, reason and what would be taken.
    """
    book = book.seen(devices)
    for name in resets:
        find_listed(devices, name)
        book = book.with_settings(name, DeviceSettings())
    for name, key, text in changes:
        device = find_listed(devices, name)
        value = _value(device.properties, key, text)
        refusal = check_property(device.properties, key, value)
        if refusal is not None:
            raise _refused(name, refusal)
        settings = book.settings(name)
        properties = tuple({**dict(settings.properties), key: value}.items())
        settings = replace(settings, properties=properties, is_suspended=False)
        book = book.with_settings(name, settings)
    return book


def find_listed(devices: Sequence[DeviceInfo], name: str) -> DeviceInfo:
    """The device of a name.

    Raises:
        DeviceError: DEVICE_NOT_AVAILABLE.
    """
    found = next((device for device in devices if device.name == name), None)
    if found is None:
        raise DeviceError(
            f"There is no device {name}.", code=ErrorCode.DEVICE_NOT_AVAILABLE, device=name
        )
    return found


def _value(known: Sequence[DeviceProperty], key: str, text: str) -> PropertyValue:
    """The text as the kind of value the property takes; as it is where that makes no sense."""
    kind = next((entry.kind for entry in known if entry.name == key), PropertyKind.TEXT)
    try:
        match kind:
            case PropertyKind.INTEGER:
                return int(text)
            case PropertyKind.NUMBER:
                return float(text)
            case PropertyKind.SWITCH:
                return _SWITCHES.get(text.lower(), text)
            case _:
                return text
    except ValueError:
        return text


def _refused(device: str, refusal: Refusal) -> ParameterError:
    facts = dict(refusal.facts)
    more = "".join(f" {name} {value}" for name, value in facts.items())
    return ParameterError(
        f"{device} does not take this value of {refusal.name}: {refusal.code}.{more}",
        code=ErrorCode.PARAMETER_UNSUPPORTED,
        parameter=refusal.name,
        reason=str(refusal.code),
        **facts,
    )
