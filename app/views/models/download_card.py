"""One download: how far it is, how fast, why it waits, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QProgressBar

from app.core.filling import filled
from app.core.formatting import size
from app.core.hub_text import asks_for_token, hub_error_text, page_of, phase_text, state_text
from app.core.model_text import percent, remaining_text, speed_text
from app.icons import icon
from app.palette import Palette
from app.viewmodels.download_rows import DownloadRow
from app.views.labels import ElidedLabel, icon_button, label
from app.views.models.parts import Card, badge, button, joined, row
from engine.hub.events import TransferPhase, TransferState

translate = QCoreApplication.translate
_OLD_DAYS = 30.0


class DownloadCard(Card):
    """Signals: `resume_requested()`, `pause_requested()`, `cancel_requested()`,
    `earlier_requested()`, `token_requested()`, `page_requested(str)` with an address.
    """

    resume_requested = Signal()
    pause_requested = Signal()
    cancel_requested = Signal()
    earlier_requested = Signal()
    token_requested = Signal()
    page_requested = Signal(str)

    def __init__(self, entry: DownloadRow, palette: Palette) -> None:
        super().__init__(name=entry.name)
        self._palette = palette
        self.operation_id = entry.operation_id
        self.title = ElidedLabel(role="name")
        self.state = badge("")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(self.tr("Progress of {model}").format(model=entry.name))
        self.numbers = label("", role="caption")
        self.fault = label("", wrap=True)
        self.earlier = icon_button(self.tr("Move {model} up").format(model=entry.name))
        self.go = icon_button(self.tr("Resume {model}").format(model=entry.name))
        self.pause = icon_button(self.tr("Pause {model}").format(model=entry.name))
        self.cancel = icon_button(self.tr("Cancel {model}").format(model=entry.name))
        for control, name in (
            (self.earlier, "arrow-up"), (self.go, "play"), (self.pause, "pause"),
            (self.cancel, "x"),
        ):  # fmt: skip
            control.setIcon(icon(name, palette.muted))
        head = row(self.title, self.state, self.earlier, self.go, self.pause, self.cancel)
        head.setStretchFactor(self.title, 1)
        self.column.addLayout(head)
        self.column.addWidget(self.bar)
        self.column.addWidget(self.numbers)
        self.column.addWidget(self.fault)
        self.token = button(self.tr("Enter a token\u2026"))
        self.terms = button(self.tr("Open its page"), role="link")
        self.column.addLayout(row(self.terms, self.token, 1))
        self._page = ""
        self.token.clicked.connect(self.token_requested)
        self.terms.clicked.connect(lambda: self.page_requested.emit(self._page))
        self.go.clicked.connect(self.resume_requested)
        self.pause.clicked.connect(self.pause_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.earlier.clicked.connect(self.earlier_requested)
        self.show_row(entry)

    def show_row(self, entry: DownloadRow) -> None:
        """Show the download as it stands now."""
        state = entry.state
        self.title.show_text(entry.model_id)
        self.state.setText(self._state(entry))
        self._tint(state)
        share = entry.bytes_done * 1000 // entry.bytes_total if entry.bytes_total else 0
        self.bar.setValue(share)
        self.numbers.setText(self._numbers(entry))
        self.fault.setText(hub_error_text(entry.error, translate) if entry.error else "")
        self.fault.setVisible(entry.error is not None)
        self.token.setVisible(entry.error is not None and asks_for_token(entry.error))
        self._page = (page_of(entry.error) if entry.error else None) or ""
        self.terms.setVisible(bool(self._page))
        stopped = state in (TransferState.PAUSED, TransferState.FAILED)
        self.go.setVisible(stopped and not entry.is_damaged)
        self.pause.setVisible(state in (TransferState.ACTIVE, TransferState.QUEUED))
        self.earlier.setVisible(state is TransferState.QUEUED)
        done = state is TransferState.FINISHED
        self.cancel.setToolTip(
            self.tr("Remove from this list") if done else self.tr("Cancel and delete what arrived")
        )

    def _state(self, entry: DownloadRow) -> str:
        if entry.state is not TransferState.ACTIVE:
            return state_text(entry.state, translate)
        return phase_text(
            entry.phase, translate, wait=entry.wait_reason, retry_in_s=entry.retry_in_s
        )

    def _tint(self, state: TransferState) -> None:
        kinds = {
            TransferState.ACTIVE: "accent", TransferState.FAILED: "error",
            TransferState.FINISHED: "ok",
        }  # fmt: skip
        kind = kinds.get(state, "plain")
        if self.state.property("badge") != kind:
            self.state.setProperty("badge", kind)
            self.state.style().unpolish(self.state)
            self.state.style().polish(self.state)

    def _numbers(self, entry: DownloadRow) -> str:
        if not entry.bytes_total:
            return self.tr("Size not known yet")
        amount = self.tr("{done} of {total}  ({percent} %)").format(
            done=size(entry.bytes_done), total=size(entry.bytes_total),
            percent=percent(entry.bytes_done, entry.bytes_total),
        )  # fmt: skip
        is_moving = (
            entry.state is TransferState.ACTIVE
            and entry.phase is TransferPhase.DOWNLOADING
            and entry.wait_reason is None
        )
        left = remaining_text(entry.remaining_s)
        is_old = entry.age_days > _OLD_DAYS and entry.state is TransferState.PAUSED
        untouched = self.tr("untouched for {days} {days:day|days}")
        return joined(
            amount,
            speed_text(entry.speed_bytes_per_s) if is_moving else None,
            self.tr("{time} left").format(time=left) if is_moving and entry.remaining_s else None,
            filled(untouched, days=int(entry.age_days)) if is_old else None,
        )
