"""Chats in which the pair learns who it is and what the application does, from guide_chats.json.

The JSON file lists intents: ways to ask and ways to answer, all written by hand for this project.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TypedDict

RoleAndText = tuple[str, str]


class Intent(TypedDict):
    """One thing a person may want to know."""

    asks: list[str]
    answers: list[str]


def read_intents() -> list[Intent]:
    """The intents of guide_chats.json, in its order."""
    text = Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
    intents: list[Intent] = json.loads(text)
    return intents


def guide_chats(*, copies: int = 12, seed: int = 0) -> Iterator[list[RoleAndText]]:
    """Every question with every answer in three spellings, then `copies` two-turn chats per intent.

    Args:
        copies: two-turn chats per intent, the second turn from a random intent.
        seed: of the random choices.
    """
    intents = read_intents()
    for intent in intents:
        for ask, answer in product(intent["asks"], intent["answers"]):
            for spelling in dict.fromkeys((ask, ask.lower(), ask.rstrip("?.!"))):
                yield [("user", spelling), ("assistant", answer)]
    rng = random.Random(seed)
    for first in intents:
        for _ in range(copies):
            yield _turn(first, rng) + _turn(rng.choice(intents), rng)


def _turn(intent: Intent, rng: random.Random) -> list[RoleAndText]:
    return [("user", rng.choice(intent["asks"])), ("assistant", rng.choice(intent["answers"]))]
