"""Export, import and what the store has to tell, as the window shows it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMenu

from app.core.export.all_formats import ExportFormat
from app.core.import_chats.refusal import Expected, ImportRefusedError, RefusalCode
from app.core.store.values import NoticeCode, make_notice
from app.core.store_text import notice_text, refusal_text
from app.core.translation import untranslated
from app.views.banner import Banner
from app.views.page_stack import PageEntry
from tests.app.history.conftest import OpenRoom, Room, answer, entries


def told(room: Room) -> tuple[str, str]:
    """What the banner says, once it says something."""
    banner = room.desktop.window.page.banner
    room.wait(lambda: banner.is_shown)
    return banner.title.text(), banner.sentence.text()


def two_chats(open_room: OpenRoom) -> Room:
    room = open_room(answer("Apples."), answer("Pears."))
    room.say("one")
    room.desktop.window.sidebar.new_chat.click()
    room.say("two")
    return room


@pytest.mark.parametrize("kind", [ExportFormat.MARKDOWN, ExportFormat.HTML, ExportFormat.PDF])
def test_several_chats_become_several_files(
    open_room: OpenRoom, tmp_path: Path, kind: ExportFormat
) -> None:
    room = two_chats(open_room)
    target = tmp_path / "out"
    target.mkdir()
    ids = [chat.id for chat in room.history.model.chats]
    room.history.menus.transfer.export_to(ids, target, kind)
    assert told(room)[0] == "Exported"
    names = sorted(path.name for path in target.iterdir())
    assert names == [f"one.{kind.value}", f"two.{kind.value}"]
    assert all(path.stat().st_size > 20 for path in target.iterdir())


def test_what_came_of_an_export_is_seen_from_any_page(open_room: OpenRoom, tmp_path: Path) -> None:
    room = open_room(answer("Apples."))
    room.say("one")
    window = room.desktop.window
    window.add_page(PageEntry(key="other", label="Other", icon="box", make=Banner))
    window.show_page("other")
    assert not window.page.banner.isVisible()
    ids = [chat.id for chat in room.history.model.chats]
    target = tmp_path / "one.md"
    room.history.menus.transfer.export_to(ids, target, ExportFormat.MARKDOWN)
    room.wait(window.page.banner.isVisible)
    when = target.read_text(encoding="utf-8").splitlines()[2]
    assert str(datetime.now().year) in when
    assert "UTC" not in when
    assert "Coordinated" not in when


def test_an_export_comes_back_with_folders_pins_and_titles(
    open_room: OpenRoom, tmp_path: Path
) -> None:
    room = two_chats(open_room)
    first, second = (chat.id for chat in room.history.model.chats)
    room.history.controller.create_folder("Fruit", [second])
    room.history.controller.pin([first], on=True)
    room.settle()
    file = tmp_path / "all.json"
    room.history.menus.transfer.export_to([first, second], file, ExportFormat.JSON)
    assert told(room)[0] == "Exported"
    room.history.controller.delete([first, second])
    room.wait(lambda: not room.history.model.chats)
    room.desktop.window.page.banner.hide()
    room.history.menus.transfer.import_from(file)
    assert told(room) == ("Imported", "2 chats were added.")
    room.wait(lambda: len(room.history.model.chats) == 2)
    assert room.headings() == ["Pinned", "Folders"]
    assert room.history.model.folders[0].chat_count == 1


def test_a_broken_file_is_refused_with_its_reason(open_room: OpenRoom, tmp_path: Path) -> None:
    room = two_chats(open_room)
    file = tmp_path / "broken.json"
    file.write_text('{"format": "slipstream-chats",\n "version": }')
    room.history.menus.transfer.import_from(file)
    title, reason = told(room)
    assert title == "broken.json was not imported"
    assert "line 2" in reason
    assert len(room.history.model.chats) == 2


def test_a_folder_that_cannot_be_written_is_said(open_room: OpenRoom, tmp_path: Path) -> None:
    room = two_chats(open_room)
    ids = [chat.id for chat in room.history.model.chats]
    missing = tmp_path / "no" / "such"
    room.history.menus.transfer.export_to(ids, missing, ExportFormat.MARKDOWN)
    assert told(room)[0] == "The export failed"


def test_every_format_is_offered(open_room: OpenRoom) -> None:
    room = two_chats(open_room)
    menu = QMenu()
    room.history.menus.transfer.fill_menu(menu, [1])
    assert [text.split("\u2026")[0].split(",")[0] for text in entries(menu)] == [
        "Markdown",
        "HTML",
        "PDF",
        "JSON",
    ]


def test_a_full_disk_is_said_and_talking_goes_on(open_room: OpenRoom) -> None:
    room = open_room(answer("Still here."))
    notice = make_notice(NoticeCode.SAVING_PAUSED_DISK_FULL, waiting=1)
    room.desktop.journal.main_access.noticed.emit(notice)
    assert told(room)[0] == "The disk is full"
    room.say("Hello")
    assert room.texts() == ["Hello", "Still here."]


@pytest.mark.parametrize("code", list(NoticeCode))
def test_every_notice_has_a_sentence(code: NoticeCode) -> None:
    facts = dict.fromkeys(
        ("count", "messages", "chats", "lost", "from_backup", "moved_to", "reason", "folder"), "7"
    )
    title, sentence = notice_text(make_notice(code, **facts), untranslated)
    assert title
    assert "{" not in sentence


@pytest.mark.parametrize("code", list(RefusalCode))
def test_every_refusal_has_a_sentence(code: RefusalCode) -> None:
    sentence = refusal_text(ImportRefusedError(code, where="$.x", reason="why"), untranslated)
    assert sentence.endswith((".", "why"))
    assert "{" not in sentence


@pytest.mark.parametrize("expected", list(Expected))
def test_what_was_expected_is_said_in_words(expected: Expected) -> None:
    def marked(context: str, text: str) -> str:
        return f"\u00ab{text}\u00bb"  # stands for another language

    facts = {"expected": expected.value, "low": 0, "high": 5, "allowed": "a, b"}
    refused = ImportRefusedError(RefusalCode.WRONG_STRUCTURE, where="$.x", **facts)
    sentence = refusal_text(refused, marked)
    assert sentence.count("\u00ab") == 2, "the words are translated, as the sentence is"
    assert "{" not in sentence
