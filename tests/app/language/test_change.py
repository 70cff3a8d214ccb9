"""The language changes while the window is open, in every part of it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.controllers.turn import TurnStage
from app.core.preferences import Language
from app.desktop import Desktop
from app.retelling import texts_of

CHINESE, ENGLISH = Language.CHINESE, Language.ENGLISH
FIGURES = re.compile(r"[\d.,\u202f]+")
Play = Callable[..., None]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def shown(window: QWidget) -> Counter[tuple[str, str]]:
    """Every text of a window but its figures, with the class of its widget."""
    widgets = [window, *window.findChildren(QWidget)]
    texts = [
        *((type(one).__name__, read()) for one in widgets for read, _ in texts_of(one)),
        *(("QAction", action.text()) for one in widgets for action in one.actions()),
    ]
    return Counter((kind, FIGURES.sub("#", text)) for kind, text in texts if text)


async def use_every_part(desktop: Desktop) -> None:
    """Get an answer and look at every page."""
    await until(lambda: desktop.loads.is_ready)
    desktop.chat.send("Hi")
    await until(lambda: len(desktop.transcript) == 2 and desktop.chat.stage is TurnStage.NONE)
    await look_at_every_page(desktop)


async def look_at_every_page(desktop: Desktop) -> None:
    for entry in desktop.window.pages.entries:
        desktop.window.show_page(entry.key)
        await asyncio.sleep(0.3)
    desktop.window.show_page("chat")


async def until(condition: Callable[[], object]) -> None:
    while True:
        if condition():
            return
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "order",
    [(ENGLISH, CHINESE), (CHINESE, ENGLISH), (ENGLISH, CHINESE, ENGLISH)],
    ids="-".join,
)
def test_a_changed_language_shows_what_a_new_window_shows(
    play: Play, order: tuple[Language, ...]
) -> None:
    texts: list[Counter[tuple[str, str]]] = []
    pictures: list[list[QImage]] = []

    async def scenario(desktop: Desktop) -> None:
        await use_every_part(desktop)
        for language in order[1:]:
            desktop.preferences.update(language=language)
        await look_at_every_page(desktop)
        texts.append(shown(desktop.window))
        window = desktop.window
        parts = (window.top_bar, window.page.composer, window.sidebar)
        pictures.append([part.grab().toImage() for part in parts])

    play(order[0], scenario)
    play(order[-1], scenario)
    changed, fresh = texts
    assert changed.total() > 300
    assert sorted(changed - fresh) == sorted(fresh - changed) == []
    assert pictures[0] == pictures[1]
