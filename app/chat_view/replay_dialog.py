"""Plays a finished answer again, verify step by verify step, with a caption for each: for learning.
It shows what was recorded and asks no model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.chat_view.replay import ReplayStep
from app.chat_view.style import Style
from app.core.conversation import Message, MessageState
from app.core.filling import filled
from app.viewmodels.transcript_model import TranscriptModel
from engine.messages import Role

if TYPE_CHECKING:
    from app.chat_view.view import ChatView

STEPS_PER_SECOND = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
USUAL_SPEED = 2
"""Index into STEPS_PER_SECOND."""
_OWN_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Escape)


class ReplayDialog(QDialog):
    """Begins to play at once. Space pauses, Left and Right step, Escape closes."""

    def __init__(
        self, steps: Sequence[ReplayStep], view: ChatView, style: Style, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._steps = steps
        self._shown = 0
        self._model = TranscriptModel(self)
        self._view = view
        self._view.setParent(self)
        self._view.set_model(self._model)
        self._view.set_token_colours(True)
        self.caption = QLabel()
        self.caption.setAccessibleName(self.tr("Step"))
        self.caption.setWordWrap(True)
        self.play = QPushButton()
        self.back = QPushButton(self.tr("Back"))
        self.forward = QPushButton(self.tr("Forward"))
        self.place = self._slider(self.tr("Place in the answer"), len(steps))
        self.speed = self._slider(self.tr("Speed"), len(STEPS_PER_SECOND) - 1)
        self.speed.setValue(USUAL_SPEED)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._next)
        self._build(style)
        self._connect()
        self.show_step(0)
        self.set_playing(True)

    @property
    def is_playing(self) -> bool:
        """Whether steps follow by themselves."""
        return self._timer.isActive()

    @property
    def step(self) -> int:
        """How many steps are shown."""
        return self._shown

    @property
    def text(self) -> str:
        """The text shown so far."""
        return self._model.text(0)

    def set_playing(self, on: bool) -> None:
        """Play or pause; at the end playing begins again."""
        if on and self._shown == len(self._steps):
            self.show_step(0)
        if on:
            self._timer.start(round(1000 / STEPS_PER_SECOND[self.speed.value()]))
        else:
            self._timer.stop()
        self.play.setText(self.tr("Pause") if on else self.tr("Play"))

    def show_step(self, count: int) -> None:
        """Show the first `count` steps."""
        count = min(max(count, 0), len(self._steps))
        if not 0 <= self._shown <= count or not len(self._model):
            waiting = Message(role=Role.ASSISTANT, text="", state=MessageState.STREAMING)
            self._model.replace([waiting])
            self._shown = 0
        for step in self._steps[self._shown : count]:
            self._model.append_text(0, step.text, step.spans)
        self._model.flush()
        self._shown = count
        if count == len(self._steps):
            self._model.set_state(0, MessageState.DONE)
            self.set_playing(False)
        if count:
            self._view.highlight_step(0, self._steps[count - 1].step)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match Qt.Key(event.key()):
            case Qt.Key.Key_Space:
                self.set_playing(not self.is_playing)
            case Qt.Key.Key_Left:
                self._step_by(-1)
            case Qt.Key.Key_Right:
                self._step_by(1)
            case _:
                super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The text has the focus at first, and other uses for these keys."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and Qt.Key(event.key()) in _OWN_KEYS
        ):
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def _next(self) -> None:
        self.show_step(self._shown + 1)

    def _step_by(self, direction: int) -> None:
        self.set_playing(False)
        self.show_step(self._shown + direction)

    def _seek(self, count: int) -> None:
        if count != self._shown:
            self.set_playing(False)
            self.show_step(count)

    def _tell(self) -> None:
        self.place.blockSignals(True)
        self.place.setValue(self._shown)
        self.place.blockSignals(False)
        self.caption.setText(self.describe(self._shown))
        self.back.setEnabled(self._shown > 0)
        self.forward.setEnabled(self._shown < len(self._steps))

    def describe(self, count: int) -> str:
        """What the newest of the first `count` steps did."""
        if not count:
            return self.tr("The prompt has been read; nothing is written yet.")
        step = self._steps[count - 1]
        if step.step == 0:
            return self.tr("Step 0: reading the prompt gave the first token.")
        if step.proposed is None:
            text = self.tr(
                "Step {step}: {accepted} {accepted:proposal|proposals} accepted, {own} by the main "
                "model"
            )
            return filled(text, step=step.step, accepted=step.accepted, own=step.own)
        return filled(
            self.tr(
                "Step {step}: {accepted} of {proposed} {proposed:proposal|proposals} accepted, "
                "{own} by the main model"
            ),
            step=step.step,
            accepted=step.accepted,
            proposed=step.proposed,
            own=step.own,
        )

    def _slider(self, name: str, highest: int) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, highest)
        slider.setAccessibleName(name)
        slider.setToolTip(name)
        return slider

    def _build(self, style: Style) -> None:
        self.setWindowTitle(self.tr("Replay slowly"))
        self.resize(760, 560)
        speed_label = QLabel(self.tr("Speed"))
        speed_label.setBuddy(self.speed)
        self.speed.setMaximumWidth(120)
        controls = QHBoxLayout()
        for widget in (self.play, self.back, self.forward):
            widget.setAutoDefault(False)
            controls.addWidget(widget)
        controls.addWidget(self.place, 1)
        controls.addWidget(speed_label)
        controls.addWidget(self.speed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 16)
        layout.setSpacing(10)
        layout.addWidget(self._view, 1)
        layout.addWidget(self.caption)
        layout.addLayout(controls)
        self.setStyleSheet(_sheet(style))

    def _connect(self) -> None:
        self.play.clicked.connect(lambda: self.set_playing(not self.is_playing))
        self.back.clicked.connect(lambda: self._step_by(-1))
        self.forward.clicked.connect(lambda: self._step_by(1))
        self.place.valueChanged.connect(self._seek)
        self._view.installEventFilter(self)
        self.speed.valueChanged.connect(lambda _: self.set_playing(self.is_playing))


def _sheet(style: Style) -> str:
    """Sliders as they are seen in both themes; the handle shows the focus."""
    palette = style.palette
    return (
        f"ReplayDialog {{ background: {palette.bg} }}"
        f"QSlider::groove:horizontal {{ height: 4px; background: {palette.line};"
        " border-radius: 2px }"
        f"QSlider::sub-page:horizontal {{ background: {palette.accent}; border-radius: 2px }}"
        "QSlider::handle:horizontal { width: 14px; margin: -5px 0; border-radius: 7px;"
        f" background: {palette.accent} }}"
        f"QSlider::handle:horizontal:focus {{ background: {palette.text} }}"
    )
