"""Opens the real window on the embedded pair and takes a picture of each scene in turn."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import qasync
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from app.application import make_application
from app.arguments import Arguments
from app.async_generators import closing_generators
from app.bootstrap import lay_foundation
from app.core.preferences import Language, Preferences, PreferenceValue, Theme, changed
from app.core.preferences_file import PreferencesFile
from app.crash import CrashGuard
from app.desktop import Desktop
from app.paths import resolve_paths
from engine.version import __version__
from scenes.scenes import LAST_SCENES, SCENES, Scene, prepare

SIZE = (1280, 800)
THEMES = (Theme.LIGHT, Theme.DARK)
LANGUAGES = (Language.ENGLISH, Language.CHINESE)
LIMIT_S = 300.0
_SETTLE_S = 0.35
_EMBEDDED_DRAFT = "slipstream/demo-draft"
_SHADE = QColor(0, 0, 0, 70)


@dataclass(slots=True)
class Studio:
    """A window with a fresh data folder; `run` takes the pictures and closes it."""

    data: Path
    folder: Path
    suffix: str = ""
    main_model: str | None = None
    """Id or folder; the embedded draft model is its draft. None is the embedded pair."""
    taken: int = 0

    def run(self, only: str) -> int:
        """Take the scenes with `only` in their names, and return how many pictures there are."""
        application = make_application()
        application.setCursorFlashTime(0)
        paths = resolve_paths(self.data, {})
        paths.create()
        start: dict[str, PreferenceValue] = {
            "theme": Theme.LIGHT,
            "token_colours": True,
            "last_version": __version__,
        }
        PreferencesFile(paths.preferences_file).write(changed(Preferences(), start))
        arguments = Arguments(
            size=SIZE,
            show_error_windows=False,
            main_model=self.main_model,
            draft_model=_EMBEDDED_DRAFT if self.main_model else None,
        )
        foundation = lay_foundation(arguments, paths, CrashGuard(paths.logs))
        loop = qasync.QEventLoop(application)
        desktop = Desktop(foundation, application)
        desktop.open()
        try:
            with loop, closing_generators(loop):
                loop.run_until_complete(self._whole(desktop, only))
        finally:
            desktop.close()
            foundation.bridge.close()
            foundation.session.close(timeout_s=8.0)
        return self.taken

    async def _whole(self, desktop: Desktop, only: str) -> None:
        try:
            async with asyncio.timeout(LIMIT_S):
                await prepare(desktop, with_lab="lab-results".startswith(only[:3]))
                for scenes, theme, language in product((SCENES, LAST_SCENES), THEMES, LANGUAGES):
                    desktop.preferences.update(theme=theme, language=language)
                    for name, scene in scenes.items():
                        if only in name:
                            file = f"{name}-{theme}-{language}{self.suffix}.png"
                            await self._take(desktop, scene, file)
        finally:
            await desktop.end_tasks()

    async def _take(self, desktop: Desktop, scene: Scene, file: str) -> None:
        await scene(desktop)
        await asyncio.sleep(_SETTLE_S)
        picture = desktop.window.grab()
        others = [one for one in QApplication.topLevelWidgets() if _is_over(one, desktop.window)]
        for other in others:
            _put_over(picture, other, desktop.window)
        if not picture.save(str(self.folder / file)):
            raise OSError(f"{file} could not be written")
        for other in others:
            other.close()
        self.taken += 1


def _is_over(widget: QWidget, window: QWidget) -> bool:
    return widget is not window and widget.isVisible() and widget.isWindow()


def _put_over(picture: QPixmap, widget: QWidget, window: QWidget) -> None:
    """Paint another window into the picture where it stands, the rest in shade."""
    painter = QPainter(picture)
    try:
        place = widget.mapToGlobal(QPoint()) - window.mapToGlobal(QPoint())
        if isinstance(widget, QDialog):
            painter.fillRect(window.rect(), _SHADE)
            middle = window.rect().center() - widget.rect().center()
            is_popup = bool(widget.windowFlags() & Qt.WindowType.FramelessWindowHint)
            place = place if is_popup else middle
        elif isinstance(widget, QMenu) and not window.rect().contains(place):
            place = QPoint(0, 0)
        painter.drawPixmap(place, widget.grab())
    finally:
        painter.end()
