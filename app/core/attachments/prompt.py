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


def compose(attachments: Iterable[Attachment], text: str) -> str:
    """The text of a message as the model reads it: each attached text between marks, then `text`.

    The marks are lengthened where an attached text holds them itself.
    """
    return "".join(_block(attachment) for attachment in attachments) + text


def split(message: str) -> SplitMessage:
    """Take apart what `compose` made; other texts come back whole."""
    attachments: list[Attachment] = []
    position = 0
    while (match := _BLOCK.match(message, position)) is not None:
        attachments.append(Attachment(name=match.group(2), text=match.group(3)))
        position = match.end()
    return SplitMessage(attachments=tuple(attachments), text=message[position:])


def _block(attachment: Attachment) -> str:
    tag = "file"
    while f"</{tag}>" in attachment.text:
        tag += "_"
    name = re.sub(r'["\x00-\x1f]', "_", attachment.name)
    return f'<{tag} name="{name}">\n{attachment.text}\n</{tag}>\n\n'
