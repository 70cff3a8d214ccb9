"""What every test with windows does: opens one as the program does, and leaves nothing of it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import qasync
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.application import dress
from app.arguments import Arguments
from app.async_generators import closing_generators
from app.bootstrap import lay_foundation
from app.crash import CrashGuard
from app.desktop import Desktop
from app.paths import AppPaths


@contextmanager
def window_loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """The program's event loop, for windows one after the other."""
    dress(qapp)
    loop = qasync.QEventLoop(qapp, already_running=False)
    yield loop
    loop.close()
    asyncio.set_event_loop(None)
    delete_closed_windows()


def use_window(
    loop: qasync.QEventLoop,
    use: Callable[[Desktop], Awaitable[None]],
    *,
    paths: AppPaths,
    limit_s: float,
    demo: bool = True,
    before: Callable[[Desktop], None] = lambda desktop: None,
) -> None:
    """Open a window, let somebody use it, and close it with everything behind it.

    Args:
        demo: with the scripted engine.
        before: comes before it opens.
    """
    qapp = QApplication.instance()
    assert isinstance(qapp, QApplication)
    arguments = Arguments(size=(1280, 800), show_error_windows=False, demo=demo)
    foundation = lay_foundation(arguments, paths, CrashGuard(paths.logs))
    desktop = Desktop(foundation, qapp)
    before(desktop)
    desktop.open()

    async def whole() -> None:
        try:
            async with asyncio.timeout(limit_s):
                await use(desktop)
        finally:
            await desktop.end_tasks()

    try:
        with closing_generators(loop):
            loop.run_until_complete(whole())
    finally:
        desktop.close()
        foundation.bridge.close()
        assert foundation.session.close(timeout_s=8.0)
        desktop.window.deleteLater()
        delete_closed_windows()


def delete_closed_windows() -> None:
    """Delete what waits for an event loop or the collector: here and now, in the GUI thread.

    Left to the next test, a closed window is dressed and translated once more with the new one;
    left to whatever thread collects next, its timers end in the wrong thread.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
