"""A chat as a Markdown document: the shown branch, every text exactly as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.attachments.prompt import split
from app.core.conversation import Message
from app.core.export.labels import ExportLabels, ExportOptions
from app.core.filling import filled
from app.core.store.values import ChatTree
from engine.messages import Role

_SPECIAL = re.compile(r"([\\`*_\[\]<>#&|~])")


def to_markdown(chat: ChatTree, labels: ExportLabels, options: ExportOptions | None = None) -> str:
    """The whole document, ending with a newline."""
    return "\n\n".join(_parts(chat, labels, options or ExportOptions())) + "\n"


def _parts(chat: ChatTree, labels: ExportLabels, options: ExportOptions) -> Iterator[str]:
    yield f"# {escape_line(chat.title) or escape_line(labels.untitled)}"
    if options.describe_time is not None:
        yield f"*{escape_line(options.describe_time(chat.created_at))}*"
    if chat.system_prompt:
        yield f"## {escape_line(labels.system)}"
        yield chat.system_prompt
    for message in chat.shown_branch():
        yield f"## {escape_line(labels.of(message.role))}"
        yield from _body(message, labels)
        yield from _figures(message, options)


def _body(message: Message, labels: ExportLabels) -> Iterator[str]:
    if message.role is not Role.USER:
        yield _closed(message.text)
        return
    parts = split(message.text)
    for attachment in parts.attachments:
        yield f"**{escape_line(filled(labels.attached, name=attachment.name))}**"
        yield _fenced(attachment.text)
    if parts.text or not parts.attachments:
        yield _closed(parts.text)


def _fenced(text: str) -> str:
    """A text exactly as it is, between marks that it does not hold itself."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}\n{text}\n{marks}"


def _figures(message: Message, options: ExportOptions) -> Iterator[str]:
    if options.figures is not None and message.report is not None:
        yield f"*{escape_line(options.figures(message.report))}*"


def escape_line(text: str) -> str:
    """Text as one line in which nothing is Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _closed(text: str) -> str:
    """Close a code block that an interrupted answer left open: it would swallow what follows."""
    fence = ""
    for line in text.split("\n"):
        found = re.match(r" {0,3}(`{3,}|~{3,})(.*)", line)
        if not found:
            continue
        marks, rest = found.groups()
        if not fence:
            fence = marks
        elif marks[0] == fence[0] and len(marks) >= len(fence) and not rest.strip():
            fence = ""
    return f"{text.rstrip()}\n{fence}" if fence else text.strip("\n")
