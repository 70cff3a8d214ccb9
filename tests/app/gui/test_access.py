"""Every control of every page and dialog has a name and a keyboard way; colours can be read."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QButtonGroup,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSlider,
    QTabBar,
    QWidget,
)

from app.async_generators import closing_generators
from app.core.attachments.values import Attachment
from app.palette import DARK, LIGHT, Palette
from engine.errors import ErrorCode, ErrorInfo

Open = Callable[..., Any]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTabBar,
)
PARTS = (QComboBox, QLineEdit, QAbstractSpinBox, QTabBar, QAbstractItemView)
"""What these hold inside belongs to them."""


def controls(top: QWidget) -> Iterator[QWidget]:
    for widget in top.findChildren(QWidget):
        plain_area = isinstance(widget, QScrollArea | QHeaderView)
        inside = isinstance(widget.parent(), PARTS) or widget.objectName().startswith("qt_")
        if isinstance(widget, CONTROLS) and widget.window() is top and not (plain_area or inside):
            yield widget


def check(top: QWidget) -> int:
    """Check every control below a window; returns how many there are."""
    found = list(controls(top))
    for control in found:
        where = f"{type(control).__name__} '{control.objectName()}' in {type(control.parent())}"
        name = control.accessibleName() or getattr(control, "text", str)()
        assert name or not control.isVisibleTo(top), f"no name: {where}"
        by_tab = control.focusPolicy() & Qt.FocusPolicy.TabFocus
        by_keys = by_tab or is_reached_otherwise(control)
        assert by_keys or not control.isEnabled(), f"no key: {where}"
    return len(found)


def is_reached_otherwise(control: QWidget) -> bool:
    """By keys of its own, or by the arrows within an exclusive group, which Tab enters."""
    if not isinstance(control, QAbstractButton):
        return False
    group = cast("QButtonGroup | None", control.group())
    in_group = group is not None and any(
        button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in group.buttons()
    )
    return in_group or not control.shortcut().isEmpty()


@pytest.fixture
def joined_loop(qapp: QApplication) -> Iterator[qasync.QEventLoop]:
    """An event loop for what pages do as tasks."""
    loop = qasync.QEventLoop(qapp, already_running=False)
    yield loop
    loop.close()
    asyncio.set_event_loop(None)
    gc.collect()


def test_every_page_of_the_window(open_window: Open, joined_loop: qasync.QEventLoop) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.desktop.loads.failed.emit(ErrorInfo(code=ErrorCode.OUT_OF_MEMORY, message="full"))
    composer = rig.window.page.composer
    composer.set_attachments([Attachment(name="a.txt", text="text")])
    composer.show_queue([("waits", "waits")])
    composer.edit.setPlainText("something to be measured")
    rig.desktop.composing.measure()
    assert check(rig.window) > 20

    async def look() -> None:
        try:
            for entry in rig.window.pages.entries:
                page = rig.window.show_page(entry.key)
                await asyncio.sleep(0.2)
                assert page.isVisible()
                assert check(rig.window) > 20
        finally:
            await rig.desktop.end_tasks()

    with closing_generators(joined_loop):
        joined_loop.run_until_complete(look())


def test_every_dialog_of_the_composer_and_the_program(open_window: Open) -> None:
    rig = open_window()
    rig.wait_ready()
    rig.desktop.generation_settings.open()
    assert check(rig.desktop.popover) > 10
    rig.desktop.popover.hide()
    opened = (
        rig.desktop.settings.open,
        rig.desktop.commands.show_palette,
        rig.desktop.commands.show_shortcuts,
        rig.desktop.show_about,
    )
    for show in opened:
        show()
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        assert check(dialog) > 0
        dialog.close()


def test_tab_goes_through_the_composer_in_the_order_it_is_read(open_window: Open) -> None:
    rig = open_window()
    composer = rig.window.page.composer
    composer.edit.setPlainText("text")
    composer.focus()
    order = []
    for _ in range(3):
        rig.window.focusNextChild()
        order.append(rig.window.focusWidget())
    assert order == [composer.attach_button, composer.settings_button, composer.send_button]


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` by WCAG."""

    def linear(part: int) -> float:
        value = part / 255
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


TEXTS = ("text", "muted", "accent", "ok", "warn", "error", "draft")
GROUNDS = ("bg", "side", "card")


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(palette: Palette) -> None:
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS]
    pairs += [("on_accent", "accent"), ("text", "accent_soft"), ("muted", "accent_soft")]
    pairs += [("text", "code"), ("muted", "code"), ("draft", "code"), ("text", "selection")]
    low = {
        pair: round(contrast(getattr(palette, pair[0]), getattr(palette, pair[1])), 2)
        for pair in pairs
    }
    assert {pair: value for pair, value in low.items() if value < 4.5} == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_messages_can_be_read(palette: Palette) -> None:
    from app.chat_view.style import Style

    style = Style(palette)
    colours = style.colours
    pairs = {
        f"{text} on {ground}": contrast(
            getattr(colours, text).name(), getattr(colours, ground).name()
        )
        for text, grounds in {
            "text": ("background", "bubble", "code", "inline_code", "table_head", "selection"),
            "link": ("background",),
            "muted": ("background", "code", "table_head"),
            "draft": ("background", "code", "inline_code", "table_head"),
            "warn": ("background",),
            "error": ("background",),
        }.items()
        for ground in grounds
    }
    for category in ("keyword", "string", "comment", "number", "name"):
        colour = style.syntax_colour(category)
        assert colour is not None
        pairs[category] = contrast(colour.name(), colours.code.name())
    assert {name: round(value, 2) for name, value in pairs.items() if value < 4.5} == {}
