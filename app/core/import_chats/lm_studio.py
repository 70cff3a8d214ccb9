"""Conversations of LM Studio (`*.conversation.json`): messages, each with its versions."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.conversation import Message
from app.core.import_chats.chatgpt_text import Omitted
from app.core.import_chats.json_node import Node
from app.core.store.values import ChatTree, TitleSource, TreeMessage
from engine.messages import Role

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
_SYSTEM_PROMPT_KEY = "llm.prediction.systemPrompt"


def is_lm_studio(root: Node) -> bool:
    """Tell whether a file looks like a conversation of LM Studio."""
    if not root.has("messages") or not isinstance(root.value["messages"], list):
        return False
    messages = root.value["messages"]
    if not messages:
        return root.has("createdAt") and root.has("name")
    return isinstance(messages[0], dict) and "versions" in messages[0]


def read_lm_studio(root: Node, omitted: Omitted, *, folder: str | None = None) -> ChatTree:
    """One conversation; versions become branches. Raises ImportRefusedError."""
    created_at = root.get("createdAt").seconds(0.0)
    title = root.get("name").text("")
    return ChatTree(
        title=title,
        title_source=TitleSource.USER if title else TitleSource.AUTO,
        created_at=created_at,
        updated_at=max(created_at, root.get("userLastMessagedAt").seconds(created_at)),
        folder=folder,
        pinned=root.get("pinned").flag(),
        system_prompt=_system_prompt(root),
        messages=tuple(_messages(root, created_at, omitted)),
    )


def _system_prompt(root: Node) -> str:
    prompt = root.get("systemPrompt").text("")
    configuration = root.get("perChatPredictionConfig")
    if prompt or configuration.is_null() or configuration.get("fields").is_null():
        return prompt
    for field in configuration.get("fields").items():
        if field.get("key").text("") == _SYSTEM_PROMPT_KEY:
            return field.get("value").text("")
    return ""


def _messages(root: Node, created_at: float, omitted: Omitted) -> Iterator[TreeMessage]:
    parent: int | None = None
    taken = 0
    for node in root.get("messages").items():
        versions = list(node.get("versions").items())
        selected = node.get("currentlySelected")
        chosen = 0 if selected.is_null() else selected.integer(0, max(0, len(versions) - 1))
        following = parent
        for index, version in enumerate(versions):
            message = _read_version(version, omitted)
            if message is None:
                continue
            yield TreeMessage(
                message=message,
                parent=parent,
                created_at=created_at,
                shown=index == chosen,
            )
            if index == chosen:
                following = taken
            taken += 1
        parent = following


def _read_version(version: Node, omitted: Omitted) -> Message | None:
    role = _ROLES.get(version.get("role").text())
    if role is None:
        omitted.count += 1
        return None
    steps = version.get("steps")
    if steps.is_null():
        text = _content(version.get("content"), omitted)
    else:
        blocks = (_block(step, omitted) for step in steps.items())
        text = "\n\n".join(block for block in blocks if block)
    return Message(role=role, text=text) if text.strip() else None


def _block(step: Node, omitted: Omitted) -> str:
    kind = step.get("type").text("")
    if kind != "contentBlock":
        omitted.count += kind not in ("debugInfoBlock", "status")
        return ""
    text = _content(step.get("content"), omitted)
    style = step.get("style")
    is_thinking = style.has("type") and style.value["type"] == "thinking"
    if is_thinking and text and not text.lstrip().startswith("<think>"):
        return f"<think>\n{text}\n</think>"
    return text


def _content(content: Node, omitted: Omitted) -> str:
    if content.is_null() or isinstance(content.value, str):
        return content.text("")
    texts = []
    for part in content.items():
        if part.get("type").text("") == "text":
            texts.append(part.get("text").text(""))
        else:
            omitted.count += 1
    # With drafted tokens shown, every token is a part of its own.
    return "".join(texts)
