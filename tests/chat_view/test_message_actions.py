"""Actions of messages: buttons, menus, keys, the switch between versions, rows that come and go."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from app.chat_view.message_actions import MessageAction
from app.chat_view.message_overlay import BAR_GAP
from app.chat_view.selection import Place
from app.core.conversation import Message
from engine.messages import Role

Chat = Any
QtBot = Any
LEFT = Qt.MouseButton.LeftButton

COPY = MessageAction(id="copy", text="Copy", icon_name="copy", shortcut="Ctrl+Alt+C")
AGAIN = MessageAction(
    id="again",
    text="Regenerate",
    icon_name="refresh-cw",
    children=(
        MessageAction(id="again.same", text="The same way"),
        MessageAction(id="again.gpu", text="On the GPU", enabled=False),
    ),
)
DELETE = MessageAction(id="delete", text="Delete", shortcut="Del")


def offer(row: int) -> tuple[MessageAction, ...]:
    return (COPY,) if row == 0 else (COPY, AGAIN, DELETE)


@pytest.fixture
def talk(chat: Chat) -> Chat:
    chat.ask("A question")
    chat.answer("An answer")
    chat.model.set_footer(1, "12 tokens")
    chat.view.set_actions(offer)
    return chat


def hover(chat: Chat, qtbot: QtBot, row: int) -> None:
    centre = chat.view.message_rect(row).center()
    qtbot.mouseMove(chat.view.viewport(), QPoint(centre.x() - 1, centre.y()))
    qtbot.mouseMove(chat.view.viewport(), centre)


def names(chat: Chat) -> list[str]:
    return [b.accessibleName() for b in chat.view.messages.bar.buttons if b.isVisible()]


def test_buttons_stand_at_the_message_under_the_mouse(talk: Chat, qtbot: QtBot) -> None:
    bar = talk.view.messages.bar
    assert not bar.isVisible()
    hover(talk, qtbot, 1)
    assert talk.view.messages.row == 1
    assert names(talk) == ["Copy", "Regenerate"]
    assert bar.geometry().right() == talk.view.message_rect(1).right()
    assert talk.view.message_rect(1).contains(bar.geometry())
    with qtbot.waitSignal(talk.view.action_triggered) as caught:
        qtbot.mouseClick(bar.buttons[0], LEFT)
    assert caught.args == [1, "copy"]
    hover(talk, qtbot, 0)
    assert names(talk) == ["Copy"]
    QApplication.sendEvent(talk.view.viewport(), QEvent(QEvent.Type.Leave))
    assert not bar.isVisible()


def test_long_figures_end_before_the_buttons(talk: Chat, qtbot: QtBot) -> None:
    talk.model.set_footer(1, "many figures " * 30)
    hover(talk, qtbot, 1)
    bar = talk.view.messages.bar.geometry()
    image = talk.view.viewport().grab().toImage()
    background = talk.view.column.style.colours.background
    gap = [
        image.pixelColor(x, y)
        for x in range(bar.left() - BAR_GAP, bar.left())
        for y in range(bar.top(), bar.bottom())
    ]
    assert set(map(QColor.name, gap)) == {background.name()}


def test_buttons_are_made_once(talk: Chat, qtbot: QtBot) -> None:
    for row in (1, 0, 1, 0, 1):
        hover(talk, qtbot, row)
    assert len(talk.view.messages.bar.findChildren(QToolButton)) == 2


def test_a_button_with_children_opens_a_menu(talk: Chat, qtbot: QtBot) -> None:
    hover(talk, qtbot, 1)
    menu = talk.view.messages.bar.buttons[1].menu()
    assert [(a.text(), a.isEnabled()) for a in menu.actions()] == [
        ("The same way", True),
        ("On the GPU", False),
    ]
    with qtbot.waitSignal(talk.view.action_triggered) as caught:
        menu.actions()[0].trigger()
    assert caught.args == [1, "again.same"]


def test_the_keyboard_reaches_the_buttons_and_comes_back(talk: Chat, qtbot: QtBot) -> None:
    qtbot.keyClick(talk.view, Qt.Key.Key_Up)
    assert talk.view.messages.row == talk.view.focused_row == 1
    qtbot.keyClick(talk.view, Qt.Key.Key_Tab)
    buttons = talk.view.messages.bar.buttons
    assert buttons[0].hasFocus()
    assert talk.view.focused_row == 1
    qtbot.keyClick(buttons[0], Qt.Key.Key_Right)
    assert buttons[1].hasFocus()
    qtbot.keyClick(buttons[1], Qt.Key.Key_Left)
    with qtbot.waitSignal(talk.view.action_triggered) as caught:
        qtbot.keyClick(buttons[0], Qt.Key.Key_Space)
    assert caught.args == [1, "copy"]
    qtbot.keyClick(buttons[0], Qt.Key.Key_Escape)
    assert talk.view.hasFocus()
    assert talk.view.focused_row == 1


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[QMenu]:
    """Menus that were opened; the offscreen platform cannot really open them."""
    menus: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _at: menus.append(menu))
    return menus


def test_enter_opens_the_menu_of_the_message(talk: Chat, qtbot: QtBot, opened: list[QMenu]) -> None:
    qtbot.keyClick(talk.view, Qt.Key.Key_Up)
    qtbot.keyClick(talk.view, Qt.Key.Key_Return)
    (menu,) = opened
    assert [a.text() for a in menu.actions()] == ["Copy", "Regenerate", "Delete"]
    with qtbot.waitSignal(talk.view.action_triggered) as caught:
        menu.actions()[2].trigger()
    assert caught.args == [1, "delete"]


def test_the_menu_folds_thinking_too(talk: Chat, qtbot: QtBot, opened: list[QMenu]) -> None:
    row = talk.answer("<think>thoughts</think>answer")
    talk.view.focus_message(row)
    qtbot.keyClick(talk.view, Qt.Key.Key_Return)
    opened[0].actions()[0].trigger()
    assert talk.view.column.items[row].thinking_open


def test_a_shortcut_works_on_the_message_with_the_ring(talk: Chat, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(talk.view.action_triggered):
        qtbot.keyClick(talk.view, Qt.Key.Key_Delete)
    qtbot.keyClick(talk.view, Qt.Key.Key_Up)
    with qtbot.waitSignal(talk.view.action_triggered) as caught:
        qtbot.keyClick(talk.view, Qt.Key.Key_Delete)
    assert caught.args == [1, "delete"]


def test_the_context_menu_offers_them_too(talk: Chat) -> None:
    point = talk.point_of(1, 0, 2)
    menu = talk.view.details.menu(point)
    names = [action.text() for action in menu.actions()]
    assert {"Copy", "Regenerate", "Delete"} <= set(names)
    assert "Copy the message" not in names, "an action says the same"
    menu.close()


def test_what_is_offered_follows_the_state(talk: Chat, qtbot: QtBot) -> None:
    hover(talk, qtbot, 1)
    talk.view.set_actions(lambda row: (COPY,))
    assert names(talk) == ["Copy"]
    talk.view.set_actions(None)
    assert not talk.view.messages.bar.isVisible()


def test_the_provider_is_not_asked_for_each_piece_of_text(talk: Chat, qtbot: QtBot) -> None:
    row = talk.begin()
    asked: list[int] = []

    def watched(row: int) -> tuple[MessageAction, ...]:
        asked.append(row)
        return (COPY,)

    talk.view.set_actions(watched)
    talk.stream(row, ["first"])
    hover(talk, qtbot, row)
    before = len(asked)
    talk.stream(row, [" and more"] * 30)
    assert len(asked) == before
    talk.finish(row)
    assert asked[-1] == row
    assert len(asked) == before + 1


def test_versions_are_shown_and_asked_for(talk: Chat, qtbot: QtBot) -> None:
    talk.model.set_versions(1, 1, 3)
    (switch,) = talk.view.messages.switches
    back, forward = switch.findChildren(QToolButton)
    assert switch.accessibleName() == ""
    assert [b.accessibleName() for b in (back, forward)] == ["Previous version", "Next version"]
    with qtbot.waitSignal(talk.view.version_requested) as caught:
        qtbot.mouseClick(back, LEFT)
    assert caught.args == [1, 0]
    talk.model.set_versions(1, 2, 3)
    assert not forward.isEnabled()
    talk.model.set_versions(1, 0, 1)
    assert talk.view.messages.switches == []


def test_a_switch_has_room_without_a_footer(chat: Chat) -> None:
    chat.ask("A question")
    chat.answer("An answer")
    height = chat.view.message_rect(1).height()
    chat.model.set_versions(1, 0, 2)
    (switch,) = chat.view.messages.switches
    assert chat.view.message_rect(1).height() > height
    assert chat.view.message_rect(1).contains(switch.geometry())


def test_removed_rows_are_gone(chat: Chat) -> None:
    for number in range(6):
        chat.ask(f"Question {number}")
    chat.view.selection.set(Place(2, 0, 0), Place(3, 0, 4))
    chat.view.focus_message(2)
    chat.model.remove_rows(1, 3)
    assert [chat.rendered(row)[0] for row in range(3)] == ["Question 0", "Question 4", "Question 5"]
    assert [item.row for item in chat.view.column.items] == [0, 1, 2]
    assert chat.view.selection.is_empty
    assert chat.view.focused_row is None
    assert chat.view.column.height == sum(i.height for i in chat.view.column.items) + 22


def test_replacing_the_end_keeps_the_beginning_built(chat: Chat) -> None:
    chat.ask("Question")
    chat.answer("Old answer")
    first = chat.view.column.items[0].blocks[0]
    chat.model.replace_from(1, [Message(role=Role.ASSISTANT, text=f"new {n}") for n in range(2)])
    assert chat.view.column.items[0].blocks[0] is first
    assert [chat.rendered(row)[0] for row in range(3)] == ["Question", "new 0", "new 1"]
    chat.model.replace_from(3, [Message(role=Role.USER, text="more")])
    assert chat.rendered(3) == ["more"]
    chat.model.replace_from(0, [])
    assert len(chat.view.column.items) == 0


def test_streaming_goes_on_above_removed_rows(chat: Chat) -> None:
    row = chat.begin()
    chat.stream(row, ["some"])
    later = chat.ask("later")
    chat.model.append_text(row, " text")
    chat.model.remove_rows(later, later)
    chat.stream(row, [" more"])
    chat.finish(row)
    assert chat.rendered(row) == ["some text more"]


def test_messages_read_back_after_rows_are_removed(chat: Chat) -> None:
    for number in range(3):
        chat.ask(f"Question {number}")
    interface = QAccessible.queryAccessibleInterface(chat.view)
    assert "Question 1" in interface.child(1).text(QAccessible.Text.Name)
    chat.model.remove_rows(1, 1)
    assert "Question 2" in interface.child(1).text(QAccessible.Text.Name)
