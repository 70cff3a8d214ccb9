"""The list of chats in the sidebar: names, pins, folders, deleting, searching, keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.viewmodels.chat_list_rows import RowKind
from tests.app.history.conftest import OpenRoom, Room, answer, entries

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def three_chats(open_room: OpenRoom) -> Room:
    """A window with three chats: one, two, three; the newest is open."""
    room = open_room(answer("Apples."), answer("Pears."), answer("Plums."))
    for text in ("one", "two", "three"):
        room.desktop.window.sidebar.new_chat.click()
        room.say(text)
    return room


def select(room: Room, *titles: str) -> None:
    """Move to the first, and add the others to the selection."""
    listed, model = room.history.panel.list, room.history.model
    listed.setFocus()
    listed.clearSelection()
    selection = listed.selectionModel()
    for title in titles:
        row = next(row for row in model.rows if row.text == title)
        index = model.index_of(row.key)
        selection.setCurrentIndex(index, selection.SelectionFlag.Select)


def test_the_newest_chat_is_first_and_marked_as_open(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    assert room.titles() == ["three", "two", "one"]
    room.choose_chat("one")
    assert room.texts() == ["one", "Apples."]
    room.desktop.window.sidebar.new_chat.click()
    assert room.desktop.journal.chat_id is None


def test_enter_opens_and_f2_renames(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    listed = room.history.panel.list
    select(room, "two")
    QTest.keyClick(listed, Qt.Key.Key_Return)
    room.wait(lambda: room.texts() == ["two", "Pears."])
    QTest.keyClick(listed, Qt.Key.Key_F2)
    editor = listed.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("Fruit")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    room.wait(lambda: "Fruit" in room.titles())
    room.close()
    again = open_room()
    assert "Fruit" in again.titles()


def test_several_chats_are_deleted_and_come_back(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    select(room, "one", "three")
    QTest.keyClick(room.history.panel.list, Qt.Key.Key_Delete)
    room.wait(lambda: room.titles() == ["two"])
    assert room.texts() == [], "the open chat was one of them"
    bar = room.history.panel.undo_bar
    assert "2" in bar.text.text()
    QTest.keyClick(room.history.panel.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    room.wait(lambda: len(room.titles()) == 3)
    assert not bar.isVisible()


def test_deleted_chats_are_gone_after_a_restart(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    select(room, "one")
    QTest.keyClick(room.history.panel.list, Qt.Key.Key_Delete)
    room.wait(lambda: len(room.titles()) == 2)
    room.close()
    again = open_room()
    assert sorted(again.titles()) == ["three", "two"]


def test_pinned_chats_stand_first(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    row = next(row for row in room.history.model.rows if row.text == "one")
    menu = room.history.menus.for_row(row)
    assert menu is not None
    entries(menu)["Pin"].trigger()  # type: ignore[attr-defined]
    room.wait(lambda: room.headings() == ["Pinned", "Today"])
    assert room.titles() == ["one", "three", "two"]
    menu.deleteLater()


def test_a_folder_is_made_named_and_filled_by_dragging(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    listed, model = room.history.panel.list, room.history.model
    room.history.menus.new_folder(())
    room.wait(lambda: listed.findChild(QLineEdit))
    editor = listed.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("Fruit")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    room.wait(lambda: "Fruit" in room.titles())
    dragged = model.index_of(next(row.key for row in model.rows if row.text == "two"))
    data: QMimeData = model.mimeData([dragged])
    folder = model.index_of(next(row.key for row in model.rows if row.text == "Fruit"))
    model.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, folder)
    room.wait(lambda: room.titles() == ["Fruit", "two", "three", "one"])
    listed.setCurrentIndex(folder)
    QTest.keyClick(listed, Qt.Key.Key_Left)
    assert room.titles() == ["Fruit", "three", "one"]
    QTest.keyClick(listed, Qt.Key.Key_Right)
    assert room.titles() == ["Fruit", "two", "three", "one"]
    model.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, QModelIndex())
    room.wait(lambda: room.titles() == ["Fruit", "three", "two", "one"])


def test_deleting_a_folder_keeps_its_chats(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    ids = [chat.id for chat in room.history.model.chats]
    room.history.controller.create_folder("Fruit", ids)
    room.wait(lambda: room.headings() == ["Folders"])
    room.settle()
    (folder,) = room.history.model.folders
    assert folder.chat_count == 3
    room.history.controller.delete_folder(folder.id)
    room.wait(lambda: room.headings() == ["Today"])
    assert len(room.titles()) == 3


def test_a_new_chat_in_a_folder_lies_there(open_room: OpenRoom) -> None:
    room = open_room(answer("Apples."))
    room.history.controller.create_folder("Fruit")
    room.wait(lambda: room.history.model.folders)
    (folder,) = room.history.model.folders
    room.history.controller.new_chat(folder_id=folder.id)
    room.say("one")
    room.wait(lambda: room.history.model.folders[0].chat_count == 1)


def test_a_search_finds_messages_and_leads_to_them(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    room.desktop.window.sidebar.new_chat.click()
    search = room.history.panel.search
    QTest.keyClicks(search, "pear")
    model = room.history.model
    room.wait(lambda: [row.kind for row in model.rows] == [RowKind.HIT])
    (row,) = model.rows
    assert row.hit is not None
    assert row.hit.snippet == "Pears."
    QTest.keyClick(search, Qt.Key.Key_Down)
    QTest.keyClick(room.history.panel.list, Qt.Key.Key_Return)
    room.wait(lambda: room.texts() == ["two", "Pears."])
    room.wait(lambda: room.view.focused_row == 1)
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    assert len(room.titles()) == 3


def test_a_hit_in_another_branch_shows_that_branch(open_room: OpenRoom) -> None:
    room = open_room(answer("Apples."), answer("Pears."))
    room.say("one")
    room.act(1, "regenerate")
    room.settle()
    assert room.texts() == ["one", "Pears."]
    found: list[object] = []
    room.history.controller.found.connect(lambda hits: found.extend(hits or ()))
    room.history.panel.search.setText("apples")
    room.wait(lambda: found)
    room.history.controller.open_hit(found[0])  # type: ignore[arg-type]
    room.wait(lambda: room.texts() == ["one", "Apples."])
    assert room.versions(1) == (1, 2)


def test_nothing_found_says_so(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    room.history.panel.search.setText("zebra")
    room.wait(lambda: room.history.model.rows[0].kind is RowKind.NOTE)
    assert room.history.model.rows[0].text == "Nothing found."


def test_menus_work_on_everything_selected(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    select(room, "one", "two")
    row = next(row for row in room.history.model.rows if row.text == "one")
    menu = room.history.menus.for_row(row)
    assert menu is not None
    choices = entries(menu)
    assert "Delete 2 chats" in choices
    assert not choices["Rename"].isEnabled()  # type: ignore[attr-defined]
    room.history.panel.popup(menu, QPoint(0, 0))
    menu.close()


def test_rows_are_spoken_with_what_they_are(open_room: OpenRoom) -> None:
    room = three_chats(open_room)
    room.history.controller.create_folder("Fruit")
    room.wait(lambda: room.history.model.folders)
    room.settle()
    model = room.history.model
    role = Qt.ItemDataRole.AccessibleTextRole
    folder = model.index_of(next(row.key for row in model.rows if row.folder))
    assert model.data(folder, role) == "Folder Fruit, 0 chats"
    assert room.history.panel.list.accessibleName() == "Chats"
    assert room.history.panel.search.accessibleName() == "Search all chats"


def test_only_the_open_chat_stands_out_when_another_one_is_begun(open_room: OpenRoom) -> None:
    room = open_room(answer("One."), answer("Two."))
    room.say("First")
    room.choose_chat("First")
    listed = room.history.panel.list
    first = listed.selected_chats()
    assert len(first) == 1
    room.desktop.window.sidebar.new_chat.click()
    assert listed.selected_chats() == ()
    room.say("Second")
    assert listed.selected_chats() == ()
    room.choose_chat("First")
    assert listed.selected_chats() == first
    room.history.controller.open_chat(room.history.model.chats[0].id)
    room.wait(lambda: room.texts() == ["Second", "Two."])
    assert listed.selected_chats() == (room.history.model.chats[0].id,)


def test_rows_grow_with_the_text(open_room: OpenRoom) -> None:
    room = open_room(answer("One."))
    room.say("First")
    listed = room.history.panel.list
    row = next(row for row in room.history.model.rows if row.chat is not None)

    def height() -> int:
        return listed.visualRect(room.history.model.index_of(row.key)).height()

    medium = height()
    room.desktop.preferences.update(font_size="xl")
    room.wait(lambda: height() > medium)
    assert height() / medium == pytest.approx(1.35, abs=0.05)
