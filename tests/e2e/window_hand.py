"""Somebody in front of the real window, whose event loop runs as in the program."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.desktop import Desktop
from app.paths import AppPaths, resolve_paths
from tests.windows import use_window, window_loop

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
        before: Callable[[Desktop], None] = ...,
    ) -> None: ...


@contextmanager
def windows(qapp: QApplication, folder: Path) -> Iterator[OpenWindow]:
    """Windows over the data in a folder, one after the other; `before` comes before they open."""
    with window_loop(qapp) as loop:

        def run(
            use: UseWindow,
            *,
            demo: bool = False,
            before: Callable[[Desktop], None] = lambda desktop: None,
        ) -> None:
            paths = resolve_paths(folder, {})
            paths.create()
            use_window(
                loop,
                lambda desktop: use(desktop, paths),
                paths=paths,
                limit_s=LIMIT_S,
                demo=demo,
                before=before,
            )

        yield run
