"""Files the engine process leaves behind: its standard error, size limited, and crash traces."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import threading
import time
from pathlib import Path
from typing import IO

LOG_NAME = "engine.log"
LOG_BYTES = 1024 * 1024
LOG_FILES = 5
CRASH_FILES_KEPT = 5
_LINE_BYTES = 16 * 1024


class EngineLog:
    """A folder with a rotating log (5 files of 1 MB) and the newest crash traces.

    Args:
        folder: made when missing.
        log_bytes: most bytes of one file.
    """

    def __init__(self, folder: Path, *, log_bytes: int = LOG_BYTES) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._handler = logging.handlers.RotatingFileHandler(
            folder / LOG_NAME,
            maxBytes=log_bytes,
            backupCount=LOG_FILES - 1,
            encoding="utf-8",
            errors="replace",
            delay=True,
        )

    def new_crash_file(self) -> Path:
        """Choose a file for the trace of the next process, and drop the oldest ones."""
        old = sorted(self._folder.glob("engine-crash-*.txt"))
        for path in old[: max(0, len(old) - CRASH_FILES_KEPT + 1)]:
            with contextlib.suppress(OSError):  # Windows deletes no file that a process has open
                path.unlink()
        return self._folder / f"engine-crash-{time.time_ns():020d}.txt"

    def follow(self, stream: IO[bytes]) -> threading.Thread:
        """Copy a stream into the log until it ends, on a thread of its own."""
        thread = threading.Thread(
            target=self._copy, args=(stream,), name="engine-stderr", daemon=True
        )
        thread.start()
        return thread

    def close(self) -> None:
        """Close the log file. It opens again when something is written."""
        self._handler.close()

    def _copy(self, stream: IO[bytes]) -> None:
        with stream:
            while line := stream.readline(_LINE_BYTES):
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                self._handler.handle(logging.makeLogRecord({"msg": text}))


def keep_if_written(crash_file: Path) -> str | None:
    """Return the crash file as text when it has a trace; remove it when it is empty."""
    with contextlib.suppress(OSError):  # gone, or still held by a process that is being ended
        if crash_file.stat().st_size:
            return str(crash_file)
        crash_file.unlink()
    return None
