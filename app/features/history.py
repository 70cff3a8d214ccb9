"""The history of chats: opens the store, keeps the open chat in it. Builds and connects only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.controllers.chat_journal import ChatJournal
from app.controllers.store_access import MakeStore, NoticeSink, StoreAccess

if TYPE_CHECKING:
    from app.core.conversation_store import ConversationStore


def make_journal(chats_file: Path, parent: QObject) -> ChatJournal:
    """The journal over the store at `chats_file`; nothing is opened yet."""
    access = StoreAccess(_store_at(chats_file), parent)
    return ChatJournal(access, parent)


def _store_at(path: Path, *, memory_only: bool = False) -> MakeStore:
    def make(on_notice: NoticeSink) -> ConversationStore:
        from app.core.conversation_store import ConversationStore  # not before the first paint

        return ConversationStore(path, on_notice=on_notice, memory_only=memory_only)

    return make
