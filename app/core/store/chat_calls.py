"""Calls about chats and folders. Every call returns at once; see `ConversationStore`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from typing import Any

from app.core.store import chats, unseen, whole_chats
from app.core.store.calls import StoreCalls
from app.core.store.codec import clean_text
from app.core.store.deletion import undo_deletion
from app.core.store.search import search
from app.core.store.tree import read_shown_branch
from app.core.store.values import (
    ChatPage,
    ChatTree,
    Deletion,
    OpenedChat,
    SearchHit,
    StoredChat,
    StoredFolder,
    TitleSource,
    Written,
)


class ChatCalls(StoreCalls):
    """Lists, opens, changes, copies, deletes and finds chats."""

    def create_chat(
        self,
        *,
        title: str = "",
        title_source: TitleSource = TitleSource.AUTO,
        folder_id: int | None = None,
        system_prompt: str = "",
        settings: Mapping[str, Any] | None = None,
    ) -> Written:
        """Add an empty chat. `settings` must be what JSON can hold."""
        chat_id, now = self._take_id("chat"), self._clock()
        return self._add(
            chat_id,
            lambda connection: chats.insert_chat(
                connection,
                chat_id,
                title=title,
                title_source=title_source,
                folder_id=folder_id,
                system_prompt=system_prompt,
                settings=settings or {},
                now=now,
            ),
        )

    def list_chats(
        self, *, after: StoredChat | None = None, limit: int = 200, folder_id: int | None = None
    ) -> Future[ChatPage]:
        """Pinned chats first, then the most recently used; `after`: the last of the page before."""
        return self._read(
            lambda connection: chats.list_chats(
                connection, after=after, limit=limit, folder_id=folder_id
            )
        )

    def open_chat(self, chat_id: int, *, detailed_tail: int = 50) -> Future[OpenedChat]:
        """A chat with its shown branch; fails with NoSuchItemError.

        Spans and reports come with the last `detailed_tail` messages; `load_details` has the rest.
        """

        def read(connection: sqlite3.Connection) -> OpenedChat:
            chat, system_prompt, settings, draft = chats.read_chat(connection, chat_id)
            branch = read_shown_branch(connection, chat_id, detailed_tail=detailed_tail)
            return OpenedChat(
                chat=chat,
                system_prompt=system_prompt,
                settings=settings,
                draft=draft,
                messages=branch,
            )

        return self._read(read)

    def rename_chat(self, chat_id: int, title: str) -> Future[None]:
        """The user's own title; no automatic one replaces it."""
        return self._update(chat_id, title=clean_text(title), title_source=TitleSource.USER)

    def set_auto_title(self, chat_id: int, title: str) -> Future[bool]:
        """A title made by the program; resolves with False when the user named the chat."""
        return self._write(lambda connection: chats.set_auto_title(connection, chat_id, title))

    def pin_chat(self, chat_id: int, pinned: bool) -> Future[None]:
        """Keep a chat at the top of the list, or no longer."""
        return self._update(chat_id, pinned=int(pinned))

    def move_chat(self, chat_id: int, folder_id: int | None) -> Future[None]:
        """Put a chat into a folder; None takes it out."""
        return self._update(chat_id, folder_id=folder_id)

    def set_settings(self, chat_id: int, settings: Mapping[str, Any]) -> Future[None]:
        """Replace a chat's settings. Raises ValueError, TypeError for what JSON cannot hold."""
        return self._update(chat_id, settings=chats.dump_settings(settings))

    def set_draft(self, chat_id: int, text: str) -> Future[None]:
        """Keep what stands in the composer; "" forgets it."""
        return self._update(chat_id, draft=clean_text(text))

    def set_unseen(self, chat_id: int, why: str) -> Future[None]:
        """Remember that something in a chat was not seen, and what; "" when it was."""
        return self._write(lambda connection: unseen.set_unseen(connection, chat_id, why))

    def list_unseen(self) -> Future[dict[int, str]]:
        """What `set_unseen` remembers, by chat."""
        return self._read(unseen.list_unseen)

    def _update(self, chat_id: int, **values: Any) -> Future[None]:
        return self._write(lambda connection: chats.update_chat(connection, chat_id, **values))

    def delete_chats(self, chat_ids: Iterable[int]) -> Future[Deletion]:
        """Delete chats; `undo` brings them back until `purge_deleted` or the next start."""
        wanted, now = tuple(chat_ids), self._clock()
        return self._write(
            lambda connection: Deletion(chat_ids=chats.mark_chats_deleted(connection, wanted, now))
        )

    def undo(self, deletion: Deletion) -> Future[None]:
        """Bring back what one call deleted; fails with NoSuchItemError when it is gone for good."""
        return self._write(lambda connection: undo_deletion(connection, deletion))

    def duplicate_chat(
        self, chat_id: int, *, upto_message_id: int | None = None, title: str | None = None
    ) -> Written:
        """Copy the shown branch, up to and with one message, into a new chat.

        `saved` fails with NoSuchItemError when the message is not on the shown branch.
        """
        new_id, ids = self._take_id("chat"), self._id_source()

        def copy(connection: sqlite3.Connection) -> None:
            tree = whole_chats.read_branch_as_tree(
                connection, chat_id, upto_message_id=upto_message_id
            )
            message_ids = ids.take_many("message", len(tree.messages))
            folder = connection.execute("SELECT folder_id FROM chat WHERE id = ?", (chat_id,))
            whole_chats.insert_tree(
                connection, new_id, message_ids, tree, folder_id=folder.fetchone()[0]
            )
            changed = {"updated_at": self._clock()}
            chats.update_chat(connection, new_id, **changed)
            if title is not None:
                chats.update_chat(connection, new_id, title=clean_text(title))

        return self._add(new_id, copy)

    def read_tree(self, chat_id: int) -> Future[ChatTree]:
        """A whole chat with branches, spans and reports, for export; fails with NoSuchItemError."""
        return self._read(lambda connection: whole_chats.read_tree(connection, chat_id))

    def import_chats(self, trees: Iterable[ChatTree]) -> Future[tuple[int, ...]]:
        """Add whole chats, all or none; resolves with their ids. Folders go by name."""
        wanted, ids, now = tuple(trees), self._id_source(), self._clock()

        def add(connection: sqlite3.Connection) -> tuple[int, ...]:
            chat_ids = ids.take_many("chat", len(wanted))
            for chat_id, tree in zip(chat_ids, wanted, strict=True):
                spare_id = ids.take("folder")
                folder_id = whole_chats.folder_named(connection, tree.folder, spare_id, now)
                message_ids = ids.take_many("message", len(tree.messages))
                whole_chats.insert_tree(connection, chat_id, message_ids, tree, folder_id=folder_id)
            return tuple(chat_ids)

        return self._write(add)

    def create_folder(self, name: str) -> Written:
        """Add a folder for chats."""
        folder_id, now = self._take_id("folder"), self._clock()
        return self._add(
            folder_id, lambda connection: chats.insert_folder(connection, folder_id, name, now)
        )

    def rename_folder(self, folder_id: int, name: str) -> Future[None]:
        """Fails with NoSuchItemError."""
        return self._write(lambda connection: chats.rename_folder(connection, folder_id, name))

    def delete_folder(self, folder_id: int) -> Future[None]:
        """Remove a folder; its chats stay."""
        return self._write(lambda connection: chats.delete_folder(connection, folder_id))

    def list_folders(self) -> Future[tuple[StoredFolder, ...]]:
        """All folders by name."""
        return self._read(chats.list_folders)

    def search(self, query: str, limit: int = 50) -> Future[tuple[SearchHit, ...]]:
        """Find all words of a query in titles and messages of all branches, newest first."""
        return self._read(lambda connection: search(connection, query, limit))
