"""How a main model is loaded and asked whenever it is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from app.views.caption_combo import CaptionCombo
from app.views.caption_spin import CaptionSpin
from app.views.labels import label
from app.views.models.parts import button, row
from app.views.step_arrows import StepArrows
from engine.models.settings import ModelDefaults
from engine.params import MAX_NEW_TOKENS_LIMIT, MAX_NUM_ASSISTANT_TOKENS


class DefaultsDialog(QDialog):
    """`chosen(ModelDefaults | None)`: new defaults, or none at all."""

    chosen = Signal(object)

    def __init__(
        self, parent: QWidget, *, name: str, devices: Sequence[str], defaults: ModelDefaults
    ) -> None:
        super().__init__(parent)
        self.setObjectName("modelsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Defaults of {model}").format(model=name))
        self._model_id = defaults.model_id
        self.main_device = _devices(devices, defaults.main_device)
        self.draft_device = _devices(devices, defaults.draft_device)
        self.draft_tokens = _spin(1, MAX_NUM_ASSISTANT_TOKENS, defaults.num_assistant_tokens)
        self.token_limit = _spin(1, MAX_NEW_TOKENS_LIMIT, defaults.max_new_tokens)
        self.temperature = QDoubleSpinBox()
        self.temperature.setRange(0.0, 5.0)
        self.temperature.setSingleStep(0.1)
        self.temperature.setDecimals(2)
        StepArrows(self.temperature)
        self.temperature.setValue(defaults.temperature)
        form = QFormLayout()
        form.setSpacing(8)
        for text, control in (
            (self.tr("Device of the main model"), self.main_device),
            (self.tr("Device of the draft model"), self.draft_device),
            (self.tr("Assistant tokens"), self.draft_tokens),
            (self.tr("Temperature"), self.temperature),
            (self.tr("Token limit of an answer"), self.token_limit),
        ):
            control.setAccessibleName(text)
            form.addRow(label(text), control)
        keep = button(self.tr("Keep"), role="primary")
        drop = button(self.tr("No defaults"), role="link")
        cancel = button(self.tr("Cancel"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(label(name, role="name"))
        layout.addWidget(
            label(self.tr("Taken whenever this model is chosen."), role="muted", wrap=True)
        )
        layout.addLayout(form)
        layout.addLayout(row(drop, 1, cancel, keep))
        self.setMinimumWidth(440)
        keep.clicked.connect(self._on_keep)
        drop.clicked.connect(self._on_drop)
        cancel.clicked.connect(self.reject)

    def _on_keep(self) -> None:
        self.chosen.emit(
            ModelDefaults(
                model_id=self._model_id,
                main_device=str(self.main_device.currentText()),
                draft_device=str(self.draft_device.currentText()),
                num_assistant_tokens=self.draft_tokens.value(),
                temperature=self.temperature.value(),
                max_new_tokens=self.token_limit.value(),
            )
        )
        self.accept()

    def _on_drop(self) -> None:
        self.chosen.emit(None)
        self.accept()


def _devices(names: Sequence[str], chosen: str) -> CaptionCombo:
    combo = CaptionCombo("", name="")
    for name in dict.fromkeys((*names, chosen)):
        combo.add_choice(name, short=name, long=name)
    combo.choose(chosen)
    return combo


def _spin(low: int, high: int, value: int) -> CaptionSpin:
    spin = CaptionSpin("", name="")
    spin.setRange(low, high)
    spin.setValue(value)
    return spin
