"""What Windows and its installers want to know of a running window. Does nothing elsewhere."""

from __future__ import annotations

import logging
import sys

MUTEX_NAME = "SlipstreamRunning"
"""The installers wait until nobody holds it (packaging/windows)."""
APP_USER_MODEL_ID = "Slipstream.Slipstream"
"""Joins the window with its entry in the start menu, which carries the same name."""

_LOG = logging.getLogger(__name__)


def announce_to_windows() -> None:
    """Hold the mutex until the process ends, and give the task bar the program's name."""
    if sys.platform == "win32":
        import ctypes

        try:
            ctypes.windll.kernel32.CreateMutexW(None, False, MUTEX_NAME)
            ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APP_USER_MODEL_ID)
        except OSError as error:
            _LOG.info("Windows was not told of the window: %s", error)
