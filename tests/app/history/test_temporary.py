"""Temporary chats: nothing of them is written, and they can be kept after all."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.app.history.conftest import OpenRoom, answer, entries

SECRET = "xyzzy-secret-word"


def test_nothing_of_a_temporary_chat_is_written(open_room: OpenRoom, tmp_path: Path) -> None:
    room = open_room(answer(f"About {SECRET}."), answer("Again."))
    room.history.temporary.begin()
    assert room.history.temporary.strip.isVisible()
    room.say(f"Tell me of {SECRET}")
    room.act(1, "regenerate")
    room.settle()
    assert room.versions(1) == (2, 2), "versions work as in any chat"
    assert not room.actions(1)["branch"].enabled
    assert room.titles() == []
    room.close()
    for file in (tmp_path / "data").rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file


def test_a_temporary_chat_is_gone_when_it_is_left(open_room: OpenRoom) -> None:
    room = open_room(answer("Something."))
    room.history.temporary.begin()
    room.say("Hello")
    access = room.desktop.journal.access
    assert access is not room.desktop.journal.main_access
    room.desktop.window.sidebar.new_chat.click()
    assert not room.history.temporary.strip.isVisible()
    assert not room.desktop.journal.is_temporary
    left: list[object] = []
    access.call(lambda store: store.list_chats(), lambda page: left.append(page.chats))
    room.wait(lambda: left)
    assert left == [()]


def test_a_temporary_chat_can_be_kept(open_room: OpenRoom) -> None:
    room = open_room(answer("Something."))
    room.history.temporary.begin()
    assert not room.history.temporary.strip.keep_button.isEnabled(), "there is nothing to keep"
    room.say("Hello")
    room.history.temporary.strip.keep_button.click()
    room.wait(lambda: not room.desktop.journal.is_temporary)
    room.settle()
    assert room.texts() == ["Hello", "Something."]
    assert room.titles() == ["Hello"]
    assert not room.history.temporary.strip.isVisible()


def test_its_keys_work_after_the_menu_that_names_them_was_open(open_room: OpenRoom) -> None:
    room = open_room()
    menu = room.history.panel.menu
    menu.aboutToShow.emit()
    assert "New temporary chat" in entries(menu)
    room.wait(room.desktop.window.isActiveWindow)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(room.desktop.window, Qt.Key.Key_N, modifiers)
    assert room.desktop.journal.is_temporary
