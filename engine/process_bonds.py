"""Ties the engine process to its parent, so that neither a crash nor a kill leaves one behind."""

from __future__ import annotations

import ctypes
import logging
import signal
import sys
from contextlib import suppress
from pathlib import Path

_log = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_OOM_SCORE_ADJ = 500
_KILL_ON_JOB_CLOSE = 0x2000
_EXTENDED_LIMIT_INFORMATION = 9
_EXTENDED_LIMIT_BYTES = 144
_LIMIT_FLAGS_OFFSET = 16


def follow_parent_into_death() -> None:
    """In the child, on Linux: be killed when the thread of the parent that made us ends.

    It covers what the end of standard input cannot: a native call that holds the interpreter.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
            _log.info("prctl failed: %d", ctypes.get_errno())


def offer_to_oom_killer() -> None:
    """In the child, on Linux: out of memory, the engine dies and the window survives."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(_OOM_SCORE_ADJ), encoding="ascii")


class JobObject:
    """On Windows: children in this job die when its last handle closes, that is with this process.

    Elsewhere it does nothing. Hazard: never close the handle while the engine should live.
    """

    def __init__(self) -> None:
        if sys.platform == "win32":
            self._handle = _create_job()

    def adopt(self, process_handle: int) -> None:
        """Put a child process into the job."""
        if sys.platform == "win32" and self._handle:
            kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel32.AssignProcessToJobObject.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
            if not kernel32.AssignProcessToJobObject(self._handle, process_handle):
                _log.info("AssignProcessToJobObject failed: %d", ctypes.get_last_error())


if sys.platform == "win32":

    def _create_job() -> int | None:
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel32.CreateJobObjectW.restype = ctypes.c_void_p
        kernel32.CreateJobObjectW.argtypes = [ctypes.c_void_p, ctypes.c_wchar_p]
        kernel32.SetInformationJobObject.argtypes = [
            ctypes.c_void_p,
            ctypes.c_int,
            ctypes.c_void_p,
            ctypes.c_uint32,
        ]
        handle: int | None = kernel32.CreateJobObjectW(None, None)
        # JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64-bit Windows; only LimitFlags is set.
        limits = (ctypes.c_byte * _EXTENDED_LIMIT_BYTES)()
        ctypes.c_uint32.from_buffer(limits, _LIMIT_FLAGS_OFFSET).value = _KILL_ON_JOB_CLOSE
        if handle and not kernel32.SetInformationJobObject(
            handle, _EXTENDED_LIMIT_INFORMATION, limits, _EXTENDED_LIMIT_BYTES
        ):
            _log.info("SetInformationJobObject failed: %d", ctypes.get_last_error())
        return handle
