"""Which characters of rendered Markdown the draft model proposed. Never changes a text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from markdown_it.token import Token

from engine.events import TextSpan

RUNS = "runs"
"""Key of `Token.meta`: the token's text as (accepted, text) stretches."""


class TokenMarks:
    """Finds, for every text in a token stream, the place in the source it came from.

    Markdown only takes characters away (marks, escapes), so the source is searched forwards.
    """

    def __init__(self, source: str, spans: Sequence[TextSpan]) -> None:
        """Args:
        source: text with newlines as the parser sees them, which `spans` cover.
        spans: as recorded.
        """
        self._source = source
        self._accepted = bytearray()
        for span in spans:
            left = len(source) - len(self._accepted)
            self._accepted.extend(bytes([span.accepted]) * min(span.characters, left))
        self._accepted.extend(bytes(len(source) - len(self._accepted)))
        self._lines = [0]
        for line in source.split("\n"):
            self._lines.append(min(self._lines[-1] + len(line) + 1, len(source)))

    def annotate(self, tokens: Sequence[Token]) -> None:
        """Put the stretches of every text token into its `meta`."""
        for token in tokens:
            if token.map is None or not token.content:
                continue
            start, end = self._range(token.map)
            if token.type == "inline":
                for child in token.children or ():
                    start = self._mark(child, start, end)
            elif token.type in ("fence", "code_block"):
                first = token.map[0] + (token.type == "fence")
                self._mark(token, self._range([first, token.map[1]])[0], end)

    def _range(self, lines: Sequence[int]) -> tuple[int, int]:
        last = len(self._lines) - 1
        return self._lines[min(lines[0], last)], self._lines[min(lines[1], last)]

    def _mark(self, token: Token, start: int, end: int) -> int:
        if token.type not in ("text", "code_inline", "fence", "code_block"):
            return start
        at, flags = start, []
        for character in token.content:
            found = self._source.find(character, at, end)
            if found >= 0:
                at = found + 1
            flags.append(found >= 0 and bool(self._accepted[found]))
        pairs = groupby(zip(flags, token.content, strict=True), key=lambda pair: pair[0])
        token.meta[RUNS] = [(flag, "".join(c for _, c in group)) for flag, group in pairs]
        return at


def runs_to_html(runs: Sequence[tuple[bool, str]]) -> str:
    """Escaped text in which accepted draft tokens stand out by colour and underline."""
    return "".join(
        f'<span class="draft">{escape(text)}</span>' if accepted else escape(text)
        for accepted, text in runs
    )
