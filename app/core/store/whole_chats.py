"""Whole chats with all branches: reading one, adding one, copying one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from app.core.conversation import Message, MessageState
from app.core.store.chats import dump_settings, insert_folder, read_chat
from app.core.store.codec import clean_text
from app.core.store.messages import UNFINISHED, write_message
from app.core.store.tree import read_messages, read_shown_branch
from app.core.store.values import ChatTree, NoSuchItemError, TreeMessage


def read_tree(connection: sqlite3.Connection, chat_id: int) -> ChatTree:
    """A chat with everything in it that is not deleted. Raises NoSuchItemError."""
    chat, system_prompt, settings, draft = read_chat(connection, chat_id)
    folder = connection.execute(
        "SELECT name FROM folder WHERE id = ?", (chat.folder_id,)
    ).fetchone()
    return ChatTree(
        title=chat.title,
        title_source=chat.title_source,
        created_at=chat.created_at,
        updated_at=chat.updated_at,
        folder=folder[0] if folder else None,
        pinned=chat.pinned,
        system_prompt=system_prompt,
        settings=settings,
        draft=draft,
        messages=tuple(_read_nodes(connection, chat_id)),
    )


def _read_nodes(connection: sqlite3.Connection, chat_id: int) -> Iterator[TreeMessage]:
    rows = connection.execute(
        "SELECT id, parent_id, deleted_at, active_child_id FROM message WHERE chat_id = ?"
        " ORDER BY id",
        (chat_id,),
    ).fetchall()
    first = connection.execute("SELECT active_child_id FROM chat WHERE id = ?", (chat_id,))
    chosen = {row[3] for row in rows} | {first.fetchone()[0]}
    branch = {shown.id for shown in read_shown_branch(connection, chat_id, detailed_tail=0)}
    removed: set[int] = set()
    positions: dict[int | None, int | None] = {None: None}
    live = [row[0] for row in rows if row[2] is None]
    messages = {found.id: found for found in read_messages(connection, live)}
    for message_id, parent_id, deleted_at, _ in rows:
        if deleted_at is not None:
            # What follows a deleted message hangs on what came before it.
            positions[message_id] = positions[parent_id]
            removed.add(message_id)
            continue
        stored = messages[message_id]
        positions[message_id] = len(positions) - len(removed) - 1
        yield TreeMessage(
            message=stored.message,
            parent=positions[parent_id],
            created_at=stored.created_at,
            shown=message_id in chosen or (parent_id in removed and message_id in branch),
        )


def insert_tree(
    connection: sqlite3.Connection,
    chat_id: int,
    message_ids: list[int],
    tree: ChatTree,
    *,
    folder_id: int | None,
) -> None:
    """Add a whole chat; `message_ids` are the ids for its messages, rising."""
    connection.execute(
        "INSERT INTO chat(id, title, title_source, created_at, updated_at, folder_id, pinned,"
        " system_prompt, settings, draft) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            chat_id,
            clean_text(tree.title),
            tree.title_source,
            tree.created_at,
            tree.updated_at,
            folder_id,
            int(tree.pinned),
            clean_text(tree.system_prompt),
            dump_settings(tree.settings),
            clean_text(tree.draft),
        ),
    )
    for message_id, node in zip(message_ids, tree.messages, strict=True):
        parent_id = None if node.parent is None else message_ids[node.parent]
        write_message(
            connection,
            message_id,
            chat_id=chat_id,
            parent_id=parent_id,
            message=_settled(node.message),
            now=node.created_at,
        )
    for message_id, node in zip(message_ids, tree.messages, strict=True):
        if node.shown:
            table, key = ("chat", chat_id)
            if node.parent is not None:
                table, key = ("message", message_ids[node.parent])
            connection.execute(
                f"UPDATE {table} SET active_child_id = ? WHERE id = ?", (message_id, key)
            )


def _settled(message: Message) -> Message:
    # Nobody will finish a copy of an answer that is still streaming.
    if message.state not in UNFINISHED:
        return message
    return replace(message, state=MessageState.INTERRUPTED)


def read_branch_as_tree(
    connection: sqlite3.Connection, chat_id: int, *, upto_message_id: int | None
) -> ChatTree:
    """The shown branch of a chat (up to and with one message) as a chat of its own.

    Raises:
        NoSuchItemError: there is no such chat, or the message is not on its shown branch.
    """
    chat, system_prompt, settings, _ = read_chat(connection, chat_id)
    branch = read_shown_branch(connection, chat_id, detailed_tail=1 << 60)
    ids = [stored.id for stored in branch]
    if upto_message_id is not None:
        if upto_message_id not in ids:
            raise NoSuchItemError(
                f"message {upto_message_id} on the shown branch of chat {chat_id}"
            )
        branch = branch[: ids.index(upto_message_id) + 1]
    nodes = tuple(
        TreeMessage(
            message=stored.message,
            parent=index - 1 if index else None,
            created_at=stored.created_at,
        )
        for index, stored in enumerate(branch)
    )
    return ChatTree(
        title=chat.title,
        title_source=chat.title_source,
        created_at=chat.created_at,
        updated_at=chat.updated_at,
        system_prompt=system_prompt,
        settings=settings,
        messages=nodes,
    )


def folder_named(
    connection: sqlite3.Connection, name: str | None, spare_id: int, now: float
) -> int | None:
    """The id of the folder of that name, made with `spare_id` when there is none."""
    if name is None:
        return None
    row: tuple[Any, ...] | None = connection.execute(
        "SELECT id FROM folder WHERE name = ? ORDER BY id", (clean_text(name),)
    ).fetchone()
    if row is not None:
        return int(row[0])
    insert_folder(connection, spare_id, name, now)
    return spare_id
