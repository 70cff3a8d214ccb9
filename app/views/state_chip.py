"""A small sign of what the engine is doing: a dot, a few words, the time a load has taken."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.core.formatting import duration
from app.icons import icon
from app.palette import LIGHT, Palette
from app.views.labels import icon_button, label
from engine.events import LoadedPipeline, LoadPhase
from engine.state import SessionState

_TICK_MS = 100
_SHOW_CANCEL_MS = 2000
_HEIGHT_PX = 20
_DOT_PX = 8


class Dot(QWidget):
    """A filled circle."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_DOT_PX, _DOT_PX)
        self.colour = LIGHT.muted

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.colour))
            painter.drawEllipse(self.rect())
        finally:
            painter.end()


class StateChip(QFrame):
    """Follows the session; `cancel_requested()` while loading, `load_requested()` otherwise."""

    cancel_requested = Signal()
    load_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stateChip")
        self.setFixedHeight(_HEIGHT_PX)
        self._state = SessionState.IDLE
        self._phase: LoadPhase | None = None
        self._palette = LIGHT
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._refresh)
        self._dot = Dot()
        self.text = label("", role="caption")
        self.button = icon_button("")
        self.button.setProperty("role", "tiny")
        self.button.setIconSize(QSize(12, 12))
        self.button.setFixedSize(20, 20)
        self.button.clicked.connect(self._on_button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._dot)
        layout.addWidget(self.text)
        layout.addWidget(self.button)
        layout.addStretch(1)
        self._refresh()

    def set_text_scale(self, scale: float) -> None:
        """Follow the size of text."""
        self.setFixedHeight(round(_HEIGHT_PX * max(1.0, scale)))

    def set_state(self, state: SessionState) -> None:
        """Show another state; the time of a load counts from here."""
        if state is SessionState.LOADING and self._state is not SessionState.LOADING:
            self._phase = None
            self._clock.start()
            self._timer.start()
        elif state is not SessionState.LOADING:
            self._timer.stop()
        self._state = state
        self._refresh()

    def set_phase(self, phase: LoadPhase) -> None:
        """Show what a load is doing."""
        self._phase = phase
        self._refresh()

    def set_pipeline(self, pipeline: LoadedPipeline) -> None:
        """Tell in the tooltip what was really built."""
        lines = [
            self.tr("Loaded in {time}").format(time=duration(pipeline.load_s)),
            self.tr("Main model on {device}").format(device=pipeline.actual_main_device),
        ]
        if pipeline.actual_draft_device is not None:
            lines.append(
                self.tr("Draft model on {device}").format(device=pipeline.actual_draft_device)
            )
        lines += [f"{device}: {name} = {value}" for device, name, value in pipeline.spec.changes]
        self.setToolTip("\n".join(lines))

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self._refresh()

    def _refresh(self) -> None:
        text = self._state_text()
        if self._state is SessionState.LOADING:
            text = f"{text}  {duration(self._clock.elapsed() / 1000)}"
        self.text.setText(text)
        self.setAccessibleName(self.tr("Engine: {state}").format(state=text))
        self._dot.colour = self._colour()
        self._dot.update()
        self._refresh_button()

    def _refresh_button(self) -> None:
        loading = self._state is SessionState.LOADING
        stopped = self._state in (SessionState.IDLE, SessionState.FAILED)
        shown = stopped or (loading and self._clock.elapsed() > _SHOW_CANCEL_MS)
        self.button.setVisible(shown)
        if not shown:
            return
        name = self.tr("Cancel loading") if loading else self.tr("Load the models")
        if name != self.button.accessibleName():
            self.button.setAccessibleName(name)
            self.button.setToolTip(name)
        self.button.setIcon(icon("x" if loading else "refresh-cw", self._palette.muted))

    def _on_button(self) -> None:
        if self._state is SessionState.LOADING:
            self.cancel_requested.emit()
        else:
            self.load_requested.emit()

    def _colour(self) -> str:
        palette = self._palette
        return {
            SessionState.READY: palette.ok,
            SessionState.LOADING: palette.warn,
            SessionState.GENERATING: palette.accent,
            SessionState.STOPPING: palette.warn,
            SessionState.FAILED: palette.error,
            SessionState.IDLE: palette.muted,
        }[self._state]

    def _state_text(self) -> str:
        if self._state is SessionState.LOADING and self._phase is not None:
            return self._phase_text(self._phase)
        return {
            SessionState.IDLE: self.tr("No model loaded"),
            SessionState.LOADING: self.tr("Loading"),
            SessionState.READY: self.tr("Ready"),
            SessionState.GENERATING: self.tr("Answering"),
            SessionState.STOPPING: self.tr("Stopping"),
            SessionState.FAILED: self.tr("Not loaded"),
        }[self._state]

    def _phase_text(self, phase: LoadPhase) -> str:
        return {
            LoadPhase.STARTING_ENGINE: self.tr("Starting the engine"),
            LoadPhase.CHECKING: self.tr("Checking the models"),
            LoadPhase.COMPILING_DRAFT: self.tr("Preparing the draft model"),
            LoadPhase.COMPILING_MAIN: self.tr("Preparing the main model"),
            LoadPhase.READING_TEMPLATE: self.tr("Reading the chat template"),
            LoadPhase.WARMING_UP: self.tr("Warming up"),
        }[phase]
