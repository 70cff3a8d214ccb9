"""The export of ChatGPT (`conversations.json`): conversations, each a tree of named nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.conversation import Message
from app.core.import_chats.json_node import Node
from app.core.store.values import ChatTree, TitleSource, TreeMessage
from engine.messages import Role

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}


@dataclass(slots=True)
class Omitted:
    """How many messages or parts (images, tool calls) had no text to take."""

    count: int = 0


def is_chatgpt(root: Node) -> bool:
    """Tell whether a file looks like this export (or one conversation of it)."""
    value = root.value
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and "mapping" in first


def read_chatgpt(root: Node, omitted: Omitted) -> tuple[ChatTree, ...]:
    """All conversations with all their branches. Raises ImportRefusedError."""
    conversations = root.items() if isinstance(root.value, list) else iter((root,))
    return tuple(_read_conversation(node, omitted) for node in conversations)


def _read_conversation(node: Node, omitted: Omitted) -> ChatTree:
    created_at = node.get("create_time").seconds(0.0)
    title = node.get("title").text("")
    return ChatTree(
        title=title,
        title_source=TitleSource.USER if title else TitleSource.AUTO,
        created_at=created_at,
        updated_at=node.get("update_time").seconds(created_at),
        messages=tuple(_Tree(node, created_at, omitted).messages()),
    )


class _Tree:
    """One conversation's nodes; those without a text of user or assistant are passed through."""

    def __init__(self, conversation: Node, created_at: float, omitted: Omitted) -> None:
        self._nodes = dict(conversation.get("mapping").members())
        self._parents = {name: self._parent(node) for name, node in self._nodes.items()}
        self._children: dict[str | None, list[str]] = {}
        for name, parent in self._parents.items():
            self._children.setdefault(parent, []).append(name)
        self._mapping = conversation.get("mapping")
        self._current = self._path_to(conversation.get("current_node"))
        self._created_at = created_at
        self._omitted = omitted

    def _parent(self, node: Node) -> str | None:
        parent = node.get("parent")
        name = None if parent.is_null() else parent.text()
        return name if name in self._nodes else None

    def _path_to(self, current: Node) -> set[str]:
        path: set[str] = set()
        name = None if current.is_null() else current.text()
        while name is not None and name in self._nodes and name not in path:
            path.add(name)
            name = self._parents[name]
        return path

    def messages(self) -> Iterator[TreeMessage]:
        positions: dict[str | None, int | None] = {None: None}
        taken = 0
        waiting = list(reversed(self._ordered_children(None)))
        while waiting:
            name = waiting.pop()
            waiting.extend(reversed(self._ordered_children(name)))
            above = positions[self._parents[name]]
            found = self._read(self._nodes[name])
            if found is None:
                positions[name] = above
                continue
            positions[name] = taken
            taken += 1
            message, created_at = found
            yield TreeMessage(
                message=message,
                parent=above,
                created_at=created_at,
                shown=name in self._current,
            )
        if len(positions) - 1 != len(self._nodes):
            self._mapping.refuse("a tree (some nodes are their own ancestors)")

    def _ordered_children(self, name: str | None) -> list[str]:
        children = self._children.get(name, [])
        listed = self._nodes[name].get("children").value if name is not None else None
        if not isinstance(listed, list):
            return children
        order = {child: at for at, child in enumerate(listed) if isinstance(child, str)}
        return sorted(children, key=lambda child: order.get(child, len(order)))

    def _read(self, node: Node) -> tuple[Message, float] | None:
        message = node.get("message")
        if message.is_null() or _is_hidden(message):
            return None
        role = _ROLES.get(message.get("author").get("role").text())
        if role is None or message.get("recipient").text("all") != "all":
            self._omitted.count += 1
            return None
        text = self._text(message.get("content"))
        if not text.strip():
            return None
        created_at = message.get("create_time").seconds(self._created_at)
        return Message(role=role, text=text), created_at

    def _text(self, content: Node) -> str:
        kind = content.get("content_type").text("text")
        if kind == "code":
            return f"```\n{content.get('text').text('')}\n```"
        if kind not in ("text", "multimodal_text"):
            self._omitted.count += 1
            return ""
        parts = [self._part(part) for part in content.get("parts").items()]
        return "\n\n".join(part for part in parts if part)

    def _part(self, part: Node) -> str:
        if isinstance(part.value, str):
            return part.text()
        if part.has("text") and isinstance(part.value["text"], str):
            return part.get("text").text()
        self._omitted.count += 1
        return ""


def _is_hidden(message: Node) -> bool:
    metadata = message.get("metadata")
    hidden = metadata.has("is_visually_hidden_from_conversation")
    return hidden and metadata.get("is_visually_hidden_from_conversation").value is True
