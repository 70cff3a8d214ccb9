"""What every test with windows does at its end."""

from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QEvent


def delete_closed_windows() -> None:
    """Delete what waits for an event loop or the collector: here and now, in the GUI thread.

    Left to the next test, a closed window is dressed and translated once more with the new one;
    left to whatever thread collects next, its timers end in the wrong thread.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
