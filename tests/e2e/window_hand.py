"""Somebody in front of the real window, whose event loop runs as in the program."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.arguments import Arguments
from app.async_generators import closing_generators
from app.bootstrap import lay_foundation
from app.crash import CrashGuard
from app.desktop import Desktop, dress
from app.paths import AppPaths, resolve_paths
from tests.windows import delete_closed_windows

LIMIT_S = 120.0
T = TypeVar("T")
UseWindow = Callable[[Desktop, AppPaths], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowHand:
    """What anybody does with a window."""

    desktop: Desktop

    def click(self, widget: QWidget) -> None:
        assert widget.isEnabled(), widget.accessibleName()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    async def wait(self, condition: Callable[[], T | None]) -> T:
        """Let the window live until something has come true; returns it."""
        while True:
            if found := condition():
                return found
            await asyncio.sleep(0.01)


class OpenWindow(Protocol):
    """Opens a window, lets somebody use it, and closes it with everything behind it."""

    def __call__(
        self,
        use: UseWindow,
        *,
        demo: bool = False,
        before: Callable[[Desktop], None] | None = None,
    ) -> None: ...


@contextmanager
def windows(qapp: QApplication, folder: Path) -> Iterator[OpenWindow]:
    """Windows over the data in a folder, one after the other; `before` comes before they open."""
    dress(qapp)
    loop = qasync.QEventLoop(qapp, already_running=False)

    def run(
        use: UseWindow, *, demo: bool = False, before: Callable[[Desktop], None] | None = None
    ) -> None:
        paths = resolve_paths(folder, {})
        paths.create()
        arguments = Arguments(size=(1280, 800), show_error_windows=False, demo=demo)
        foundation = lay_foundation(arguments, paths, CrashGuard(paths.logs))
        desktop = Desktop(foundation, qapp)
        if before is not None:
            before(desktop)
        desktop.open()

        async def whole() -> None:
            try:
                async with asyncio.timeout(LIMIT_S):
                    await use(desktop, paths)
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

    yield run
    loop.close()
    asyncio.set_event_loop(None)
    delete_closed_windows()
