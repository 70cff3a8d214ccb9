"""The race: recorded answers of several placements replayed side by side at the same time."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from app.core.formatting import duration
from app.icons import ICON_PX, icon
from app.palette import LIGHT, Palette
from app.viewmodels.lab_race import RaceLane, race_length_s
from app.views.caption_combo import CaptionCombo
from app.views.flow_layout import FlowLayout
from app.views.lab.race_lane_view import RaceLaneView
from app.views.labels import label
from app.views.models.parts import BAR_WIDTH, button, clear, row

TICK_MS = 33
MOST_LANES = 4
_SLIDER_STEPS = 1000
_SPEEDS = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
_WATCHABLE_S = 4.0
"""A replay that is over sooner shows nothing to an eye."""


class RaceTab(QWidget):
    """`prompt_chosen(key)`, `lane_toggled(key, wanted)`. Space plays and pauses."""

    prompt_chosen = Signal(str)
    lane_toggled = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lanes: list[RaceLaneView] = []
        self._palette = LIGHT
        self._length_s = 0.0
        self._moment_s = 0.0
        self._ticked_s = 0.0
        self._is_speed_chosen = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self.prompts = CaptionCombo(self.tr("Prompt"), name=self.tr("Prompt of the race"))
        self.speed = CaptionCombo(self.tr("Speed"), name=self.tr("Speed of the replay"))
        self.play = button(self.tr("Play"), role="primary")
        self.restart = button(self.tr("From the start"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.clock = label("", role="muted")
        self.empty = label(
            self.tr("Compare placements first; then their answers can race here."), role="lead"
        )
        self.chips = FlowLayout()
        self._lane_row = QHBoxLayout()
        self._build()
        self._timer.timeout.connect(self._on_tick)
        self.play.clicked.connect(self._on_play)
        self.restart.clicked.connect(self._on_restart)
        self.slider.sliderMoved.connect(self._on_slider)
        self.slider.actionTriggered.connect(lambda _: self._on_slider(self.slider.sliderPosition()))
        self.speed.activated.connect(lambda _: self._on_speed())
        self.prompts.activated.connect(
            lambda _: self.prompt_chosen.emit(str(self.prompts.currentData()))
        )

    @property
    def moment_s(self) -> float:
        """Where the replay stands, in seconds after the question."""
        return self._moment_s

    @property
    def is_playing(self) -> bool:
        """Whether time runs."""
        return self._timer.isActive()

    def show_prompts(self, prompts: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer the prompts that can be raced: (key, text)."""
        self.prompts.clear()
        for key, text in prompts:
            short = text if len(text) <= 40 else f"{text[:39]}\u2026"
            self.prompts.add_choice(key, short=short, long=text)
        if prompts:
            self.prompts.choose(chosen)
        self._show_tools(bool(prompts))

    def show_chips(self, cells: Sequence[tuple[str, str, bool]]) -> None:
        """Offer the cells: (key, name, takes part)."""
        clear(self.chips)
        self.chips.invalidate()
        taken = sum(part for _, _, part in cells)
        for key, name, part in cells:
            chip = QPushButton(name)
            chip.setProperty("role", "chip")
            chip.setAccessibleName(name)
            chip.setCheckable(True)
            chip.setChecked(part)
            chip.setEnabled(part or taken < MOST_LANES)
            chip.clicked.connect(lambda on, key=key: self.lane_toggled.emit(key, on))
            self.chips.addWidget(chip)

    def show_lanes(self, lanes: Sequence[tuple[str, RaceLane]]) -> None:
        """Show how these ended, ready to be played: (name, lane)."""
        self.pause()
        clear(self._lane_row)
        self.lanes = [RaceLaneView(lane, name) for name, lane in lanes]
        for view in self.lanes:
            view.apply_palette(self._palette)
            self._lane_row.addWidget(view, 1)
        self._length_s = race_length_s([lane for _, lane in lanes])
        if not self._is_speed_chosen:
            self.speed.choose(_watchable_speed(self._length_s))
        self.seek(self._length_s)

    def start(self) -> None:
        """Let time run; from the start when the race is over."""
        if not self.lanes:
            return
        if self._moment_s >= self._length_s:
            self.seek(0.0)
        self._ticked_s = time.monotonic()
        self._timer.start()
        self._show_play()

    def pause(self) -> None:
        """Hold time."""
        self._timer.stop()
        self._show_play()

    def seek(self, moment_s: float) -> None:
        """Show the race at a moment."""
        self._moment_s = min(max(0.0, moment_s), self._length_s)
        for view in self.lanes:
            view.show_moment(self._moment_s)
        self._mark_winner()
        share = self._moment_s / self._length_s if self._length_s else 0.0
        self.slider.setValue(round(share * _SLIDER_STEPS))
        self.clock.setText(f"{duration(self._moment_s)} / {duration(self._length_s)}")

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        for view in self.lanes:
            view.apply_palette(palette)
        self._show_play()

    def hideEvent(self, event: object) -> None:
        self.pause()
        super().hideEvent(event)  # type: ignore[arg-type]

    def _mark_winner(self) -> None:
        done = [v for v in self.lanes if v.lane.duration_s <= self._moment_s]
        first = min(done, key=lambda view: view.lane.duration_s, default=None)
        for view in self.lanes:
            view.show_won(view is first)

    def _on_tick(self) -> None:
        now_s = time.monotonic()
        elapsed_s, self._ticked_s = now_s - self._ticked_s, now_s
        self.seek(self._moment_s + elapsed_s * float(self.speed.currentData()))
        if self._moment_s >= self._length_s:
            self.pause()

    def _on_play(self) -> None:
        if self.is_playing:
            self.pause()
        else:
            self.start()

    def _on_speed(self) -> None:
        self._is_speed_chosen = True

    def _on_restart(self) -> None:
        self.seek(0.0)

    def _on_slider(self, position: int) -> None:
        self.seek(self._length_s * position / _SLIDER_STEPS)

    def _show_play(self) -> None:
        playing = self.is_playing
        text = self.tr("Pause") if playing else self.tr("Play")
        self.play.setText(f" {text}")  # room between icon and text
        self.play.setAccessibleName(text)
        self.play.setIcon(icon("pause" if playing else "play", self._palette.on_accent))
        self.play.setIconSize(QSize(ICON_PX - 4, ICON_PX - 4))

    def _show_tools(self, shown: bool) -> None:
        self.empty.setVisible(not shown)
        for widget in (self.prompts, self.speed, self.play, self.restart, self.slider, self.clock):
            widget.setVisible(shown)

    def _build(self) -> None:
        for factor in _SPEEDS:
            text = f"{factor:g}\u00d7"
            self.speed.add_choice(str(factor), short=text, long=text)
        self.speed.choose(_watchable_speed(_WATCHABLE_S))
        self.slider.setRange(0, _SLIDER_STEPS)
        self.slider.setAccessibleName(self.tr("Time of the race"))
        self.play.setShortcut("Space")
        self._lane_row.setSpacing(10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 4, 24 + BAR_WIDTH, 20)
        layout.setSpacing(10)
        layout.addWidget(self.empty)
        layout.addLayout(row(self.prompts, self.speed, 1))
        layout.addLayout(self.chips)
        layout.addLayout(row(self.play, self.restart, self.slider, self.clock))
        layout.addLayout(self._lane_row, 1)
        self._show_tools(False)


def _watchable_speed(length_s: float) -> str:
    """The highest speed, at most the real one, at which a race of that length can be watched."""
    possible = [speed for speed in _SPEEDS if speed <= min(1.0, length_s / _WATCHABLE_S)]
    return str(max(possible, default=min(_SPEEDS)))
