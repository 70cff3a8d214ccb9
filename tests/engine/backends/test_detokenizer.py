"""Text released while tokens arrive equals the text of all tokens, however they are cut."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.detokenizer import (
    ByteDetokenizer,
    Detokenizer,
    DetokenizerFactory,
    WindowDetokenizer,
)

TEXT = "Hallo, 世界! 你好 👩‍🚀🙂 é e\u0301 \U0001f1e9\U0001f1ea end"


class ByteTokens:
    """A tokenizer with one token for each byte, some words, and special tokens without text."""

    def __init__(self) -> None:
        words = [" the", "中文", "🙂"]
        split = ["世".encode()[1:] + "界".encode()[:2]]  # ends one character, begins another
        self.table = [bytes([value]) for value in range(256)]
        self.table += [word.encode() for word in words] + split + [b""]
        self.calls = 0

    def decode(self, tokens: Sequence[int]) -> str:
        self.calls += 1
        return b"".join(self.table[token] for token in tokens).decode("utf-8", "replace")

    def decode_each(self, tokens: Sequence[int]) -> list[str]:
        return [self.decode([token]) for token in tokens]

    def vocabulary(self) -> dict[bytes, int]:
        return {data or b"<end>": token for token, data in enumerate(self.table)}


class SpacedTokens(ByteTokens):
    """A tokenizer that drops the space the first token begins with."""

    def decode(self, tokens: Sequence[int]) -> str:
        return super().decode(tokens).removeprefix(" ")


def stream(detokenizer: Detokenizer, tokens: Sequence[int], cuts: Sequence[int]) -> list[str]:
    pieces, start = [], 0
    for cut in cuts:
        pieces.append(detokenizer.add(tokens[start : start + cut]))
        start += cut
    pieces.append(detokenizer.add(tokens[start:]))
    return [*pieces, detokenizer.flush()]


@pytest.mark.parametrize("cut", [1, 2, 3, 7])
@pytest.mark.parametrize("kind", ["bytes", "window"])
def test_split_characters_are_held_back_until_they_are_whole(kind: str, cut: int) -> None:
    decoder = ByteTokens()
    detokenizer: Detokenizer = WindowDetokenizer(decoder)
    if kind == "bytes":
        detokenizer = ByteDetokenizer(decoder.table, decoder)
    tokens = list(TEXT.encode())
    pieces = stream(detokenizer, tokens, [cut] * (len(tokens) // cut))
    assert "".join(pieces) == TEXT
    assert not any("\ufffd" in piece for piece in pieces)


@given(st.lists(st.integers(0, 260), max_size=60), st.lists(st.integers(1, 5), max_size=30))
def test_any_tokens_read_as_the_whole_would(tokens: list[int], cuts: list[int]) -> None:
    decoder = ByteTokens()
    whole = decoder.decode(tokens)
    assert "".join(stream(ByteDetokenizer(decoder.table, decoder), tokens, cuts)) == whole
    assert "".join(stream(WindowDetokenizer(decoder), tokens, cuts)) == whole


def test_valid_text_needs_no_decoding() -> None:
    decoder = ByteTokens()
    tokens = list(TEXT.encode())
    stream(ByteDetokenizer(decoder.table, decoder), tokens, [1] * len(tokens))
    assert decoder.calls == 0


def test_an_answer_that_ends_inside_a_character() -> None:
    decoder = ByteTokens()
    tokens = list("世".encode()[:2])
    assert stream(ByteDetokenizer(decoder.table, decoder), tokens, [1]) == ["", "", "\ufffd"]


def test_an_unknown_token_is_left_to_the_runtime() -> None:
    decoder = ByteTokens()
    detokenizer = ByteDetokenizer(decoder.table[:100], decoder)
    assert detokenizer.add(list(b"at")) + detokenizer.flush() == "at"


def test_the_window_stays_short() -> None:
    decoder = ByteTokens()
    lengths: list[int] = []
    original = decoder.decode

    def spy(tokens: Sequence[int]) -> str:
        lengths.append(len(tokens))
        return original(tokens)

    decoder.decode = spy  # type: ignore[method-assign]
    tokens = list(TEXT.encode() * 20)
    stream(WindowDetokenizer(decoder), tokens, [3] * (len(tokens) // 3))
    assert max(lengths) < 30


@given(st.lists(st.sampled_from([256, 65, 32, 257, 260]), max_size=20))
def test_the_window_knows_the_first_token(tokens: list[int]) -> None:
    decoder = SpacedTokens()
    pieces = stream(WindowDetokenizer(decoder), tokens, [1] * len(tokens))
    assert "".join(pieces) == decoder.decode(tokens)


def test_bytes_are_joined_only_where_that_is_exact() -> None:
    exact, spaced = ByteTokens(), SpacedTokens()
    probe = list(TEXT.encode())
    assert DetokenizerFactory(exact, exact.vocabulary(), probe=probe).joins_bytes
    assert not DetokenizerFactory(spaced, spaced.vocabulary(), probe=probe).joins_bytes
    assert not DetokenizerFactory(exact, {}, probe=probe).joins_bytes
    assert isinstance(DetokenizerFactory(exact, {}, probe=probe).make(), WindowDetokenizer)


def test_a_vocabulary_in_another_spelling_is_noticed() -> None:
    decoder = ByteTokens()
    vocabulary = {"▁the".encode(): 256, **{bytes([value]): value for value in range(256)}}
    assert not DetokenizerFactory(decoder, vocabulary, probe=[65]).joins_bytes
