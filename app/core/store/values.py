"""What the conversation store takes and gives: plain values, no SQL and no text for people."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.core.conversation import Message
from engine.messages import Role

Fact = str | int | float


class TitleSource(StrEnum):
    """Who named a chat. A title made by the program may be replaced by the program."""

    AUTO = "auto"
    USER = "user"


class NoticeCode(StrEnum):
    """What the store has to tell. The window has a sentence for each."""

    ANSWERS_INTERRUPTED = "answers_interrupted"
    """Answers were still streaming when the program died; facts: count."""
    DAMAGE_REPAIRED = "damage_repaired"
    """Facts: messages, chats, lost, altered, from_backup, backup (file name or ""), moved_to."""
    NEWER_SCHEMA = "newer_schema"
    """Made by a newer version, opened for reading only; facts: found, known."""
    SAVING_PAUSED_DISK_FULL = "saving_paused_disk_full"
    """Writes wait in memory and are tried again; facts: waiting."""
    SAVING_PAUSED_NOT_WRITABLE = "saving_paused_not_writable"
    """As above, for another reason; facts: waiting, reason."""
    SAVING_RESUMED = "saving_resumed"
    """Everything that waited is on disk; facts: saved."""
    NOT_SAVING = "not_saving"
    """No file could be opened; this session is kept in memory only; facts: reason."""
    UNSAVED_AT_CLOSE = "unsaved_at_close"
    """The store was closed while writes still waited; facts: lost."""
    BACKUP_FAILED = "backup_failed"
    """Facts: reason, folder."""
    SEARCH_INDEX_REBUILT = "search_index_rebuilt"
    """The index was damaged and is being made anew; search works meanwhile."""
    SEARCH_INDEX_UNAVAILABLE = "search_index_unavailable"
    """This SQLite has no trigram index; search reads all texts. Facts: reason."""
    JOURNAL_UNSUPPORTED = "journal_unsupported"
    """No write-ahead log here (a network folder?); slower, still safe. Facts: journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreNotice:
    """Something the user may need to know."""

    code: NoticeCode
    facts: tuple[tuple[str, Fact], ...] = ()

    def fact(self, name: str) -> Fact:
        """One of the facts. Raises KeyError when this notice has none of that name."""
        return dict(self.facts)[name]


def make_notice(code: NoticeCode, **facts: Fact) -> StoreNotice:
    """Build a notice from keyword facts."""
    return StoreNotice(code=code, facts=tuple(facts.items()))


@dataclass(frozen=True, slots=True)
class Written:
    """The id of something new, and when it is safe on disk.

    `id` may be used in further calls at once: writes are done in the order they were asked for.
    `saved` resolves after the commit; while the disk is full it stays pending.
    """

    id: int
    saved: Future[None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFolder:
    """A folder of chats."""

    id: int
    name: str
    chat_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChat:
    """A chat as a list shows it. Times are seconds since the epoch."""

    id: int
    title: str
    title_source: TitleSource
    created_at: float
    updated_at: float
    folder_id: int | None
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPage:
    """Part of the list of chats: pinned ones first, then the most recently used."""

    chats: tuple[StoredChat, ...]
    total: int
    """Chats in the whole list, not only on this page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """One message with its identity."""

    id: int
    parent_id: int | None
    """The message this one answers or follows in the tree; None for a first message."""
    message: Message
    created_at: float
    version: int = 1
    """Which of the versions of this message it is, from 1."""
    version_count: int = 1
    details_loaded: bool = True
    """False: spans and report were left out; `load_details` reads them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedChat:
    """A chat with the branch that is shown."""

    chat: StoredChat
    system_prompt: str
    settings: Mapping[str, Any]
    draft: str
    """Text left in the composer."""
    messages: tuple[StoredMessage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One place where a search found something."""

    chat_id: int
    chat_title: str
    message_id: int | None
    """None: the title matched."""
    role: Role | None
    created_at: float
    snippet: str
    """A stretch of the text around the first match, on one line."""
    matches: tuple[tuple[int, int], ...]
    """(start, length) within the snippet."""
    offset: int
    """Where the first match starts in the text of the message."""
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """What a deletion changed, for undoing it."""

    chat_ids: tuple[int, ...] = ()
    message_ids: tuple[int, ...] = ()
    pointers: tuple[tuple[str, int, int | None], ...] = ()
    """(table, id, which child was shown before)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeMessage:
    """A message of a whole chat; `parent` is an index into the same tuple."""

    message: Message
    parent: int | None
    created_at: float
    shown: bool = False
    """Whether this version was chosen by the user among its siblings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTree:
    """A chat with all its branches, without ids: what export writes and import reads.

    Raises:
        ValueError: a parent does not come before its child.
    """

    title: str
    title_source: TitleSource = TitleSource.AUTO
    created_at: float
    updated_at: float
    folder: str | None = None
    pinned: bool = False
    system_prompt: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    draft: str = ""
    messages: tuple[TreeMessage, ...] = ()

    def __post_init__(self) -> None:
        for index, node in enumerate(self.messages):
            if node.parent is not None and not 0 <= node.parent < index:
                raise ValueError(f"message {index}: its parent must come before it")

    def shown_branch(self) -> tuple[Message, ...]:
        """The messages of the branch that is shown, first to last."""
        children: dict[int | None, list[int]] = {}
        for index, node in enumerate(self.messages):
            children.setdefault(node.parent, []).append(index)
        branch: list[Message] = []
        at: int | None = None
        while at in children:
            chosen = [index for index in children[at] if self.messages[index].shown]
            at = (chosen or children[at])[-1]
            branch.append(self.messages[at].message)
        return tuple(branch)


class NoSuchItemError(LookupError):
    """The chat, folder or message is not (or no longer) in the store."""


class StoreClosedError(RuntimeError):
    """The store was not opened yet, or is closed."""
