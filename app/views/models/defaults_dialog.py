"""How a main model is loaded and asked whenever it is chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.core.filling import filled
from app.core.model_text import fit_lines, fit_text, strategy_text
from app.core.preferences import declarations
from app.views.caption_combo import CaptionCombo
from app.views.caption_spin import CaptionSpin
from app.views.labels import label
from app.views.models.parts import FIT_BADGES, badge, button, row
from app.views.optional_spin import OptionalDoubleSpin, OptionalSpin, float_field, int_field
from app.views.step_arrows import WIDTH as ARROWS_WIDTH
from engine.models.fit import FitLabel, FitReport
from engine.models.settings import ModelDefaults
from engine.params import MAX_NEW_TOKENS_LIMIT, MAX_NUM_ASSISTANT_TOKENS
from engine.placement import LEAST_CONTEXT_LIMIT, Strategy

_AS_CHOSEN = ""
_CONTEXT_STEP = 1024
_Number = TypeVar("_Number", OptionalSpin, OptionalDoubleSpin)


class DefaultsDialog(QDialog):
    """Signals: `chosen(ModelDefaults | None)`: new defaults, or none at all;
    `plan_requested(ModelDefaults)`: whoever knows the machine answers with `show_plan`.

    Args:
        context_length: most tokens the model can read and write; None when it does not say.
    """

    chosen = Signal(object)
    plan_requested = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        *,
        name: str,
        devices: Sequence[str],
        defaults: ModelDefaults,
        emulated: Collection[str] = (),
        context_length: int | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("modelsDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Defaults of {model}").format(model=name))
        self._model_id = defaults.model_id
        self._rows: list[tuple[QWidget, QWidget]] = []
        self.strategy = self._strategies(defaults.strategy)
        self.main_device = self._devices(devices, defaults.main_device, emulated)
        self.draft_device = self._devices(devices, defaults.draft_device, emulated)
        self.draft_tokens = _spin(1, MAX_NUM_ASSISTANT_TOKENS, defaults.num_assistant_tokens)
        self.token_limit = _spin(1, MAX_NEW_TOKENS_LIMIT, defaults.max_new_tokens)
        self.context_limit = self._context(context_length, defaults.context_limit)
        self.temperature = _aligned(OptionalDoubleSpin(low=0.0, high=5.0, step=0.1))
        self.temperature.show_optional(defaults.temperature)
        own, known = self.tr("Model\u2019s own"), declarations()
        self.top_p = _aligned(float_field(known["top_p"], unset=own))
        self.top_k = _aligned(int_field(known["top_k"], unset=own))
        self.repetition_penalty = _aligned(float_field(known["repetition_penalty"], unset=own))
        self.top_p.show_optional(defaults.top_p)
        self.top_k.show_optional(defaults.top_k)
        self.repetition_penalty.show_optional(defaults.repetition_penalty)
        self.plan = label("", role="caption", wrap=True)
        self.fit = badge("")
        self.fit.hide()
        self._build(name)
        for combo in (self.strategy, self.main_device, self.draft_device):
            combo.currentIndexChanged.connect(self._ask_for_plan)
        self.context_limit.valueChanged.connect(self._ask_for_plan)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        height = self.strategy.sizeHint().height()  # known now that the style sheet is in force
        for caption, control in self._rows:
            caption.setFixedHeight(height)
            control.setFixedHeight(height)
        self._ask_for_plan()

    @property
    def defaults(self) -> ModelDefaults:
        """What is chosen now."""
        strategy, limit = self.strategy.currentData(), self.context_limit.value()
        return ModelDefaults(
            model_id=self._model_id,
            strategy=Strategy(strategy) if strategy else None,
            main_device=str(self.main_device.currentData()),
            draft_device=str(self.draft_device.currentData()),
            num_assistant_tokens=self.draft_tokens.value(),
            temperature=self.temperature.value(),
            top_p=self.top_p.optional(),
            top_k=self.top_k.optional(),
            repetition_penalty=self.repetition_penalty.optional(),
            max_new_tokens=self.token_limit.value(),
            context_limit=max(limit, LEAST_CONTEXT_LIMIT) if limit else None,
        )

    def show_plan(self, report: FitReport) -> None:
        """Say what the models would need with these defaults."""
        translate = QCoreApplication.translate
        self.plan.setText("\n".join(fit_lines(report, translate)))
        self.fit.setText(fit_text(report.label, translate))
        self.fit.setProperty("badge", FIT_BADGES[report.label])
        self.fit.style().unpolish(self.fit)
        self.fit.style().polish(self.fit)
        self.fit.setVisible(report.label is not FitLabel.UNKNOWN)

    def _strategies(self, chosen: Strategy | None) -> CaptionCombo:
        combo = CaptionCombo("", name="")
        choices = [(_AS_CHOSEN, self.tr("As chosen with the pair"))]
        choices += [(str(s), strategy_text(s, QCoreApplication.translate)) for s in Strategy]
        for data, text in choices:
            combo.add_choice(data, short=text, long=text)
        combo.choose(chosen or _AS_CHOSEN)
        return combo

    def _devices(
        self, names: Sequence[str], chosen: str, emulated: Collection[str]
    ) -> CaptionCombo:
        combo = CaptionCombo("", name="")
        for name in dict.fromkeys((*names, chosen)):
            text = name
            if name in emulated:
                text = self.tr("{device} (emulated)").format(device=name)
            combo.add_choice(name, short=text, long=text)
        combo.choose(chosen)
        return combo

    def _context(self, own: int | None, chosen: int | None) -> QSpinBox:
        """0 stands for no limit: what the model can."""
        spin = _spin(0, max(own or MAX_NEW_TOKENS_LIMIT, LEAST_CONTEXT_LIMIT), chosen or 0)
        spin.setSingleStep(_CONTEXT_STEP)
        text = self.tr("What the model can")
        if own is not None:
            text = filled(self.tr("All {count} of the model"), count=own)
        spin.setSpecialValueText(text)
        return spin

    def _build(self, name: str) -> None:
        form = QFormLayout()
        form.setSpacing(8)
        for text, control in (
            (self.tr("Strategy"), self.strategy),
            (self.tr("Device of the main model"), self.main_device),
            (self.tr("Device of the draft model"), self.draft_device),
            (self.tr("Assistant tokens"), self.draft_tokens),
            (self.tr("Context limit in tokens"), self.context_limit),
            (self.tr("Temperature"), self.temperature),
            (self.tr("Top p"), self.top_p),
            (self.tr("Top k"), self.top_k),
            (self.tr("Repetition penalty"), self.repetition_penalty),
            (self.tr("Token limit of an answer"), self.token_limit),
        ):
            control.setAccessibleName(text)
            caption = label(text)
            caption.setBuddy(control)
            self._rows.append((caption, control))
            form.addRow(caption, control)
        keep = button(self.tr("Keep"), role="primary")
        drop = button(self.tr("No defaults"), role="link")
        cancel = button(self.tr("Cancel"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(label(name, role="name"))
        explanation = self.tr("Taken whenever this model is chosen, and at once if it is in use.")
        layout.addWidget(label(explanation, role="muted", wrap=True))
        layout.addLayout(form)
        layout.addLayout(row(self.fit, 1))
        layout.addWidget(self.plan)
        layout.addLayout(row(drop, 1, cancel, keep))
        self.setMinimumWidth(460)
        keep.clicked.connect(self._on_keep)
        drop.clicked.connect(self._on_drop)
        cancel.clicked.connect(self.reject)

    def _ask_for_plan(self) -> None:
        self.plan_requested.emit(self.defaults)

    def _on_keep(self) -> None:
        self.chosen.emit(self.defaults)
        self.accept()

    def _on_drop(self) -> None:
        self.chosen.emit(None)
        self.accept()


def _aligned(spin: _Number) -> _Number:
    """The number under those of the other fields."""
    spin.setAlignment(Qt.AlignmentFlag.AlignRight)
    spin.lineEdit().setTextMargins(0, 0, ARROWS_WIDTH - 8, 0)
    return spin


def _spin(low: int, high: int, value: int) -> CaptionSpin:
    spin = CaptionSpin("", name="")
    spin.setRange(low, high)
    spin.setValue(value)
    return spin
