"""Carries out --ask, --screenshot and --quit in the real window: ask, wait, take a picture."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmap

from app.controllers.chat_controller import ChatController
from app.controllers.load_controller import LoadController
from engine.errors import ErrorInfo
from engine.metrics.report import GenerationReport

_LOG = logging.getLogger(__name__)
_SETTLE_MS = 300


class AskController(QObject):
    """`done(exit_code)` once: 0 when everything asked for was done, 1 after any error."""

    done = Signal(int)

    def __init__(
        self,
        chat: ChatController,
        loads: LoadController,
        *,
        grab: Callable[[], QPixmap],
        screenshot: Path | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self._loads = loads
        self._grab = grab
        self._screenshot = screenshot
        self._is_done = False
        loads.failed.connect(self._fail)
        chat.failed.connect(self._fail)

    def run(self, text: str | None) -> None:
        """Ask `text`, or without one wait until the models are loaded."""
        if text is None:
            self._loads.ready_changed.connect(self._on_ready)
            self._on_ready(self._loads.is_ready)
            return
        self._chat.answered.connect(self._on_answered)
        if not self._chat.send(text):
            self._end("the text of --ask is empty")

    def _on_ready(self, ready: bool) -> None:
        if ready:
            QTimer.singleShot(_SETTLE_MS, self._finish)

    def _on_answered(self, report: GenerationReport) -> None:
        if report.token_count == 0:
            self._end("the answer is empty")
        else:
            QTimer.singleShot(_SETTLE_MS, self._finish)

    def _finish(self) -> None:
        if self._screenshot is not None and not self._grab().save(str(self._screenshot)):
            self._end(f"{self._screenshot} could not be written")
        else:
            self._end(None)

    def _fail(self, error: ErrorInfo) -> None:
        self._end(f"{error.code}: {error.message}")

    def _end(self, problem: str | None) -> None:
        if self._is_done:
            return
        self._is_done = True
        if problem is not None:
            _LOG.error("%s", problem)
        self.done.emit(0 if problem is None else 1)
