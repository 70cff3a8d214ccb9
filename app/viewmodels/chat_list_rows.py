"""The rows of the list of chats as values: headings, folders, chats, hits of a search. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.chat_groups import DayGroup, day_group

if TYPE_CHECKING:
    from app.core.store.values import SearchHit, StoredChat, StoredFolder


class RowKind(StrEnum):
    """What a row stands for."""

    HEADING = "heading"
    FOLDER = "folder"
    CHAT = "chat"
    HIT = "hit"
    NOTE = "note"
    """A sentence in an empty list."""


class ChatMark(StrEnum):
    """What stands beside a chat; of several in a folded folder the first one."""

    ANSWERING = "answering"
    WAITING = "waiting"
    FAILED = "failed"
    """The answer came to grief while another chat was shown."""
    UNREAD = "unread"
    """The answer came while another chat was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One row; two rows with the same key stand for the same thing."""

    kind: RowKind
    key: tuple[str, int]
    text: str
    indent: int = 0
    is_expanded: bool = False
    chat: StoredChat | None = None
    folder: StoredFolder | None = None
    hit: SearchHit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWords:
    """What the list says, translated."""

    pinned: str
    folders: str
    untitled: str
    heading: Callable[[DayGroup], str]


def chat_rows(
    chats: Iterable[StoredChat],
    folders: Sequence[StoredFolder],
    *,
    expanded: frozenset[int],
    now: datetime,
    words: ListWords,
) -> Iterator[ListRow]:
    """Pinned chats, folders with their chats when unfolded, then the rest by day."""
    known = {folder.id for folder in folders}
    pinned: list[StoredChat] = []
    inside: dict[int, list[StoredChat]] = {}
    rest: list[StoredChat] = []
    for chat in chats:
        if chat.pinned:
            pinned.append(chat)
        elif chat.folder_id in known and chat.folder_id is not None:
            inside.setdefault(chat.folder_id, []).append(chat)
        else:
            rest.append(chat)
    if pinned:
        yield _heading(words.pinned, 0)
        yield from (_chat(chat, words) for chat in pinned)
    if folders:
        yield _heading(words.folders, 1)
    for folder in folders:
        is_open = folder.id in expanded
        yield ListRow(
            kind=RowKind.FOLDER,
            key=("folder", folder.id),
            text=folder.name,
            folder=folder,
            is_expanded=is_open,
        )
        if is_open:
            yield from (_chat(chat, words, indent=1) for chat in inside.get(folder.id, ()))
    yield from _by_day(rest, now, words)


def _by_day(chats: Iterable[StoredChat], now: datetime, words: ListWords) -> Iterator[ListRow]:
    last: DayGroup | None = None
    number = 2
    for chat in chats:
        group = day_group(datetime.fromtimestamp(chat.updated_at).astimezone(now.tzinfo), now)
        if group != last:
            last = group
            number += 1
            yield _heading(words.heading(group), number)
        yield _chat(chat, words)


def hit_rows(hits: Iterable[SearchHit], words: ListWords) -> Iterator[ListRow]:
    """What a search found, one row per place."""
    for number, hit in enumerate(hits):
        yield ListRow(
            kind=RowKind.HIT,
            key=("hit", number),
            text=hit.chat_title or words.untitled,
            hit=hit,
        )


def _heading(text: str, number: int) -> ListRow:
    return ListRow(kind=RowKind.HEADING, key=("heading", number), text=text)


def _chat(chat: StoredChat, words: ListWords, *, indent: int = 0) -> ListRow:
    return ListRow(
        kind=RowKind.CHAT,
        key=("chat", chat.id),
        text=chat.title or words.untitled,
        chat=chat,
        indent=indent,
    )
