"""Number fields that can also say \u201cnot set\u201d: one step below the lowest number."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

from app.core.declaration import Declaration
from app.views.step_arrows import StepArrows


class OptionalSpin(QSpinBox):
    """`changed(int | None)` when the user picks another value."""

    changed = Signal(object)

    def __init__(self, *, low: int, high: int, step: int = 1, unset: str) -> None:
        super().__init__()
        self.setRange(low - 1, high)
        self.setSingleStep(step)
        _prepare(self, unset)
        self.valueChanged.connect(lambda _: self.changed.emit(self.optional()))

    def optional(self) -> int | None:
        """The number, None when it is not set."""
        return None if self.value() == self.minimum() else self.value()

    def show_optional(self, value: int | None) -> None:
        """Show a value without reporting it."""
        blocked = self.blockSignals(True)
        self.setValue(self.minimum() if value is None else value)
        self.blockSignals(blocked)


class OptionalDoubleSpin(QDoubleSpinBox):
    """`changed(float | None)` when the user picks another value."""

    changed = Signal(object)

    def __init__(self, *, low: float, high: float, step: float, unset: str = "") -> None:
        super().__init__()
        self._has_unset = bool(unset)
        self.setDecimals(2)
        self.setRange(low - 0.01 if unset else low, high)
        self.setSingleStep(step)
        _prepare(self, unset)
        self.valueChanged.connect(lambda _: self.changed.emit(self.optional()))

    def optional(self) -> float | None:
        """The number, None when it is not set."""
        if self._has_unset and self.value() == self.minimum():
            return None
        return round(self.value(), 2)

    def show_optional(self, value: float | None) -> None:
        """Show a value without reporting it."""
        blocked = self.blockSignals(True)
        self.setValue(self.minimum() if value is None else value)
        self.blockSignals(blocked)

    def stepBy(self, steps: int) -> None:  # noqa: N802  Qt's name
        """From \u201cnot set\u201d upwards to the likeliest wish: the upper end."""
        if self._has_unset and steps > 0 and self.optional() is None:
            self.setValue(min(self.maximum(), 0.9 if self.maximum() <= 1 else 1.1))
        else:
            super().stepBy(steps)


def int_field(declaration: Declaration, *, unset: str) -> OptionalSpin:
    """A field for a declared whole number; `unset` is what it says when not set."""
    return OptionalSpin(low=int(declaration.low or 0), high=int(declaration.high or 0), unset=unset)


def float_field(declaration: Declaration, *, unset: str) -> OptionalDoubleSpin:
    """A field for a declared number; `unset` is what it says when not set."""
    return OptionalDoubleSpin(
        low=declaration.low or 0.0, high=declaration.high or 0.0, step=0.05, unset=unset
    )


def _prepare(spin: QSpinBox | QDoubleSpinBox, unset: str) -> None:
    spin.setSpecialValueText(unset)
    spin.setKeyboardTracking(False)
    spin.lineEdit().setTextMargins(8, 0, 0, 0)
    StepArrows(spin)
