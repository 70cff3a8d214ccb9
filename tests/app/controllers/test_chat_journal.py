"""An answer is asked for once its question is on disk, whatever else is still being written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.controllers.chat_journal import ChatJournal
from app.controllers.store_access import StoreAccess
from app.core.conversation import Message
from app.core.conversation_store import ConversationStore
from app.core.store.calls import StoreStatus
from app.core.store.values import StoreNotice, Written
from engine.errors import ErrorCode, StorageError
from engine.messages import Role

QUESTION = Message(role=Role.USER, text="Why?")


class SlowDisk(ConversationStore):
    """Hands out ids at once and keeps what is to be written until told that it is on disk."""

    def __init__(self) -> None:
        self.pending: dict[str, Future[None]] = {}
        self._numbers = iter(range(1, 100))

    def open(self) -> Future[StoreStatus]:
        opened: Future[StoreStatus] = Future()
        opened.set_result(StoreStatus(read_only=False, in_memory=False))
        return opened

    def close(self, timeout_s: float = 10.0) -> bool:
        return True

    def create_chat(self, *args: Any, **kwargs: Any) -> Written:
        return self._hand_out("chat")

    def add_message(self, *args: Any, **kwargs: Any) -> Written:
        return self._hand_out("question")

    def begin_answer(self, parent_id: int) -> Written:
        return self._hand_out("answer")

    def _hand_out(self, what: str) -> Written:
        self.pending[what] = Future()
        return Written(next(self._numbers), self.pending[what])


@pytest.fixture
def disk() -> SlowDisk:
    return SlowDisk()


@pytest.fixture
def journal(qtbot: QtBot, disk: SlowDisk) -> Iterator[ChatJournal]:
    def make(_sink: Callable[[StoreNotice], None]) -> ConversationStore:
        return disk

    access = StoreAccess(make)
    journal = ChatJournal(access)
    access.open()
    qtbot.waitUntil(lambda: access.is_open)
    yield journal
    access.close()


def test_an_answer_is_asked_for_as_soon_as_its_question_is_on_disk(
    qtbot: QtBot, disk: SlowDisk, journal: ChatJournal
) -> None:
    asked: list[str] = []
    journal.add_question(QUESTION)
    journal.begin_answer(lambda: asked.append("now"))
    disk.pending["chat"].set_result(None)
    with qtbot.waitSignal(journal.changed):
        pass  # told after the chat was written
    assert asked == []
    disk.pending["question"].set_result(None)
    qtbot.waitUntil(lambda: bool(asked))
    assert not disk.pending["answer"].done()
    disk.pending["answer"].set_result(None)
    qtbot.wait(1)
    assert asked == ["now"], "once"


def test_another_version_of_an_answer_waits_for_nothing(
    qtbot: QtBot, disk: SlowDisk, journal: ChatJournal
) -> None:
    asked: list[str] = []
    journal.show(7, ())
    entry = journal.add_question(QUESTION)
    entry.saved = None  # as one that was read from the disk
    journal.begin_answer(lambda: asked.append("now"))
    assert asked == ["now"]
    assert not disk.pending["answer"].done()


def test_a_question_that_cannot_be_saved_is_answered_all_the_same(
    qtbot: QtBot, disk: SlowDisk, journal: ChatJournal
) -> None:
    asked: list[str] = []
    told: list[Any] = []
    journal.access.failed.connect(told.append)
    journal.add_question(QUESTION)
    journal.begin_answer(lambda: asked.append("now"))
    broken = StorageError("no", code=ErrorCode.STORAGE_NOT_WRITABLE)
    disk.pending["question"].set_exception(broken)
    qtbot.waitUntil(lambda: bool(asked))
    assert [error.code for error in told] == [ErrorCode.STORAGE_NOT_WRITABLE]
