"""One property of a device: its name, what it does, a control made from what the plugin said."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.icons import icon
from app.palette import Palette
from app.views.caption_combo import CaptionCombo
from app.views.labels import icon_button, label
from app.views.optional_spin import OptionalDoubleSpin, OptionalSpin
from engine.device_properties import DeviceProperty, PropertyKind
from engine.placement import PropertyValue

_FIELD_EM = 17
_DEFAULT, _ON, _OFF = "", "on", "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyField:
    """A property as it is shown."""

    known: DeviceProperty
    """What the device reported of it."""
    title: str
    explanation: str
    section: str
    """Key of the section it stands in."""
    is_of_runtime: bool = True
    """Whether the runtime knows it by its name; else it is this program's own."""


class DefaultSpin(OptionalSpin):
    """From the default, a step goes to the number beside it."""

    def __init__(self, *, low: int, high: int, default: int, unset: str) -> None:
        super().__init__(low=low, high=high, unset=unset)
        self._default = default

    def stepBy(self, steps: int) -> None:  # noqa: N802  Qt's name
        if self.optional() is None:
            self.setValue(max(self.minimum() + 1, self._default + steps))
        else:
            super().stepBy(steps)


class PropertyRow(QWidget):
    """`changed()` when the user picks another value; `value()` is None for the default."""

    changed = Signal()

    def __init__(self, field: PropertyField) -> None:
        super().__init__()
        self.field = field
        self._chosen: PropertyValue | None = None
        self.control = self._make_control()
        self.control.setAccessibleName(field.title)
        self.control.setAccessibleDescription(field.explanation)
        self.reset = icon_button(self.tr("Reset to the default: {label}").format(label=field.title))
        kept = self.reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(kept)
        self.reset.clicked.connect(self._on_reset)
        self._build()
        self.show_value(None)

    def value(self) -> PropertyValue | None:
        """What is chosen; None leaves the default."""
        return self._chosen

    def show_value(self, value: PropertyValue | None) -> None:
        """Show a value without reporting it."""
        self._chosen = value
        match self.control:
            case CaptionCombo() if self.field.known.kind is PropertyKind.SWITCH:
                self.control.choose(_DEFAULT if value is None else _ON if value else _OFF)
            case CaptionCombo():
                self.control.choose(_DEFAULT if value is None else str(value))
            case OptionalSpin():
                self.control.show_optional(None if value is None else int(value))
            case OptionalDoubleSpin():
                self.control.show_optional(None if value is None else float(value))
        self.reset.setVisible(value is not None)

    def fits(self, query: str) -> bool:
        """Whether a search finds this row."""
        text = f"{self.field.title} {self.field.explanation} {self.field.known.name}".casefold()
        return all(word in text for word in query.casefold().split())

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.reset.setIcon(icon("rotate-ccw", palette.muted))

    def _make_control(self) -> QWidget:
        known = self.field.known
        default = self.tr("Default ({value})").format(value=self._default_text())
        match known.kind:
            case PropertyKind.SWITCH:
                names = {_ON: self.tr("On"), _OFF: self.tr("Off")}
                return self._make_combo(default, names)
            case PropertyKind.CHOICE:
                return self._make_combo(default, {name: name for name in known.options})
            case PropertyKind.NUMBER:
                number = OptionalDoubleSpin(low=0.0, high=1e6, step=0.05, unset=default)
                number.changed.connect(self._on_changed)
                return number
            case PropertyKind.INTEGER:
                low = -(2**31) + 1 if known.minimum is None else known.minimum
                high = 2**31 - 1 if known.maximum is None else known.maximum
                start = known.value if isinstance(known.value, int) else low
                whole = DefaultSpin(low=low, high=high, default=start, unset=default)
                whole.changed.connect(self._on_changed)
                return whole
            case PropertyKind.TEXT:
                return self._make_fact(str(known.value))

    def _make_fact(self, text: str) -> QWidget:
        fact = label(text, role="muted", wrap=True)
        fact.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return fact

    def _make_combo(self, default: str, names: dict[str, str]) -> CaptionCombo:
        combo = CaptionCombo("", name=self.field.title)
        combo.add_choice(_DEFAULT, short=default, long=default)
        for data, name in names.items():
            combo.add_choice(data, short=name, long=name)
        combo.activated.connect(lambda _: self._on_combo(str(combo.currentData())))
        return combo

    def _default_text(self) -> str:
        value = self.field.known.value
        if isinstance(value, bool):
            return self.tr("on") if value else self.tr("off")
        return self.tr("not limited") if value is None else str(value)

    def _on_combo(self, data: str) -> None:
        if data == _DEFAULT:
            self._on_changed(None)
        elif self.field.known.kind is PropertyKind.SWITCH:
            self._on_changed(data == _ON)
        else:
            self._on_changed(data)

    def _on_changed(self, value: PropertyValue | None) -> None:
        self._chosen = value
        self.reset.setVisible(value is not None)
        self.changed.emit()

    def _on_reset(self) -> None:
        self.show_value(None)
        self.control.setFocus()
        self.changed.emit()

    def _build(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 6, 0, 6)
        layout.setHorizontalSpacing(10)
        layout.setVerticalSpacing(1)
        layout.setColumnStretch(0, 1)
        field = self.field
        layout.addWidget(label(field.title, role="strong", wrap=True), 0, 0)
        if field.title != field.known.name and field.is_of_runtime:
            layout.addWidget(label(field.known.name, role="caption"), 1, 0)
        if field.explanation:
            layout.addWidget(label(field.explanation, role="muted", wrap=True), 2, 0)
        middle = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        width = _FIELD_EM * self.fontMetrics().horizontalAdvance("m")
        if field.known.kind is PropertyKind.TEXT:
            self.control.setMaximumWidth(2 * width)
        else:
            self.control.setFixedWidth(width)
        layout.addWidget(self.control, 0, 1, 3, 1, middle)
        if not field.known.is_read_only:
            layout.addWidget(self.reset, 0, 2, 3, 1, middle)
