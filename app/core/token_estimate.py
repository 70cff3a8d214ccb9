"""Estimates how many tokens a text has before a tokenizer has seen it. Never shown as measured."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from engine.messages import ChatMessage

_LATIN_CHARACTERS_PER_TOKEN = 3.6
_WIDE_TOKENS_PER_CHARACTER = 0.75
_TOKENS_PER_MESSAGE = 5
"""Role marks of chat templates: 4 to 6 tokens."""
_LOWEST, _HIGHEST = 0.3, 6.0
# Scripts without spaces have about one token for every one or two characters.
_WIDE = "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
"""Compiled when first used: that takes milliseconds, which the start need not wait for."""


class TokenEstimator:
    """Counts by script, and corrects itself by what a tokenizer counted for known messages.

    The first count of a new model replaces the correction; later ones are averaged in.
    """

    def __init__(self) -> None:
        self._factor = 1.0
        self._is_calibrated = False

    @property
    def is_calibrated(self) -> bool:
        """Whether a real count has corrected it."""
        return self._is_calibrated

    def forget(self) -> None:
        """Another model, another tokenizer."""
        self._factor, self._is_calibrated = 1.0, False

    def of_text(self, text: str) -> int:
        """Estimated tokens of a text alone."""
        return math.ceil(_raw(text) * self._factor)

    def of_messages(self, messages: Iterable[ChatMessage]) -> int:
        """Estimated tokens of messages with the marks of the chat template."""
        return math.ceil(_raw_messages(messages) * self._factor)

    def learn(self, messages: Iterable[ChatMessage], prompt_tokens: int) -> None:
        """Take what the tokenizer counted for exactly these messages."""
        raw = _raw_messages(messages)
        if raw <= 0 or prompt_tokens <= 0:
            return
        factor = min(_HIGHEST, max(_LOWEST, prompt_tokens / raw))
        self._factor = (self._factor + factor) / 2 if self._is_calibrated else factor
        self._is_calibrated = True


def _raw(text: str) -> float:
    wide = len(re.findall(_WIDE, text))
    return wide * _WIDE_TOKENS_PER_CHARACTER + (len(text) - wide) / _LATIN_CHARACTERS_PER_TOKEN


def _raw_messages(messages: Iterable[ChatMessage]) -> float:
    return sum(_raw(message.content) + _TOKENS_PER_MESSAGE for message in messages)
