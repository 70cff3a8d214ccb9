"""Turns token ids into text while they arrive: exactly the text the whole answer would decode to.

Knows nothing of the runtime beyond `decode`; raises nothing of its own while streaming.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from typing import Protocol

REPLACEMENT = "\ufffd"
# A character has at most four bytes, so no more than three unfinished ones may stand at the end.
_MAX_UNFINISHED = 4
_LONG_WINDOW = 16


class TokenDecoder(Protocol):
    """What is needed of the runtime's tokenizer."""

    def decode(self, tokens: Sequence[int]) -> str:
        """Text of the ids, special tokens skipped, broken UTF-8 replaced."""
        ...

    def decode_each(self, tokens: Sequence[int]) -> list[str]:
        """Text of each id by itself, in one call."""
        ...


class Detokenizer(Protocol):
    """Text of one answer; a new one for each answer."""

    def add(self, tokens: Sequence[int]) -> str:
        """Take ids and return the text that became final with them; may be empty."""
        ...

    def flush(self) -> str:
        """Return what was held back: the answer ends here."""
        ...


class WindowDetokenizer:
    """Decodes a short window of ids again for every call. Right for every tokenizer.

    The window starts at the ids of the last complete text, because some detokenizers treat the
    first id in a special way (they drop its leading space).
    """

    def __init__(self, decoder: TokenDecoder) -> None:
        self._decoder = decoder
        self._window: list[int] = []
        self._context_length = 0
        self._released = 0

    def add(self, tokens: Sequence[int]) -> str:
        """Take ids and return the text that became final with them."""
        if len(self._window) < _LONG_WINDOW or len(tokens) < 2:
            return self._add(tokens)
        # Runs that never end with a whole character: look for one inside.
        return "".join([self._add([token]) for token in tokens])

    def _add(self, tokens: Sequence[int]) -> str:
        self._window.extend(tokens)
        text = self._decoder.decode(self._window)
        stable = _stable_length(text)
        released = text[self._released : stable]
        self._released = max(stable, self._released)
        if stable == len(text):
            self._move_window()
        return released

    def _move_window(self) -> None:
        context = self._window[self._context_length :]
        text = self._decoder.decode(context)
        if text:  # special tokens alone are no context
            self._window = context
            self._context_length = len(context)
            self._released = len(text)

    def flush(self) -> str:
        """Return the unfinished characters at the end, as the runtime replaces them."""
        text = self._decoder.decode(self._window) if self._window else ""
        released = text[self._released :]
        self._released = len(text)
        return released


class ByteDetokenizer:
    """Joins the bytes of the ids: some 50 times cheaper than a decode, for byte-level tokenizers.

    Where the bytes are not valid UTF-8, it goes on with the runtime's own decoder, which has its
    own idea of how many replacement characters those are worth.
    """

    def __init__(self, table: Sequence[bytes], decoder: TokenDecoder) -> None:
        self._table = table
        self._decoder = decoder
        self._utf8 = codecs.getincrementaldecoder("utf-8")("strict")
        self._unfinished: list[int] = []
        self._window: WindowDetokenizer | None = None

    def add(self, tokens: Sequence[int]) -> str:
        """Take ids and return the text that became final with them."""
        if self._window is not None:
            return self._window.add(tokens)
        self._unfinished.extend(tokens)
        try:
            text = self._utf8.decode(b"".join([self._table[token] for token in tokens]))
        except (UnicodeDecodeError, IndexError):
            self._window = WindowDetokenizer(self._decoder)
            return self._window.add(self._unfinished)
        if not self._utf8.getstate()[0]:
            self._unfinished.clear()
            return text
        return self._held(text, tokens)

    def _held(self, text: str, tokens: Sequence[int]) -> str:
        """Keep only the ids of the unfinished character, so that a window can start there."""
        if not text:
            return text
        pending = len(self._utf8.getstate()[0])
        keep = len(tokens)
        while pending > 0:
            keep -= 1
            pending -= len(self._table[tokens[keep]])
        self._unfinished = list(tokens[keep:])
        if pending < 0:
            # One id both ends a character and begins the next: no clean place for a window.
            self._window = _window_after(self._decoder, self._unfinished)
        return text

    def flush(self) -> str:
        """Return the unfinished character at the end, as the runtime replaces it."""
        if self._window is not None:
            return self._window.flush()
        text = self._decoder.decode(self._unfinished) if self._unfinished else ""
        self._unfinished.clear()
        return text


def _window_after(decoder: TokenDecoder, tokens: Sequence[int]) -> WindowDetokenizer:
    """A window that holds `tokens`, whose finished text has been released already."""
    window = WindowDetokenizer(decoder)
    window.add(tokens)
    return window


def _stable_length(text: str) -> int:
    """Length of `text` that later ids cannot change: without unfinished bytes at the end."""
    stripped = len(text.rstrip(REPLACEMENT))
    return max(stripped, len(text) - _MAX_UNFINISHED)


class DetokenizerFactory:
    """Makes the cheapest detokenizer that is exact for a tokenizer; the check runs once, here.

    Args:
        decoder: the runtime's tokenizer.
        vocabulary: token bytes -> id, as the tokenizer reports it; empty when it cannot.
        probe: ids of a text with punctuation, several scripts and emoji.
    """

    def __init__(
        self, decoder: TokenDecoder, vocabulary: Mapping[bytes, int], *, probe: Sequence[int]
    ) -> None:
        self._decoder = decoder
        self._table = _byte_table(decoder, vocabulary)
        if self._table is not None and not _joins(decoder, self._table, probe):
            self._table = None

    @property
    def joins_bytes(self) -> bool:
        """Whether the cheap way is exact for this tokenizer."""
        return self._table is not None

    def make(self) -> Detokenizer:
        """A detokenizer for one answer."""
        if self._table is not None:
            return ByteDetokenizer(self._table, self._decoder)
        return WindowDetokenizer(self._decoder)


def _byte_table(decoder: TokenDecoder, vocabulary: Mapping[bytes, int]) -> tuple[bytes, ...] | None:
    """Bytes by id, or None when a token's bytes are not what it decodes to."""
    if not vocabulary:
        return None
    table = [b""] * (max(vocabulary.values()) + 1)
    for data, token in vocabulary.items():
        table[token] = data
    texts = decoder.decode_each(range(len(table)))
    for token, (text, data) in enumerate(zip(texts, table, strict=True)):
        if not text:
            table[token] = b""  # a special token, which answers leave out
        elif REPLACEMENT not in text and text.encode() != data:
            return None
    return tuple(table)


def _joins(decoder: TokenDecoder, table: Sequence[bytes], probe: Sequence[int]) -> bool:
    """Whether sequences decode to their joined bytes: no clean-up of spaces, no lost prefix."""
    whole = [token for token, data in enumerate(table) if data and _is_text(data)]
    pieces = [whole[start : start + 512] for start in range(0, len(whole), 512)]
    return all(
        decoder.decode(tokens) == b"".join(table[token] for token in tokens).decode("utf-8")
        for tokens in [list(probe), *pieces]
    )


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
