"""The training text: reads the prepared corpus and mixes it for each stage of training.

The corpus folder holds `chats.jsonl`, `stories.txt` and `prose.txt`; README.md describes them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from demo_pair.guide_chats import guide_chats

DOCUMENT_END = "<|endoftext|>"
STORY_REQUEST = "derived-story-request:"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat. The role `document` marks plain text without a chat around it."""

    role: str
    content: str


Chat = tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One chat of the corpus and where it came from."""

    source: str
    chat: Chat


def base_mix(folder: Path, rng: random.Random) -> list[Chat]:
    """Everything, for the long first stage: chats, stories on request repeated, plain documents."""
    mix: list[Chat] = []
    for record in _read_records(folder):
        mix += [record.chat] * _base_copies(record, rng)
    for name in ("stories.txt", "prose.txt"):
        mix += [(Message("document", text),) for text in _read_documents(folder / name)]
    rng.shuffle(mix)
    return mix


def anneal_mix(folder: Path, rng: random.Random) -> list[Chat]:
    """The cleanest part and the guide chats, for the short second stage that sets the manner."""
    mix = [r.chat for r in _read_records(folder) if rng.random() < _anneal_share(r)]
    guides = [
        tuple(Message(role, content) for role, content in chat) for chat in guide_chats(copies=30)
    ]
    mix += guides * 3
    rng.shuffle(mix)
    return mix


def _base_copies(record: Record, rng: random.Random) -> int:
    source = record.source
    if source.startswith(STORY_REQUEST):
        return 3 if "tiny" in source else 2
    if source == "fairytaleqa":  # long passages would crowd out the rest
        return 0 if rng.random() < 0.5 else 1
    if source == "self-dialogue" and len(record.chat) < 4:
        return 0
    return 1


def _anneal_share(record: Record) -> float:
    """The share of a source's chats that the second stage sees, 0 to 1."""
    source = record.source
    if source.startswith(STORY_REQUEST):
        return 1.0 if "tiny" in source else 0.7
    if source == "self-dialogue":
        return 0.12 if len(record.chat) >= 6 else 0.0
    whole = {
        "ms-personality-chat-friendly",  # one persona only: the others contradict it
        "synthetic-persona-chat",
        "llms-from-scratch-instructions",
        "chatterbot-corpus",
    }
    return 1.0 if source in whole else 0.0


def _read_records(folder: Path) -> Iterator[Record]:
    with (folder / "chats.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            data = json.loads(line)
            chat = tuple(Message(m["role"], m["content"].strip()) for m in data["messages"])
            yield Record(data["source"], chat)


def _read_documents(path: Path) -> Iterator[str]:
    for text in path.read_text(encoding="utf-8").split(DOCUMENT_END):
        if text.strip():
            yield text.strip()
