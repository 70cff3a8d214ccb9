"""Threads of Jan: a folder with `thread.json` and one message per line in `messages.jsonl`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core.conversation import Message
from app.core.import_chats.chatgpt_text import Omitted
from app.core.import_chats.jan_tree import ordered
from app.core.import_chats.json_node import Node, parse_json
from app.core.store.values import ChatTree, TitleSource, TreeMessage
from engine.messages import Role

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}


def is_jan_thread(root: Node) -> bool:
    """Tell whether a file looks like a `thread.json`."""
    return root.has("object") and root.value["object"] == "thread"


def is_jan_message(root: Node) -> bool:
    """Tell whether a line looks like one of a `messages.jsonl`."""
    return root.has("object") and root.value["object"] == "thread.message"


def message_lines(data: bytes, where: str) -> Iterator[Node]:
    """The messages of a `messages.jsonl`. Raises ImportRefusedError with the line."""
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            yield parse_json(line, where=f"{where}:{number} ")


def read_jan(thread: Node | None, messages: Iterable[Node], omitted: Omitted) -> ChatTree:
    """One thread; without its `thread.json` it has no title. Raises ImportRefusedError."""
    thread = thread or Node({}, "$")
    listed = list(messages)
    if not listed and not thread.get("messages").is_null():
        listed = list(thread.get("messages").items())
    found = list(_messages(listed, _shown_root(thread), omitted))
    title = thread.get("title").text("") or thread.get("summary").text("")
    first_at = found[0].created_at if found else 0.0
    created_at = thread.get("created").seconds(first_at)
    return ChatTree(
        title=title,
        title_source=TitleSource.USER if title else TitleSource.AUTO,
        created_at=created_at,
        updated_at=thread.get("updated").seconds(max(created_at, first_at)),
        system_prompt=_instructions(thread),
        messages=tuple(found),
    )


def _instructions(thread: Node) -> str:
    assistants = thread.get("assistants")
    if assistants.is_null():
        return ""
    for assistant in assistants.items():
        if assistant.has("instructions"):
            return assistant.get("instructions").text("")
    return ""


def _shown_root(thread: Node) -> str:
    metadata = thread.get("metadata")
    return metadata.get("activeRootId").text("") if metadata.has("activeRootId") else ""


def _messages(nodes: list[Node], shown_root: str, omitted: Omitted) -> Iterator[TreeMessage]:
    """The messages that have text, each below the nearest one above it that has."""
    places: dict[int, int | None] = {}
    taken = 0
    for link in ordered(nodes, shown_root):
        node = nodes[link.index]
        above = None if link.parent is None else places[link.parent]
        message = _read(node, omitted)
        if message is None:
            places[link.index] = above
            continue
        places[link.index] = taken
        yield TreeMessage(
            message=message,
            parent=above,
            created_at=node.get("created_at").seconds(0.0),
            shown=link.shown,
        )
        taken += 1


def _read(node: Node, omitted: Omitted) -> Message | None:
    role = _ROLES.get(node.get("role").text())
    text = "" if role is None else _text(node.get("content"), omitted) + _files(node)
    if role is None or not text.strip():
        omitted.count += 1
        return None
    return Message(role=role, text=text)


def _files(node: Node) -> str:
    """The texts of files that were sent with a message."""
    metadata = node.get("metadata")
    if not metadata.has("inline_file_contents") or metadata.value["inline_file_contents"] is None:
        return ""
    files = metadata.get("inline_file_contents").items()
    texts = ((file.get("name").text(""), file.get("content").text("")) for file in files)
    return "".join(f"\n\n{name}\n\n{text}" for name, text in texts if text.strip())


def _text(content: Node, omitted: Omitted) -> str:
    if content.is_null() or isinstance(content.value, str):
        return content.text("")
    texts = []
    for part in content.items():
        kind = part.get("type").text("")
        if kind not in ("text", "reasoning"):
            omitted.count += 1
            continue
        inner = part.get("text")
        text = inner.text("") if not isinstance(inner.value, dict) else inner.get("value").text("")
        texts.append(f"<think>\n{text}\n</think>" if kind == "reasoning" else text)
    return "\n\n".join(text for text in texts if text)
