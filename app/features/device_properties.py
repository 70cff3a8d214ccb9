"""The editor of a device's properties: what its plugin reported becomes fields, fields become what
is set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from app.controllers.device_settings import DeviceSettingsController
from app.core.device_property_text import KNOWN_NAMES, property_words, refusal_text
from app.palette import Palette
from app.views.devices.properties_dialog import PropertiesDialog
from app.views.devices.property_row import PropertyField
from engine.device_properties import DeviceProperty, PropertyKind, PropertySource, check_properties
from engine.device_settings import DeviceSettings, keeps_compiled
from engine.events import DeviceInfo, DeviceKind
from engine.placement import PropertyValue, SchedulerSettings

translate = QCoreApplication.translate
_CACHE = "keeps_compiled"
_DEFAULTS = SchedulerSettings()
_SCHEDULER = (
    DeviceProperty(
        name="cache_size_gb",
        kind=PropertyKind.INTEGER,
        value=_DEFAULTS.cache_size_gb,
        minimum=0,
        maximum=1024,
    ),
    DeviceProperty(
        name="enable_prefix_caching",
        kind=PropertyKind.SWITCH,
        value=_DEFAULTS.enable_prefix_caching,
    ),
    DeviceProperty(
        name="max_num_batched_tokens", kind=PropertyKind.INTEGER, minimum=16, maximum=131072
    ),
    DeviceProperty(
        name="dynamic_split_fuse", kind=PropertyKind.SWITCH, value=_DEFAULTS.dynamic_split_fuse
    ),
)
_SCHEDULER_NAMES = tuple(entry.name for entry in _SCHEDULER)


class DevicePropertiesEditor(QObject):
    """Opens the dialog of one device and takes what was chosen in it."""

    def __init__(self, settings: DeviceSettingsController, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self.dialog: PropertiesDialog | None = None

    def open(self, device: DeviceInfo, *, window: QWidget, palette: Palette) -> None:
        """Show what can be set on a device."""
        note = self.tr("What is set here holds for every model that is loaded on this device.")
        if device.emulated:
            note += "\n" + self.tr("It is emulated: some of it has no effect here.")
        dialog = PropertiesDialog(
            window,
            title=self.tr("Properties of {device}").format(
                device=f"{device.full_name} ({device.name})"
            ),
            note=note,
            fields=fields_of(device),
            sections=self._sections(),
            palette=palette,
        )
        dialog.show_values(values_of(self._settings.book.settings(device.name)))
        dialog.applied.connect(lambda values: self._take(device, values, dialog))
        self.dialog = dialog
        dialog.open()

    def _sections(self) -> dict[str, str]:
        return {
            "npu": self.tr("Prompt and answer"),
            "main": self.tr("Computing"),
            "memory": self.tr("Memory and batching"),
            "cache": self.tr("Compiled models"),
            "other": self.tr("Everything else the plugin takes"),
            "facts": self.tr("What the plugin says of itself"),
        }

    def _take(
        self, device: DeviceInfo, values: Mapping[str, PropertyValue], dialog: PropertiesDialog
    ) -> None:
        wanted = settings_from(values)
        refused = check_properties(device.properties, wanted.properties)
        if refused:
            dialog.show_faults(refusal_text(refusal, translate) for refusal in refused)
            return
        self._settings.set(device.name, wanted)
        dialog.accept()


def fields_of(device: DeviceInfo) -> tuple[PropertyField, ...]:
    """Every property of a device: the known ones first, in a fixed order."""
    reported = list(device.properties)
    if device.kind is not DeviceKind.NPU:
        reported += _SCHEDULER
    default = keeps_compiled(device.name, DeviceSettings())
    reported.append(DeviceProperty(name=_CACHE, kind=PropertyKind.SWITCH, value=default))
    order = {name: index for index, name in enumerate(KNOWN_NAMES)}
    fields = []
    for known in sorted(reported, key=lambda entry: order.get(entry.name, len(order))):
        words = property_words(known.name, translate)
        fields.append(
            PropertyField(
                known=known,
                title=words.title,
                explanation=words.explanation,
                section=_section(known, is_known=known.name in order),
                is_of_runtime=known.name != _CACHE,
            )
        )
    return tuple(fields)


def _section(known: DeviceProperty, *, is_known: bool) -> str:
    if known.is_read_only:
        return "facts"
    if known.name == _CACHE:
        return "cache"
    if known.name in _SCHEDULER_NAMES:
        return "memory"
    if known.source is PropertySource.PIPELINE:
        return "npu"
    return "main" if is_known else "other"


def values_of(settings: DeviceSettings) -> dict[str, PropertyValue]:
    """Settings as the dialog shows them."""
    values: dict[str, PropertyValue] = {**dict(settings.properties)}
    values.update(settings.scheduler.changes)
    if settings.keeps_compiled is not None:
        values[_CACHE] = settings.keeps_compiled
    return values


def settings_from(values: Mapping[str, PropertyValue]) -> DeviceSettings:
    """What was chosen in the dialog as settings; a value that is the default anyway is left out.

    Raises:
        ParameterError: a number is out of range, which the dialog does not allow.
    """
    scheduler = {name: values[name] for name in _SCHEDULER_NAMES if name in values}
    kept = values.get(_CACHE)
    properties = tuple(
        (name, value)
        for name, value in values.items()
        if name not in _SCHEDULER_NAMES and name != _CACHE
    )
    return DeviceSettings(
        properties=properties,
        scheduler=replace(_DEFAULTS, **scheduler),  # type: ignore[arg-type]
        keeps_compiled=bool(kept) if kept is not None else None,
    )
