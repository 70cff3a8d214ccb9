"""Threads of Jan: a folder with `thread.json` and one message per line in `messages.jsonl`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core.conversation import Message
from app.core.import_chats.chatgpt import Omitted
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
    found = list(_messages(listed, omitted))
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


def _messages(nodes: list[Node], omitted: Omitted) -> Iterator[TreeMessage]:
    taken = 0
    for node in nodes:
        role = _ROLES.get(node.get("role").text())
        text = "" if role is None else _text(node.get("content"), omitted)
        if role is None or not text.strip():
            omitted.count += 1
            continue
        yield TreeMessage(
            message=Message(role=role, text=text),
            parent=taken - 1 if taken else None,
            created_at=node.get("created_at").seconds(0.0),
        )
        taken += 1


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
