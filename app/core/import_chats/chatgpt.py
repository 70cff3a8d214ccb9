"""The export of ChatGPT (`conversations.json`): conversations, each a tree of named nodes."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.conversation import Message
from app.core.import_chats.chatgpt_text import MessageText, Omitted
from app.core.import_chats.json_node import Node
from app.core.import_chats.refusal import Expected
from app.core.store.values import ChatTree, TitleSource, TreeMessage
from engine.messages import Role

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}


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
        self._text = MessageText(omitted)
        self._thoughts: dict[str, str] = {}
        self._taken: set[str] = set()

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
            found = self._read(name)
            if found is None:
                positions[name] = above
                continue
            positions[name] = taken
            self._taken.add(name)
            taken += 1
            message, created_at = found
            yield TreeMessage(
                message=message,
                parent=above,
                created_at=created_at,
                shown=name in self._current,
            )
        if len(positions) - 1 != len(self._nodes):
            self._mapping.refuse(Expected.TREE)

    def _ordered_children(self, name: str | None) -> list[str]:
        children = self._children.get(name, [])
        listed = self._nodes[name].get("children").value if name is not None else None
        if not isinstance(listed, list):
            return children
        order = {child: at for at, child in enumerate(listed) if isinstance(child, str)}
        return sorted(children, key=lambda child: order.get(child, len(order)))

    def _read(self, name: str) -> tuple[Message, float] | None:
        message = self._nodes[name].get("message")
        if message.is_null() or _is_hidden(message):
            return None
        role = _ROLES.get(message.get("author").get("role").text(""))
        text = self._text.of(message)
        if role is None or message.get("recipient").text("all") != "all":
            self._omitted.count += bool(text.strip())  # placeholders of the system say nothing
            return None
        if self._text.is_thought(message):
            self._thoughts[name] = text
            return None
        if not text.strip():
            return None
        thought = self._thought_before(name) if role is Role.ASSISTANT else ""
        created_at = message.get("create_time").seconds(self._created_at)
        return Message(role=role, text=thought + text), created_at

    def _thought_before(self, name: str) -> str:
        """What the model thought just before an answer, as a thinking block."""
        thoughts: list[str] = []
        above = self._parents[name]
        while above is not None and above not in self._taken:
            if above in self._thoughts:
                thoughts.append(self._thoughts[above])
            above = self._parents[above]
        thinking = "\n\n".join(text for text in reversed(thoughts) if text)
        return f"<think>\n{thinking}\n</think>\n\n" if thinking else ""


def _is_hidden(message: Node) -> bool:
    metadata = message.get("metadata")
    hidden = metadata.has("is_visually_hidden_from_conversation")
    return hidden and metadata.get("is_visually_hidden_from_conversation").value is True
