"""Titles of chats: the first words of a message, and what a model made of being asked for one."""

from __future__ import annotations

import re

from app.core.attachments.prompt import split

MAX_WORDS = 8
MAX_CHARACTERS = 48
_MARKUP = re.compile(r"[*_`#>]+")
_LABEL = re.compile(r"^\s*(title|titel|titre|标题|標題)\s*[:：]\s*", re.IGNORECASE)
_QUOTES = "\"'“”‘’«»「」『』《》 "


def own_words(text: str) -> str:
    """What was written in a message; of one that is nothing but attached texts, their names."""
    parts = split(text)
    return parts.text.strip() or ", ".join(attachment.name for attachment in parts.attachments)


def first_words(text: str) -> str:
    """The beginning of a message as one short line; text without spaces is cut by length."""
    words = _MARKUP.sub("", own_words(text)).split()
    title = " ".join(words[:MAX_WORDS])
    if len(title) > MAX_CHARACTERS:
        return title[: MAX_CHARACTERS - 1].rstrip() + "\u2026"
    return title + "\u2026" if len(words) > MAX_WORDS else title


def clean_title(answer: str) -> str:
    """A title out of a model's answer; empty when there is none in it."""
    from engine.thinking import without_thinking  # only where a model was asked for a title

    text = without_thinking(answer).strip()
    line = next((line for line in text.splitlines() if line.strip()), "")
    title = " ".join(_LABEL.sub("", _MARKUP.sub("", line)).strip(_QUOTES).split())
    title = title.rstrip(".。").strip(_QUOTES)
    if len(title) <= MAX_CHARACTERS:
        return title
    shorter = title[: MAX_CHARACTERS - 1]
    # Between words where there are words.
    return (shorter.rpartition(" ")[0] or shorter).rstrip() + "\u2026"
