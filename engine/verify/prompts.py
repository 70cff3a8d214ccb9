"""Prompts for comparing answers: many, short and of several kinds, the same every time."""

from __future__ import annotations

import itertools

from engine.lab.prompts import BUILT_IN_SETS, LabPrompt, prompt_set

DEFAULT_COUNT = 200
_OF_EACH_SET = 6
_FORMS = (
    "Tell me a story about {}.",
    "What is {}?",
    "Write three sentences about {}.",
    "Write a Python function that has to do with {}.",
    "Explain to a child why people like {}.",
    "List five things one should know about {}.",
    "请用两句话介绍{}。",
    "Write a dialogue between two friends about {}.",
    "Summarise in one sentence: everybody in the town talked about {} for a whole week.",
    "Continue: It all began with {}",
)
_SUBJECTS = (
    "a dog", "the sea", "an old clock", "bread", "a lighthouse", "rain", "the number 7",
    "a red bicycle", "music", "the moon", "a library", "winter", "an honest thief", "tea",
    "a lost key", "the train at noon", "snow", "a garden", "numbers", "a small robot",
    "the river", "an apple tree", "silence", "a letter", "friendship", "a broken cup",
)  # fmt: skip


def verification_prompts(count: int = DEFAULT_COUNT) -> tuple[LabPrompt, ...]:
    """The first `count` of 290 prompts."""
    built_in = [
        prompt for found in BUILT_IN_SETS.values() for prompt in found.prompts[:_OF_EACH_SET]
    ]
    texts = [form.format(subject) for subject, form in itertools.product(_SUBJECTS, _FORMS)]
    return (*built_in, *prompt_set("verify", texts).prompts)[:count]
