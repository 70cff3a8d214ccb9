"""The text of one message of ChatGPT: parts, code, dictated words, thoughts, marks of sources."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from app.core.import_chats.json_node import Node

_MARK = re.compile("( ?)\ue200([a-z_]*)(?:\ue202([^\ue201]*))?\ue201")
"""A mark in the text, with the space before: what it is, then its values (sources, names)."""
_PRIVATE = re.compile("[\ue200-\ue206]")
_SILENT = frozenset(
    {"reasoning_recap", "user_editable_context", "model_editable_context", "app_pairing_content"}
)
"""What was never part of the talk: nothing of it is missed."""
_THOUGHTS = "thoughts"


@dataclass(slots=True)
class Omitted:
    """How many messages or parts (images, tool calls) had no text to take."""

    count: int = 0


class MessageText:
    """Reads contents; what has no text is counted as left out."""

    def __init__(self, omitted: Omitted) -> None:
        self._omitted = omitted

    def of(self, message: Node) -> str:
        """All text of a message; empty when it has none."""
        content = message.get("content")
        if content.is_null():
            return ""
        if isinstance(content.value, str):
            return content.text()
        kind = content.get("content_type").text("text")
        if kind in _SILENT:
            return ""
        if kind == _THOUGHTS:
            return _thoughts(content)
        if kind == "code":
            return _code(content)
        if content.has("parts") and not content.get("parts").is_null():
            parts = [self._part(part) for part in content.get("parts").items()]
            return "\n\n".join(part for part in parts if part)
        if content.has("text"):
            return content.get("text").text("")
        self._omitted.count += kind != "text"
        return ""

    def is_thought(self, message: Node) -> bool:
        """Whether this is what the model thought, rather than what it said."""
        content = message.get("content")
        return content.has("content_type") and content.value["content_type"] == _THOUGHTS

    def _part(self, part: Node) -> str:
        if part.is_null():
            return ""
        if isinstance(part.value, str):
            return _without_marks(part.text())
        if part.has("text") and isinstance(part.value["text"], str):
            return _without_marks(part.get("text").text())
        self._omitted.count += 1
        return ""


def _thoughts(content: Node) -> str:
    thoughts = content.get("thoughts")
    if thoughts.is_null():
        return ""
    texts = []
    for thought in thoughts.items():
        summary, text = thought.get("summary").text(""), thought.get("content").text("")
        texts.append("\n\n".join(part for part in (summary, text) if part.strip()))
    return "\n\n".join(text for text in texts if text)


def _code(content: Node) -> str:
    text = content.get("text").text("")
    if not text.strip():
        return ""
    language = content.get("language").text("")
    fence = "```" if "```" not in text else "````"
    return f"{fence}{'' if language == 'unknown' else language}\n{text}\n{fence}"


def _without_marks(text: str) -> str:
    """The text without the marks of sources; of a named thing its name stays."""
    if "\ue200" not in text:
        return text
    return _PRIVATE.sub("", _MARK.sub(_name_in, text))


def _name_in(mark: re.Match[str]) -> str:
    if mark[2] != "entity":
        return ""
    try:
        values = json.loads(mark[3] or "")
    except json.JSONDecodeError:
        return ""
    is_named = isinstance(values, list) and len(values) > 1 and isinstance(values[1], str)
    return mark[1] + values[1] if is_named else ""
