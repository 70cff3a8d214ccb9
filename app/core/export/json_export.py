"""Chats as JSON, complete: branches, spans, reports. `import_chats` reads it back exactly."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from app.core.store.codec import clean_text, report_to_plain
from app.core.store.values import ChatTree, TreeMessage

FORMAT = "slipstream-chats"
FORMAT_VERSION = 1


def json_parts(chats: Iterable[ChatTree], *, exported_at: float) -> Iterator[str]:
    """The file in pieces, one per chat, so that a thousand chats need the memory of one.

    Raises:
        ValueError: a report or the settings hold a number that JSON has no word for.
    """
    when = datetime.fromtimestamp(exported_at, UTC).isoformat()
    head = {"format": FORMAT, "version": FORMAT_VERSION, "exported_at": when}
    yield json.dumps(head)[:-1] + ', "chats": ['
    for index, chat in enumerate(chats):
        text = json.dumps(chat_to_plain(chat), ensure_ascii=False, allow_nan=False)
        yield (",\n" if index else "\n") + clean_text(text)
    yield "\n]}\n"


def chat_to_plain(chat: ChatTree) -> dict[str, Any]:
    """One chat as JSON-ready data."""
    return {
        "title": chat.title,
        "title_source": chat.title_source,
        "created_at": chat.created_at,
        "updated_at": chat.updated_at,
        "folder": chat.folder,
        "pinned": chat.pinned,
        "system_prompt": chat.system_prompt,
        "settings": dict(chat.settings),
        "draft": chat.draft,
        "messages": [_message_to_plain(node) for node in chat.messages],
    }


def _message_to_plain(node: TreeMessage) -> dict[str, Any]:
    message = node.message
    plain: dict[str, Any] = {
        "parent": node.parent,
        "role": message.role,
        "state": message.state,
        "created_at": node.created_at,
        "text": message.text,
    }
    if node.shown:
        plain["shown"] = True
    if message.spans:
        plain["spans"] = [[s.characters, s.step, int(s.accepted)] for s in message.spans]
    if message.report is not None:
        plain["report"] = report_to_plain(message.report)
    return plain
