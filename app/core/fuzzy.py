"""Finds names by a few of their letters, as the command palette does. Pure."""

from __future__ import annotations

from dataclasses import dataclass

_WORD_START = 8
_IN_ROW = 5
_WHOLE = 2
_WHOLE_AT_WORD = 20
_SKIPPED = 0.2
_LONG_NAME = 0.05


@dataclass(frozen=True, slots=True)
class Match:
    """How well a name fits; `positions` are the characters that were found."""

    score: float
    positions: tuple[int, ...]


def fuzzy_match(query: str, text: str) -> Match | None:
    """Match every word of `query` in `text`, letters in order, upper and lower case alike.

    Returns None when a letter is not there. Whole words and beginnings of words count most.
    """
    folded = _folded(text)
    score, positions = 0.0, set[int]()
    for word in _folded(query).split():
        found = _best(word, folded)
        if found is None:
            return None
        score += found.score
        positions.update(found.positions)
    return Match(score - _LONG_NAME * len(text), tuple(sorted(positions)))


def _folded(text: str) -> str:
    """Lower case, one character for each: positions must stay."""
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _best(word: str, text: str) -> Match | None:
    spread = _subsequence(word, text)
    start = _find_substring(word, text)
    if start < 0:
        return spread
    bonus = _WHOLE_AT_WORD if _begins_word(text, start) else _WHOLE
    whole = Match(bonus + _IN_ROW * len(word), tuple(range(start, start + len(word))))
    return spread if spread is not None and spread.score > whole.score else whole


def _find_substring(word: str, text: str) -> int:
    """The first place, one at the beginning of a word if there is such a one."""
    first = start = text.find(word)
    while start >= 0:
        if _begins_word(text, start):
            return start
        start = text.find(word, start + 1)
    return first


def _subsequence(word: str, text: str) -> Match | None:
    """Letters in order; the beginning of a word is preferred when the rest still fits."""
    positions: list[int] = []
    score, at = 0.0, 0
    for index, letter in enumerate(word):
        place = text.find(letter, at)
        if place < 0:
            return None
        at_word = _at_word_start(letter, text, place)
        if at_word >= 0 and _fits(word[index + 1 :], text, at_word + 1):
            place = at_word
        in_row = bool(positions) and place == positions[-1] + 1
        score += _IN_ROW if in_row else _WORD_START if _begins_word(text, place) else 1
        score -= _SKIPPED * (place - at)
        positions.append(place)
        at = place + 1
    return Match(score, tuple(positions))


def _at_word_start(letter: str, text: str, place: int) -> int:
    while place >= 0 and not _begins_word(text, place):
        place = text.find(letter, place + 1)
    return place


def _fits(word: str, text: str, at: int) -> bool:
    for letter in word:
        at = text.find(letter, at) + 1
        if at == 0:
            return False
    return True


def _begins_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
