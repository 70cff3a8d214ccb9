"""One preference in the settings dialog: its label, what it does, a control and a way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.core.declaration import Declaration, PreferenceValue
from app.core.translation import Translate
from app.icons import icon
from app.palette import Palette
from app.views.caption_combo import CaptionCombo
from app.views.labels import icon_button, label
from app.views.optional_spin import OptionalDoubleSpin, OptionalSpin
from app.views.switch import Switch

_CONTEXT = "Preferences"
_FIELD_EM = 17


class FieldRow(QWidget):
    """Made from a declaration alone. `changed(key, value)`, `reset_requested(key)`."""

    changed = Signal(str, object)
    reset_requested = Signal(str)

    def __init__(
        self, key: str, declaration: Declaration, *, default: PreferenceValue, translate: Translate
    ) -> None:
        super().__init__()
        self.key = key
        self._declaration = declaration
        self._default = default
        self._translate = translate
        self.title = self.explanation = ""
        self.retell(str)
        self.control = self._make_control()
        self.control.setAccessibleName(self.title)
        self.control.setAccessibleDescription(self.explanation)
        self.reset = icon_button(self.tr("Reset to the default: {label}").format(label=self.title))
        kept = self.reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(kept)
        self._note = label("", role="caption", wrap=True)
        self._note.hide()
        self._build()
        self.reset.clicked.connect(lambda: self.reset_requested.emit(key))

    def show_value(self, value: Any) -> None:
        """Show a value without reporting it."""
        match self.control:
            case Switch():
                self.control.setChecked(bool(value))
            case CaptionCombo():
                self.control.choose(str(value))
            case OptionalSpin() | OptionalDoubleSpin():
                self.control.show_optional(value)
            case QLineEdit():
                self.control.setText(str(value))
        is_default = value == self._default
        self.reset.setEnabled(not is_default)
        self.reset.setVisible(not is_default)

    def show_unavailable(self, reason: str) -> None:
        """Say why this cannot be chosen here; an empty reason makes it available."""
        self.control.setEnabled(not reason)
        self._note.setText(reason)
        self._note.setVisible(bool(reason))

    def fits(self, query: str) -> bool:
        """Whether a search finds this row."""
        choices = " ".join(self._choice_names())
        text = f"{self.title} {self.explanation} {choices} {self.key}".casefold()
        return all(word in text for word in query.casefold().split())

    def retell(self, words: Callable[[str], str]) -> None:
        """Be found in the language of now."""
        del words
        self.title = self._translate(_CONTEXT, self._declaration.label)
        self.explanation = self._translate(_CONTEXT, self._declaration.explanation)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.reset.setIcon(icon("rotate-ccw", palette.muted))

    def _choice_names(self) -> list[str]:
        return [self._translate(_CONTEXT, name) for name in self._declaration.choice_labels]

    def _make_control(self) -> QWidget:
        declaration = self._declaration
        if declaration.choices:
            return self._make_choice()
        if declaration.kind is bool:
            box = Switch()
            box.clicked.connect(self._report)
            return box
        low, high = declaration.low or 0, declaration.high or 0
        unset = self.tr("Not set") if declaration.is_optional else ""
        if declaration.kind is float:
            number = OptionalDoubleSpin(low=low, high=high, step=0.05, unset=unset)
            number.changed.connect(self._report)
            return number
        if declaration.kind is int:
            whole = OptionalSpin(low=int(low), high=int(high), unset=unset)
            whole.setMinimum(int(low) - bool(unset))
            whole.valueChanged.connect(self._report)
            return whole
        text = QLineEdit()
        text.editingFinished.connect(lambda: self._report(text.text()))
        return text

    def _make_choice(self) -> CaptionCombo:
        combo = CaptionCombo("", name=self.title)
        for data, name in zip(self._declaration.choices, self._choice_names(), strict=True):
            combo.add_choice(data, short=name, long=name)
        combo.activated.connect(lambda _: self._report(combo.currentData()))
        return combo

    def _report(self, value: Any) -> None:
        self.changed.emit(self.key, value)

    def _build(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setHorizontalSpacing(10)
        layout.setVerticalSpacing(2)
        layout.setColumnStretch(0, 1)
        layout.setColumnMinimumWidth(2, 32)
        text = self.explanation
        if self._declaration.restart_required:
            text += " " + self.tr("Takes effect with the next start.")
        layout.addWidget(label(self.title, role="strong", wrap=True), 0, 0)
        layout.addWidget(label(text, role="muted", wrap=True), 1, 0)
        layout.addWidget(self._note, 2, 0)
        if not isinstance(self.control, Switch):
            self.control.setFixedWidth(_FIELD_EM * self.fontMetrics().horizontalAdvance("m"))
        middle = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        layout.addWidget(self.control, 0, 1, 2, 1, middle)
        layout.addWidget(self.reset, 0, 2, 2, 1, middle)
