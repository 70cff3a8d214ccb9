"""Calls about the messages of a chat. Every call returns at once; see `ConversationStore`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from concurrent.futures import Future

from app.core.conversation import Message, MessageState
from app.core.store import messages, tree
from app.core.store.calls import StoreCalls
from app.core.store.deletion import delete_messages
from app.core.store.values import Deletion, NoSuchItemError, StoredMessage, Written
from engine.events import TextSpan
from engine.messages import Role


class MessageCalls(StoreCalls):
    """Adds, streams, finishes, edits, switches and deletes messages."""

    def add_message(self, chat_id: int, parent_id: int | None, message: Message) -> Written:
        """Add a message below `parent_id` (None: as a first message); it is shown from now on.

        `saved` fails with NoSuchItemError when there is no such chat or parent.
        """
        message_id, now = self._take_id("message"), self._clock()
        return self._add(
            message_id,
            lambda connection: messages.insert_message(
                connection,
                message_id,
                chat_id=chat_id,
                parent_id=parent_id,
                message=message,
                now=now,
            ),
        )

    def begin_answer(self, parent_id: int) -> Written:
        """Add an empty, streaming answer below a message; further ones are its versions."""
        message_id, now = self._take_id("message"), self._clock()
        answer = Message(role=Role.ASSISTANT, text="", state=MessageState.STREAMING)
        return self._add(
            message_id,
            lambda connection: messages.insert_message(
                connection,
                message_id,
                chat_id=messages.chat_of(connection, parent_id),
                parent_id=parent_id,
                message=answer,
                now=now,
            ),
        )

    def append_delta(
        self, message_id: int, text: str, spans: tuple[TextSpan, ...] = ()
    ) -> Future[None]:
        """Commit the next stretch of a streaming answer; gather 150-250 ms (`DeltaBatcher`)."""
        return self._write(
            lambda connection: messages.append_fragment(connection, message_id, text, spans)
        )

    def finish_answer(self, message_id: int, message: Message) -> Future[None]:
        """Give a message its final text, state, spans and report, replacing what was streamed."""
        now = self._clock()
        return self._write(
            lambda connection: messages.finish_message(connection, message_id, message, now)
        )

    def resume_answer(self, message_id: int) -> Future[None]:
        """Let a finished answer stream on from where it ended; fails with NoSuchItemError."""
        return self._write(lambda connection: messages.resume_message(connection, message_id))

    def edit_message(self, message_id: int, text: str) -> Written:
        """Add another version of a message with its own branch below, and show it."""
        new_id, now = self._take_id("message"), self._clock()

        def add(connection: sqlite3.Connection) -> None:
            row = connection.execute(
                "SELECT chat_id, parent_id, role FROM message WHERE id = ?", (message_id,)
            ).fetchone()
            if row is None:
                raise NoSuchItemError(f"message {message_id}")
            messages.insert_message(
                connection,
                new_id,
                chat_id=row[0],
                parent_id=row[1],
                message=Message(role=Role(row[2]), text=text),
                now=now,
            )

        return self._add(new_id, add)

    def switch_version(self, message_id: int) -> Future[tuple[StoredMessage, ...]]:
        """Show this version; resolves with the branch from it down."""

        def switch(connection: sqlite3.Connection) -> tuple[StoredMessage, ...]:
            tree.show_message(connection, message_id)
            return tree.read_branch_from(connection, message_id, detailed_tail=50)

        return self._write(switch)

    def show_message(self, message_id: int) -> Future[None]:
        """Make the shown branch lead through a message, e.g. one that a search found."""
        return self._write(lambda connection: tree.show_message(connection, message_id))

    def siblings(self, message_id: int) -> Future[tuple[int, int]]:
        """(index from 1, count) of a message among its versions; fails with NoSuchItemError."""
        return self._read(lambda connection: tree.read_siblings(connection, message_id))

    def version_ids(self, message_id: int) -> Future[tuple[int, ...]]:
        """All versions of a message, oldest first; fails with NoSuchItemError."""
        return self._read(lambda connection: tuple(tree.sibling_ids(connection, message_id)))

    def load_details(self, message_ids: Iterable[int]) -> Future[tuple[StoredMessage, ...]]:
        """Messages with spans and reports; ids that are gone are left out."""
        wanted = tuple(message_ids)
        return self._read(lambda connection: tree.read_messages(connection, wanted))

    def delete_messages(
        self, message_ids: Iterable[int], *, and_following: bool = False
    ) -> Future[Deletion]:
        """Delete messages; `undo` brings them back until `purge_deleted` or the next start.

        A message with other versions goes with all that follows it, and another version is shown.
        One without goes alone, unless `and_following`.
        """
        wanted, now = tuple(message_ids), self._clock()
        return self._write(
            lambda connection: delete_messages(
                connection, wanted, and_following=and_following, now=now
            )
        )
