"""The list of chats: what is in it, opening one, and everything done to chats as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.chat_controller import ChatController
from app.controllers.chat_journal import ChatJournal
from app.controllers.store_access import StoreAccess
from app.controllers.turn import Turn
from app.core.conversation import MessageState
from app.core.translation import Translate
from app.viewmodels.transcript_model import TranscriptModel

if TYPE_CHECKING:
    from app.core.conversation_store import ConversationStore
    from app.core.store.values import Deletion, OpenedChat, SearchHit, StoredFolder, StoredMessage

LIST_LIMIT = 100_000
REFRESH_MS = 40
SEARCH_MS = 120
MAX_HITS = 80


class HistoryController(QObject):
    """Guarantees: of several chats opened in a row only the last is shown; the list is read anew
    after every change, soon and once."""

    listed = Signal(object, object)  # tuple[StoredChat, ...], tuple[StoredFolder, ...]
    found = Signal(object)  # tuple[SearchHit, ...], or None: no search
    opened = Signal(object)  # OpenedChat
    shown = Signal(object)  # id of the open chat, or None
    message_wanted = Signal(int)  # row to be scrolled to
    deleted = Signal(object, int)  # Deletion, number of chats
    folder_added = Signal(int)

    def __init__(
        self,
        journal: ChatJournal,
        chat: ChatController,
        transcript: TranscriptModel,
        *,
        translate: Translate,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._journal = journal
        self._access: StoreAccess = journal.main_access
        self._chat = chat
        self._transcript = transcript
        self._translate = translate
        self._wanted: tuple[int, int | None] | None = None
        self._is_outdated = False
        """Whether an answer of the wanted chat came or went since that was asked for."""
        self._query = ""
        self._refresh_timer = self._timer(REFRESH_MS, self._read_list)
        self._search_timer = self._timer(SEARCH_MS, self._search_now)
        self._access.opened.connect(lambda _: self.refresh())
        journal.changed.connect(self.refresh)
        journal.begun.connect(lambda _: self._tell_shown())
        chat.emptied.connect(self._on_emptied)
        chat.answering.began.connect(self._on_answering)
        chat.answering.ended.connect(lambda turn, _: self._on_answering(turn))

    def _timer(self, interval_ms: int, run: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(run)
        return timer

    def start(self) -> None:
        """Open the store and list what is in it."""
        self._access.open()

    def refresh(self) -> None:
        """Read the list anew, soon; so is a search."""
        if not self._refresh_timer.isActive():
            self._refresh_timer.start()

    @property
    def is_refreshing(self) -> bool:
        """Whether the list will soon be read anew."""
        return self._refresh_timer.isActive()

    def open_chat(self, chat_id: int, *, message_id: int | None = None) -> None:
        """Show a chat; with a message, the branch that leads through it, scrolled to it."""
        is_shown = chat_id == self._journal.chat_id and not self._journal.is_temporary
        row = self._journal.row_of(message_id) if is_shown and message_id is not None else None
        if is_shown and (message_id is None or row is not None):
            self._wanted = None
            self.shown.emit(chat_id)
            if row is not None:
                self.message_wanted.emit(row)
            return
        self._wanted = (chat_id, message_id)
        if message_id is not None:
            self._access.call(lambda store: store.show_message(message_id))
        self._read_chat(chat_id)

    def open_hit(self, hit: SearchHit) -> None:
        """Show where a search found something."""
        self.open_chat(hit.chat_id, message_id=hit.message_id)

    def new_chat(self, *, folder_id: int | None = None) -> None:
        """Start a new chat, in a folder if one is named."""
        self._wanted = None
        self._chat.new_chat()
        self._journal.start_new(folder_id=folder_id)

    def search(self, query: str) -> None:
        """Look for words in all chats; an empty query ends the search."""
        self._query = query.strip()
        if self._query:
            self._search_timer.start()
        else:
            self._search_timer.stop()
            self.found.emit(None)

    def rename(self, chat_id: int, title: str) -> None:
        """Give a chat the user's own title."""
        self._change(lambda store: store.rename_chat(chat_id, title))

    def pin(self, chat_ids: Sequence[int], *, on: bool) -> None:
        """Keep chats at the top, or no longer."""
        for chat_id in chat_ids:
            self._change(partial(_pin, chat_id=chat_id, on=on))

    def move(self, chat_ids: Sequence[int], folder_id: int | None) -> None:
        """Put chats into a folder, or take them out of any."""
        for chat_id in chat_ids:
            self._change(partial(_move, chat_id=chat_id, folder_id=folder_id))

    def delete(self, chat_ids: Sequence[int]) -> None:
        """Delete chats; the open one gives way to a new chat."""
        ids = tuple(chat_ids)
        if not ids:
            return
        self._chat.stop_in(ids)
        if self._journal.chat_id in ids and not self._journal.is_temporary:
            self._chat.new_chat()
        self._access.call(lambda store: store.delete_chats(ids), self._on_deleted)

    def undo(self, deletion: Deletion) -> None:
        """Bring back what was deleted."""
        self._change(lambda store: store.undo(deletion))

    def create_folder(self, name: str, chat_ids: Sequence[int] = ()) -> None:
        """Add a folder and put chats into it."""
        ids = tuple(chat_ids)

        def create(store: ConversationStore) -> None:
            written = store.create_folder(name)
            self._access.watch(written.saved, lambda _: self.folder_added.emit(written.id))
            self.move(ids, written.id)
            self.refresh()

        self._access.with_store(create, self._access.report)

    def rename_folder(self, folder_id: int, name: str) -> None:
        """Give a folder another name."""
        self._change(lambda store: store.rename_folder(folder_id, name))

    def delete_folder(self, folder_id: int) -> None:
        """Remove a folder; its chats stay."""
        self._change(lambda store: store.delete_folder(folder_id))

    def duplicate(self, chat_id: int, *, upto_message_id: int | None = None) -> None:
        """Copy the shown branch of a chat, up to a message, into a new chat and open that."""

        def copy(store: ConversationStore) -> None:
            written = store.duplicate_chat(chat_id, upto_message_id=upto_message_id)
            self._access.watch(written.saved, lambda _: self.refresh())
            self.open_chat(written.id)

        self._access.with_store(copy, self._access.report)

    def _read_chat(self, chat_id: int) -> None:
        self._is_outdated = False
        self._access.call(lambda store: store.open_chat(chat_id), self._on_opened)

    def _on_answering(self, turn: Turn) -> None:
        if self._wanted is not None and turn.chat.id == self._wanted[0]:
            self._is_outdated = True

    def _change(self, ask: Callable[[ConversationStore], Future[None]]) -> None:
        self._access.call(ask, lambda _: self.refresh())

    def _read_list(self) -> None:
        folders: list[tuple[StoredFolder, ...]] = []
        self._access.call(lambda store: store.list_folders(), folders.append)
        self._access.call(
            lambda store: store.list_chats(limit=LIST_LIMIT),
            lambda page: self.listed.emit(page.chats, folders[0] if folders else ()),
        )
        if self._query:
            self._search_now()

    def _search_now(self) -> None:
        query = self._query

        def take(hits: tuple[SearchHit, ...]) -> None:
            if query == self._query:
                self.found.emit(hits)

        if query:
            self._access.call(lambda store: store.search(query, MAX_HITS), take)

    def _on_opened(self, opened: OpenedChat) -> None:
        if self._wanted is None or opened.chat.id != self._wanted[0]:
            return  # another one was asked for meanwhile
        if self._is_outdated:
            self._read_chat(opened.chat.id)
            return
        message_id = self._wanted[1]
        self._wanted = None
        self._chat.leave()
        self._journal.show(opened.chat.id, opened.messages)
        self._transcript.replace([stored.message for stored in opened.messages])
        dress_rows(self._transcript, 0, opened.messages, self._translate)
        self.opened.emit(opened)
        self._chat.take_up()
        self._tell_shown()
        row = self._journal.row_of(message_id) if message_id is not None else None
        if row is not None:
            self.message_wanted.emit(row)

    def _on_deleted(self, deletion: Deletion) -> None:
        self.refresh()
        if deletion.chat_ids:
            self.deleted.emit(deletion, len(deletion.chat_ids))

    def _on_emptied(self) -> None:
        self._wanted = None
        self._tell_shown()

    def _tell_shown(self) -> None:
        self.shown.emit(None if self._journal.is_temporary else self._journal.chat_id)


def dress_rows(
    transcript: TranscriptModel,
    first: int,
    messages: Sequence[StoredMessage],
    translate: Translate,
) -> None:
    """Show versions, and what became of answers that did not end well."""
    for row, stored in enumerate(messages, first):
        if stored.version_count > 1:
            transcript.set_versions(row, stored.version - 1, stored.version_count)
        note = state_note(stored.message.state, translate)
        if note:
            transcript.set_notice(row, note)


def state_note(state: MessageState, translate: Translate) -> str:
    """What to say about an answer that did not end well, long after."""
    match state:
        case MessageState.INTERRUPTED:
            return translate("History", "The answer was interrupted; the text so far was kept.")
        case MessageState.ERROR:
            return translate("History", "No answer could be made.")
    return ""


def _pin(store: ConversationStore, *, chat_id: int, on: bool) -> Future[None]:
    return store.pin_chat(chat_id, on)


def _move(store: ConversationStore, *, chat_id: int, folder_id: int | None) -> Future[None]:
    return store.move_chat(chat_id, folder_id)
