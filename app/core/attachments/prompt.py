"""Puts attached texts and a message into one text, and takes them apart again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.attachments.values import Attachment

_BLOCK = re.compile(r'<(file_*) name="([^"\n]*)">\n(.*?)\n</\1>\n\n', re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitMessage:
    """What was attached to a message, and what was written."""

    attachments: tuple[Attachment, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedPart:
    """Where one attached text stands in a message; offsets in characters, ends excluded."""

    name: str
    start: int
    text_start: int
    text_end: int
    end: int


def compose(attachments: Iterable[Attachment], text: str) -> str:
    """The text of a message as the model reads it: each attached text between marks, then `text`.

    The marks are lengthened where an attached text holds them itself.
    """
    return "".join(_block(attachment) for attachment in attachments) + text


def split(message: str) -> SplitMessage:
    """Take apart what `compose` made; other texts come back whole."""
    parts = attached_parts(message)
    return SplitMessage(
        attachments=tuple(
            Attachment(name=part.name, text=message[part.text_start : part.text_end])
            for part in parts
        ),
        text=message[parts[-1].end if parts else 0 :],
    )


def attached_parts(message: str) -> tuple[AttachedPart, ...]:
    """Where the attached texts stand in what `compose` made; empty for other texts."""
    parts: list[AttachedPart] = []
    position = 0
    while (match := _BLOCK.match(message, position)) is not None:
        parts.append(
            AttachedPart(
                name=match.group(2),
                start=match.start(),
                text_start=match.start(3),
                text_end=match.end(3),
                end=match.end(),
            )
        )
        position = match.end()
    return tuple(parts)


def _block(attachment: Attachment) -> str:
    tag = "file"
    while f"</{tag}>" in attachment.text:
        tag += "_"
    name = re.sub(r'["\x00-\x1f]', "_", attachment.name)
    return f'<{tag} name="{name}">\n{attachment.text}\n</{tag}>\n\n'
