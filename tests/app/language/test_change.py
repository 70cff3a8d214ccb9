"""The language changes while the window is open, in every part of it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.controllers.history_controller import state_note
from app.controllers.turn import TurnStage
from app.core.conversation import Message, MessageState
from app.core.preferences import Language
from app.desktop import Desktop
from app.language import spoken_name
from app.retelling import texts_of
from app.views.settings.field_row import FieldRow
from engine.messages import Role

CHINESE, ENGLISH = Language.CHINESE, Language.ENGLISH
# A time may be one of seconds in one window and of milliseconds in the other.
FIGURES = re.compile(r"[\d.,\u202f]+(?:m?s\b)?")
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
        await settled()
    desktop.window.show_page("chat")


async def settled() -> None:
    """Wait until nothing is being fetched any more for what is shown."""
    turns = 0
    while turns < 3:
        await asyncio.sleep(0.01)
        turns = turns + 1 if asyncio.all_tasks() == {asyncio.current_task()} else 0


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


def test_the_settings_that_changed_it_follow(play: Play) -> None:
    async def scenario(desktop: Desktop) -> None:
        desktop.settings.open()
        dialog = desktop.settings.dialog
        assert dialog is not None
        row = next(row for row in dialog.findChildren(FieldRow) if row.key == "font_size")
        assert not row.fits("字号")
        desktop.preferences.update(language=CHINESE)
        assert row.fits("字号")
        assert dialog.windowTitle() == "设置"
        assert row.control.accessibleName() == "字号"
        desktop.preferences.update(language=ENGLISH)
        assert row.control.accessibleName() == "Font size"
        dialog.close()

    play(ENGLISH, scenario)


def test_the_figures_of_an_answer_made_before_follow(play: Play) -> None:
    async def change(desktop: Desktop) -> None:
        await use_every_part(desktop)
        assert "tokens" in desktop.transcript.footer(1)
        desktop.preferences.update(language=CHINESE)
        assert "tokens" not in desktop.transcript.footer(1)
        assert "\u8bcd\u5143" in desktop.transcript.footer(1)

    play(ENGLISH, change)


def test_what_is_said_below_old_answers_follows(play: Play) -> None:
    def notices(desktop: Desktop) -> list[str]:
        return [desktop.transcript.notice(row) for row in range(3)]

    async def change(desktop: Desktop) -> None:
        translate = QCoreApplication.translate
        for state in (MessageState.INTERRUPTED, MessageState.ERROR):
            row = desktop.transcript.append(Message(role=Role.ASSISTANT, text="", state=state))
            desktop.transcript.set_notice(row, state_note(state, translate))
        desktop.transcript.append(Message(role=Role.ASSISTANT, text="An answer"))
        before = notices(desktop)
        assert before == [
            "The answer was interrupted; the text so far was kept.",
            "No answer could be made.",
            "",
        ]
        desktop.preferences.update(language=CHINESE)
        assert notices(desktop) == ["回答被中断；已有的文字已保留。", "未能生成回答。", ""]
        desktop.preferences.update(language=ENGLISH)
        assert notices(desktop) == before

    play(ENGLISH, change)


def test_nothing_of_a_language_is_left_behind(play: Play) -> None:
    async def scenario(desktop: Desktop) -> None:
        await until(lambda: desktop.loads.is_ready)
        assert desktop.language.name == "zh_CN"
        assert desktop.window.sidebar.new_chat.accessibleName() == "新建对话"
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
        assert QLocale().standaloneMonthName(3) == "三月"

    play(CHINESE, scenario)
    assert QCoreApplication.translate("TopBar", "Theme") == "Theme"
    play(ENGLISH, look_at_every_page)
    assert QLocale().language() is QLocale.Language.English


@pytest.mark.parametrize(
    ("names", "spoken"),
    [
        (["zh-Hans-CN", "en-US"], "zh_CN"),
        (["zh-TW"], "zh_CN"),
        (["en-GB", "zh-CN"], "en"),
        (["de-DE", "zh-CN"], "zh_CN"),
        (["de-DE", "en-US"], "en"),
        ([], "en"),
    ],
)
def test_the_system_language_is_followed(
    monkeypatch: pytest.MonkeyPatch, names: list[str], spoken: str
) -> None:
    monkeypatch.setattr(QLocale, "uiLanguages", lambda _self: names)
    assert spoken_name(Language.SYSTEM) == spoken
    assert spoken_name(ENGLISH) == "en"
    assert spoken_name(CHINESE) == "zh_CN"
