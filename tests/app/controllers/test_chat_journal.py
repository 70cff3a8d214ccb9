"""When the journal says that a question is on disk, whatever else is still being written."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from app.controllers.chat_journal import ChatJournal
from app.core.conversation import Message
from engine.errors import ErrorCode, StorageError
from engine.messages import Role
from tests.app.controllers.conftest import SlowDisk

QUESTION = Message(role=Role.USER, text="Why?")


def test_it_is_said_as_soon_as_the_question_is_on_disk(
    qtbot: QtBot, disk: SlowDisk, journal: ChatJournal
) -> None:
    said: list[str] = []
    journal.add_question(QUESTION)
    journal.begin_answer(lambda: said.append("now"))
    disk.pending["chat"].set_result(None)
    with qtbot.waitSignal(journal.changed):
        pass  # told after the chat was written
    assert said == []
    disk.pending["question"].set_result(None)
    qtbot.waitUntil(lambda: bool(said))
    assert not disk.pending["answer"].done()
    disk.pending["answer"].set_result(None)
    qtbot.wait(1)
    assert said == ["now"], "once"


def test_another_version_of_an_answer_waits_for_nothing(
    qtbot: QtBot, disk: SlowDisk, journal: ChatJournal
) -> None:
    said: list[str] = []
    journal.show(7, ())
    entry = journal.add_question(QUESTION)
    entry.saved = None  # as one that was read from the disk
    journal.begin_answer(lambda: said.append("now"))
    assert said == ["now"]
    assert not disk.pending["answer"].done()


def test_it_is_said_of_a_question_that_cannot_be_saved_all_the_same(
    qtbot: QtBot, disk: SlowDisk, journal: ChatJournal
) -> None:
    said: list[str] = []
    told: list[Any] = []
    journal.access.failed.connect(told.append)
    journal.add_question(QUESTION)
    journal.begin_answer(lambda: said.append("now"))
    broken = StorageError("no", code=ErrorCode.STORAGE_NOT_WRITABLE)
    disk.pending["question"].set_exception(broken)
    qtbot.waitUntil(lambda: bool(said))
    assert [error.code for error in told] == [ErrorCode.STORAGE_NOT_WRITABLE]
