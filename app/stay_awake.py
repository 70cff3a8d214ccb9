"""Asks the system not to go to sleep by itself. No Qt, no text for people."""

from __future__ import annotations

import contextlib
import logging
import shutil
import subprocess
import sys
from typing import Protocol

_LOG = logging.getLogger(__name__)
_END_S = 2.0
_CONTINUOUS, _SYSTEM_REQUIRED = 0x80000000, 0x1
"""As Windows numbers them: until further notice; no sleep of the system, the screen may go dark."""


class Inhibitor(Protocol):
    """Keeps the system awake between `hold` and `release`; both may be called twice."""

    def hold(self, reason: str) -> bool:
        """Keep the system awake from now on. False: it refused."""

    def release(self) -> None:
        """Let the system sleep again."""


class SystemdInhibitor:
    """Linux: a lock that lasts as long as a small process, which ends with this one."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._holder: subprocess.Popen[bytes] | None = None

    def hold(self, reason: str) -> bool:
        """Take the lock, unless it is held. False: there is no such program."""
        if self._holder is not None and self._holder.poll() is None:
            return True
        self.release()
        options = ("--what=idle", "--mode=block", "--who=Slipstream", f"--why={reason}")
        try:
            # `cat` ends when its input does, even if this program is killed.
            self._holder = subprocess.Popen(
                [self._program, *options, "cat"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            _LOG.info("the system cannot be kept awake: %s", error)
            return False
        return True

    def release(self) -> None:
        """Let go of the lock and wait for its process."""
        holder, self._holder = self._holder, None
        if holder is None:
            return
        if holder.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                holder.stdin.close()
        try:
            holder.wait(_END_S)
        except subprocess.TimeoutExpired:
            holder.kill()
            holder.wait()


class WindowsInhibitor:
    """Windows: a wish of the thread that asks, which has to stay the same one."""

    def hold(self, reason: str) -> bool:
        """Ask for it; Windows takes no reason."""
        del reason
        return _set_execution_state(_CONTINUOUS | _SYSTEM_REQUIRED)

    def release(self) -> None:
        """Take the wish back."""
        _set_execution_state(_CONTINUOUS)


def make_inhibitor() -> Inhibitor | None:
    """What keeps this system awake; None where nothing is known to."""
    if sys.platform == "win32":
        return WindowsInhibitor()
    program = shutil.which("systemd-inhibit")
    return SystemdInhibitor(program) if program is not None else None


def _set_execution_state(state: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.SetThreadExecutionState(state))
    return False
