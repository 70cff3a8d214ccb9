"""What the list of chats shows beside a chat: its answer is being made, waits, or came unseen."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from app.controllers.answering import Answering
from app.controllers.chat_journal import ChatJournal
from app.controllers.turn import Ending, Turn
from app.viewmodels.chat_list_rows import ChatMark

_LOG = logging.getLogger(__name__)


class ChatMarks(QObject):
    """Marks of saved chats; those of answers that came unseen last until the chat is shown, also
    over a restart."""

    changed = Signal(object)  # dict[int, ChatMark]
    came_unseen = Signal(int)  # id of a chat whose answer is complete

    def __init__(
        self, answering: Answering, journal: ChatJournal, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._answering = answering
        self._journal = journal
        self._unseen: dict[int, ChatMark] = {}
        self._told: dict[int, ChatMark] = {}
        answering.began.connect(lambda _: self._tell())
        answering.moved.connect(lambda _: self._tell())
        answering.ended.connect(self._on_ended)
        journal.changed.connect(self._tell)  # a new chat has got its id

    def restore(self) -> None:
        """Bring back what was unseen when the window was closed."""
        main = self._journal.main_access
        main.call(lambda store: store.list_unseen(), self._on_restored, _log)

    def see(self, chat_id: int | None) -> None:
        """A chat is shown: nothing in it is unseen any more."""
        if chat_id is not None and self._unseen.pop(chat_id, None) is not None:
            self._remember(chat_id, "")
            self._tell()

    def _on_restored(self, unseen: dict[int, str]) -> None:
        known = {chat_id: why for chat_id, why in unseen.items() if why in set(ChatMark)}
        self._unseen = {chat_id: ChatMark(why) for chat_id, why in known.items()} | self._unseen
        self._tell()

    def _remember(self, chat_id: int, why: str) -> None:
        main = self._journal.main_access
        main.call(lambda store: store.set_unseen(chat_id, why), failed=_log)

    def _on_ended(self, turn: Turn, ending: Ending) -> None:
        chat_id = turn.chat.id
        is_unseen = not turn.chat.is_same(self._journal.chat)
        if chat_id is not None and is_unseen and turn.chat.access is self._journal.main_access:
            if ending.error is not None:
                self._unseen[chat_id] = ChatMark.FAILED
                self._remember(chat_id, ChatMark.FAILED)
            elif ending.is_clean:
                self._unseen[chat_id] = ChatMark.UNREAD
                self._remember(chat_id, ChatMark.UNREAD)
                self.came_unseen.emit(chat_id)
        self._tell()

    def _tell(self) -> None:
        marks = dict(self._unseen)
        for turn in self._answering.turns:
            if turn.chat.id is not None and turn.chat.access is self._journal.main_access:
                mark = ChatMark.WAITING if turn.is_waiting else ChatMark.ANSWERING
                marks[turn.chat.id] = mark
        if marks != self._told:
            self._told = marks
            self.changed.emit(marks)


def _log(error: BaseException) -> None:
    """A mark is not worth a word to the user."""
    _LOG.info("marks of chats: %r", error)
