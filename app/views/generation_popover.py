"""A small window above the composer: temperature, token limit, system prompt."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QPainterPath, QRegion, QResizeEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.core.preferences import Preferences, declarations
from app.core.translation import Translate
from app.views.labels import label
from app.views.step_arrows import StepArrows

_WIDTH = 340
_FIELD_WIDTH = 120
_RADIUS = 12
_TYPING_PAUSE_MS = 300
_HIGHEST_TEMPERATURE = 2.0
_HIGHEST_TOKEN_LIMIT = 32_768


class GenerationPopover(QFrame):
    """Shows preferences and reports each change as `changed(key, value)`."""

    changed = Signal(str, object)

    def __init__(self, translate: Translate, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("popover")
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName(self.tr("Generation settings"))
        self._translate = translate
        self.temperature = QDoubleSpinBox()
        self.temperature.setRange(0.0, _HIGHEST_TEMPERATURE)
        self.temperature.setSingleStep(0.1)
        self.temperature.setDecimals(2)
        self.max_new_tokens = QSpinBox()
        self.max_new_tokens.setRange(1, _HIGHEST_TOKEN_LIMIT)
        self.max_new_tokens.setSingleStep(64)
        for spin in (self.temperature, self.max_new_tokens):
            spin.setFixedWidth(_FIELD_WIDTH)
            spin.lineEdit().setTextMargins(8, 0, 0, 0)
            StepArrows(spin)
        self.system_prompt = QPlainTextEdit()
        self.system_prompt.setTabChangesFocus(True)
        self.system_prompt.setFixedHeight(96)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_PAUSE_MS)
        self._build()
        self._connect()

    def show_preferences(self, preferences: Preferences) -> None:
        """Show values without reporting them as changes."""
        with QSignalBlocker(self.temperature), QSignalBlocker(self.max_new_tokens):
            self.temperature.setValue(preferences.temperature)
            self.max_new_tokens.setValue(preferences.max_new_tokens)
        if self.system_prompt.toPlainText() != preferences.system_prompt:
            with QSignalBlocker(self.system_prompt):
                self.system_prompt.setPlainText(preferences.system_prompt)

    def open_above(self, anchor: QWidget) -> None:
        """Open with the lower left corner above `anchor`."""
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(0, -8))
        self.move(corner.x(), corner.y() - self.height())
        self.show()
        self.temperature.setFocus(Qt.FocusReason.PopupFocusReason)

    def hideEvent(self, event: object) -> None:
        self._report_prompt()
        super().hideEvent(event)  # type: ignore[arg-type]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        self.setMask(QRegion(path.toFillPolygon().toPolygon()))

    def _build(self) -> None:
        form = QGridLayout()
        form.setSpacing(10)
        form.setColumnStretch(0, 1)
        self._add_row(form, "temperature", self.temperature)
        self._add_row(form, "max_new_tokens", self.max_new_tokens)
        hint = self.tr("With a draft model, a temperature above 0 loads the models once more.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 16)
        layout.setSpacing(10)
        layout.addWidget(label(self.tr("Generation settings"), role="strong"))
        layout.addLayout(form)
        layout.addWidget(label(hint, role="caption", wrap=True))
        layout.addWidget(label(self._label_of("system_prompt"), role="muted"))
        layout.addWidget(self.system_prompt)
        self._describe("system_prompt", self.system_prompt)

    def _add_row(self, form: QGridLayout, key: str, field: QWidget) -> None:
        self._describe(key, field)
        caption = label(self._label_of(key), role="muted")
        caption.setToolTip(field.toolTip())
        row = form.rowCount()
        form.addWidget(caption, row, 0)
        form.addWidget(field, row, 1)

    def _describe(self, key: str, field: QWidget) -> None:
        field.setAccessibleName(self._label_of(key))
        field.setToolTip(self._translate("Preferences", declarations()[key].explanation))

    def _label_of(self, key: str) -> str:
        return self._translate("Preferences", declarations()[key].label)

    def _connect(self) -> None:
        self.temperature.valueChanged.connect(lambda value: self.changed.emit("temperature", value))
        self.max_new_tokens.valueChanged.connect(
            lambda value: self.changed.emit("max_new_tokens", value)
        )
        self.system_prompt.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._report_prompt)

    def _report_prompt(self) -> None:
        self._typing.stop()
        self.changed.emit("system_prompt", self.system_prompt.toPlainText())
