"""Writes the open chat into its store as it goes on, and knows which message is which there.

It shows nothing. Rows are those of the transcript: the two are changed together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.answer_record import AnswerRecord
from app.controllers.open_chat import Entry, OpenChat, entry_of
from app.controllers.store_access import StoreAccess
from app.core.chat_title import first_words
from app.core.conversation import Message

if TYPE_CHECKING:
    from app.core.conversation_store import ConversationStore
    from app.core.store.values import StoredMessage, Written

SAVE_GRACE_MS = 1500
"""How long an answer waits for its question to be on disk; a full disk must not end all talk."""

Saved = Callable[[], None]


class ChatJournal(QObject):
    """The open chat in its store; `chat_id` None: nothing was said yet.

    `changed()` follows whatever makes the list of chats look different, `begun(chat_id)` the
    first message of a new chat.
    """

    changed = Signal()
    begun = Signal(int)

    def __init__(self, access: StoreAccess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.main_access = access
        self.entries: list[Entry] = []
        self._chat = OpenChat(access)
        self._records: set[AnswerRecord] = set()

    @property
    def access(self) -> StoreAccess:
        """The store of the open chat."""
        return self._chat.access

    @property
    def chat(self) -> OpenChat:
        """The open chat, whether anything was said in it or not."""
        return self._chat

    @property
    def chat_id(self) -> int | None:
        """The open chat."""
        return self._chat.id

    @property
    def is_temporary(self) -> bool:
        """Whether the open chat is kept in memory only."""
        return self.access is not self.main_access

    def start_new(self, *, access: StoreAccess | None = None, folder_id: int | None = None) -> None:
        """Turn to a new chat, in the main store unless another is named."""
        self._chat = OpenChat(access or self.main_access, folder_id=folder_id)
        self.entries = []

    def show(self, chat_id: int, messages: Iterable[StoredMessage]) -> None:
        """Turn to a chat of the main store."""
        self._chat = OpenChat(self.main_access, id=chat_id)
        self.entries = [entry_of(message) for message in messages]

    def replace_from(self, row: int, messages: Iterable[StoredMessage]) -> None:
        """Put another branch in place of what stood from `row` on."""
        self.entries[row:] = [entry_of(message) for message in messages]

    def truncate(self, row: int) -> None:
        """What stood from `row` on is no longer part of the shown branch."""
        del self.entries[row:]

    def row_of(self, message_id: int) -> int | None:
        """The row of a message, None when the shown branch does not hold it."""
        for row, entry in enumerate(self.entries):
            if entry.id == message_id:
                return row
        return None

    def message_id(self, row: int) -> int | None:
        """The id of a row, None when it was not saved."""
        return self.entries[row].id if 0 <= row < len(self.entries) else None

    def add_question(self, message: Message) -> Entry:
        """Write a message of the user at the end of the branch."""
        above = self.entries[-1] if self.entries else None
        entry = self.write_question(self._chat, above, message)
        self.entries.append(entry)
        return entry

    def write_question(self, chat: OpenChat, above: Entry | None, message: Message) -> Entry:
        """Write a message of the user below another one of any chat."""
        entry = Entry()

        def add(store: ConversationStore) -> None:
            is_first = chat.id is None
            chat_id = self._id_of(chat, store, message)
            parent = above.id if above else None
            self._enter(chat, entry, store.add_message(chat_id, parent, message))
            if is_first and chat is self._chat:
                self.begun.emit(chat_id)

        chat.access.with_store(add, chat.access.report)
        return entry

    def add_version(self, row: int, text: str) -> Entry:
        """Write another version of the user's message at `row`; the branch goes on from it."""
        old = self.entries[row]
        self.truncate(row)
        entry = Entry(version=old.version_count + 1, version_count=old.version_count + 1)
        self.entries.append(entry)
        chat = self._chat

        def add(store: ConversationStore) -> None:
            if old.id is not None:
                self._enter(chat, entry, store.edit_message(old.id, text))

        chat.access.with_store(add, chat.access.report)
        return entry

    def begin_answer(self, then: Saved, *, replaced: Entry | None = None) -> AnswerRecord:
        """Write an empty answer at the end; `then` once the question above it is on disk.

        `replaced`: the answer of which this is another version.
        """
        record = self.write_answer(self._chat, self.entries[-1], then, replaced=replaced)
        self.entries.append(record.entry)
        return record

    def write_answer(
        self, chat: OpenChat, parent: Entry, then: Saved, *, replaced: Entry | None = None
    ) -> AnswerRecord:
        """As `begin_answer`, below a message of any chat."""
        count = replaced.version_count + 1 if replaced is not None else 1
        entry = Entry(version=count, version_count=count)
        once, access = self._once(then), chat.access

        def add(store: ConversationStore) -> None:
            if parent.id is None:
                once()
                return
            written = store.begin_answer(parent.id)
            entry.id = written.id
            access.watch(written.saved)
            if parent.saved is None:
                once()
            else:
                access.watch(parent.saved, lambda _: once(), lambda _: once())

        access.with_store(add, lambda error: fail(access, error, once))
        return self._record(access, entry)

    def resume_answer(self, row: int, then: Saved) -> AnswerRecord:
        """Let the answer at `row` go on; `then` once that is on disk."""
        entry = self.entries[row]
        once, access, message_id = self._once(then), self.access, entry.id
        if message_id is None:
            once()
        else:
            access.call(
                lambda store: store.resume_answer(message_id),
                lambda _: once(),
                lambda error: fail(access, error, once),
            )
        return self._record(access, entry)

    def flush(self) -> None:
        """Commit what streamed in so far: the program is about to end."""
        for record in list(self._records):
            record.flush()

    def _id_of(self, chat: OpenChat, store: ConversationStore, message: Message) -> int:
        if chat.id is None:
            title = first_words(message.text)
            created = store.create_chat(title=title, folder_id=chat.folder_id)
            chat.id = self._written(chat, created)
        return chat.id

    def _record(self, access: StoreAccess, entry: Entry) -> AnswerRecord:
        record = AnswerRecord(access, entry, self)
        self._records.add(record)
        record.ended.connect(lambda: self._records.discard(record))
        record.ended.connect(self.changed)
        return record

    def _enter(self, chat: OpenChat, entry: Entry, written: Written) -> None:
        entry.id, entry.saved = self._written(chat, written), written.saved

    def _written(self, chat: OpenChat, written: Written) -> int:
        chat.access.watch(written.saved, lambda _: self.changed.emit())
        return written.id

    def _once(self, then: Saved) -> Saved:
        """`then` at the first call, or after the grace."""
        pending = [then]

        def run() -> None:
            if pending:
                pending.pop()()

        QTimer.singleShot(SAVE_GRACE_MS, self, run)
        return run


def fail(access: StoreAccess, error: BaseException, once: Saved) -> None:
    """It could not be saved; the answer is worth having all the same."""
    access.report(error)
    once()
