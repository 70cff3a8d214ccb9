"""Selecting with the mouse, copying what is selected, and links."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt

from app.chat_view.selection import Place
from tests.chat_view.samples import PARAGRAPHS, bar_of, clipboard, history

Chat = Any
QtBot = Any  # its mouse and key methods have no types
LEFT = Qt.MouseButton.LeftButton


def drag(qtbot: QtBot, chat: Chat, start: QPointF, end: QPointF) -> None:
    viewport = chat.view.viewport()
    qtbot.mousePress(viewport, LEFT, pos=start.toPoint())
    qtbot.mouseMove(viewport, end.toPoint())
    qtbot.mouseRelease(viewport, LEFT, pos=end.toPoint())


def test_selecting_across_messages(chat: Chat, qtbot: QtBot) -> None:
    chat.ask("hello there")
    chat.answer("**bold** text\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nend here")
    drag(
        qtbot, chat, chat.point_of(0, 0, 6) - QPointF(2, 0), chat.point_of(1, 4, 3) - QPointF(2, 0)
    )
    assert chat.view.selected_text() == "there\n\nbold text\n\n•\tone\n•\ttwo\n\na\tb\n1\t2\n\nend"
    chat.view.copy()
    assert clipboard() == chat.view.selected_text()
    qtbot.keyClick(
        chat.view,
        Qt.Key.Key_C,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert clipboard() == (
        "there\n\n**bold** text\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nend"
    )


def test_selecting_part_of_a_block(chat: Chat, qtbot: QtBot) -> None:
    chat.answer("one **two** three")
    drag(
        qtbot, chat, chat.point_of(0, 0, 4) - QPointF(2, 0), chat.point_of(0, 0, 8) - QPointF(2, 0)
    )
    assert chat.view.selected_text() == "two "
    assert chat.view.selected_markdown() == "two** "


def test_select_all_and_copy(chat: Chat, qtbot: QtBot) -> None:
    chat.model.replace(history(40))
    place = bar_of(chat).value()
    qtbot.keyClick(chat.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(chat.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard().count("Question") == 20
    assert clipboard().count("Last line.") == 20
    assert bar_of(chat).value() == bar_of(chat).maximum() or bar_of(chat).value() == place
    chat.view.copy_markdown()
    assert clipboard().count("| 1 | 2 |") == 20


def test_double_and_triple_click_and_shift_click(chat: Chat, qtbot: QtBot) -> None:
    chat.answer("first words here\n\nsecond paragraph")
    viewport = chat.view.viewport()
    at = chat.point_of(0, 0, 7).toPoint()
    qtbot.mouseClick(viewport, LEFT, pos=at)
    qtbot.mouseDClick(viewport, LEFT, pos=at)
    assert chat.view.selected_text() == "words"
    qtbot.mouseClick(viewport, LEFT, pos=at)
    assert chat.view.selected_text() == "first words here"
    qtbot.wait(10)
    far = chat.point_of(0, 1, 6) - QPointF(2, 0)
    chat.view.selection.set(*[chat.view.selection.anchor] * 2)
    qtbot.mouseClick(viewport, LEFT, Qt.KeyboardModifier.ShiftModifier, pos=far.toPoint())
    assert chat.view.selected_text() == "first words here\n\nsecond"


def test_dragging_below_the_edge_scrolls(chat: Chat, qtbot: QtBot) -> None:
    chat.answer(PARAGRAPHS)
    bar = bar_of(chat)
    bar.setValue(0)
    viewport = chat.view.viewport()
    qtbot.mousePress(viewport, LEFT, pos=QPoint(450, 300))
    qtbot.mouseMove(viewport, QPoint(450, viewport.height() + 30))
    qtbot.waitUntil(lambda: bar.value() > 100)
    qtbot.mouseRelease(viewport, LEFT, pos=QPoint(450, viewport.height() + 30))
    stopped = bar.value()
    qtbot.wait(80)
    assert bar.value() == stopped
    assert len(chat.view.selected_text()) > 200


def test_a_selection_survives_streaming(chat: Chat) -> None:
    row = chat.begin()
    chat.stream(row, ["first words\n\nsecond"])
    chat.view.selection.set(Place(0, 0, 0), Place(0, 0, 5))
    chat.stream(row, [" more\n\n", "third\n\n", "fourth"])
    assert chat.view.selected_text() == "first"


def test_links_tell_their_host_and_are_only_announced(chat: Chat, qtbot: QtBot) -> None:
    chat.answer(
        "go [to bank.com](https://evil.example/x) or [mail](mailto:a@e.org) [no](ftp://e.org)"
    )
    at = chat.point_of(0, 0, 5)
    assert chat.view.details.tool_tip(at) == "Opens evil.example"
    qtbot.mouseMove(chat.view.viewport(), at.toPoint())
    assert chat.view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    with qtbot.waitSignal(chat.view.link_activated) as caught:
        qtbot.mouseClick(chat.view.viewport(), LEFT, pos=at.toPoint())
    assert caught.args == ["https://evil.example/x"]
    text = chat.rendered(0)[0]
    assert chat.view.details.tool_tip(chat.point_of(0, 0, text.index("mail"))) == "Opens a@e.org"
    with qtbot.assertNotEmitted(chat.view.link_activated):
        no = chat.point_of(0, 0, text.index("no")).toPoint()
        qtbot.mouseClick(chat.view.viewport(), LEFT, pos=no)
    with qtbot.assertNotEmitted(chat.view.link_activated):
        drag(qtbot, chat, at, at + QPointF(40, 0))
