"""Catches what nothing else caught: hooks, a rotating log, a file for fatal faults. No Qt here.

Logs hold no prompts and no answers: only codes, sizes and tracebacks.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio

    from PySide6.QtCore import QMessageLogContext, QtMsgType

_LOG = logging.getLogger("slipstream.fault")
_LOG_BYTES = 1_000_000
_LOG_FILES = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class CrashGuard:
    """Installs the hooks of the window's process.

    Guarantees: every unexpected fault is logged and counted; `on_fault(report)` is called for it
    on the faulting thread. Hazard: process-wide, so one per process; `uninstall` undoes all.
    """

    def __init__(self, logs: Path) -> None:
        self.fault_count = 0
        self.on_fault: Callable[[str], None] | None = None
        self.previous_crash: str | None = None
        """What faulthandler wrote when the last run died, or None."""
        self._logs = logs
        self._fatal_file: IO[str] | None = None
        self._handlers: list[logging.Handler] = []

    @property
    def log_file(self) -> Path:
        """Where this process logs."""
        return self._logs / "app.log"

    def install(self) -> None:
        """Open the log and set the hooks."""
        self._open_log()
        self._open_fatal_file()
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable

    def install_qt(self) -> None:
        """Send Qt's own messages to the log; call once Qt is there."""
        from PySide6.QtCore import qInstallMessageHandler

        qInstallMessageHandler(_log_qt_message)

    def install_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Catch faults of tasks nobody waits for."""
        loop.set_exception_handler(self._on_loop_fault)

    def uninstall(self) -> None:
        """Give everything back; the log is closed."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        for handler in self._handlers:
            logging.getLogger().removeHandler(handler)
            handler.close()
        self._handlers.clear()
        if self._fatal_file is not None:
            faulthandler.disable()
            self._fatal_file.close()
            self._fatal_file = None

    def report(self, text: str) -> None:
        """Log and count an unexpected fault. Thread-safe."""
        self.fault_count += 1
        _LOG.error("%s", text)
        if self.on_fault is not None:
            self.on_fault(text)

    def _open_log(self) -> None:
        file = RotatingFileHandler(
            self.log_file, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8"
        )
        file.setLevel(logging.INFO)
        self._handlers.append(file)
        if sys.stderr is not None:  # a windowed program of Windows has none
            console = logging.StreamHandler(sys.stderr)
            console.setLevel(logging.ERROR)
            self._handlers.append(console)
        root = logging.getLogger()
        root.setLevel(logging.INFO)
        for handler in self._handlers:
            handler.setFormatter(logging.Formatter(_FORMAT))
            root.addHandler(handler)

    def _open_fatal_file(self) -> None:
        path = self._logs / "app-fatal.txt"
        try:
            self.previous_crash = path.read_text(encoding="utf-8", errors="replace") or None
        except OSError:
            self.previous_crash = None
        if self.previous_crash:
            _LOG.warning("the last run died: %s", self.previous_crash.splitlines()[0])
        self._fatal_file = path.open("w", encoding="utf-8")
        faulthandler.enable(self._fatal_file)

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self.report("".join(traceback.format_exception(kind, error, trace)))

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            name = arguments.thread.name if arguments.thread else "?"
            text = "".join(traceback.format_exception(arguments.exc_value))
            self.report(f"In thread {name}:\n{text}")

    def _on_unraisable(self, fault: Any) -> None:
        text = "".join(traceback.format_exception(fault.exc_value)) if fault.exc_value else ""
        self.report(f"{fault.err_msg or 'Unraisable exception'}: {fault.object!r}\n{text}")

    def _on_loop_fault(self, loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        del loop
        error = context.get("exception")
        text = "".join(traceback.format_exception(error)) if error else ""
        self.report(f"{context.get('message', 'Fault in a task')}\n{text}")


def _log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    from PySide6.QtCore import QtMsgType

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }
    category = context.category or "default"
    logging.getLogger(f"qt.{category}").log(levels.get(kind, logging.WARNING), "%s", message)
