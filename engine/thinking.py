"""How models mark their thinking before an answer. Text only; nothing is loaded or asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)")


@dataclass(frozen=True, slots=True)
class ThinkingMarks:
    """What stands before and behind the thinking at the start of an answer."""

    start: str
    end: str


KNOWN_MARKS = (
    ThinkingMarks("<think>", "</think>"),
    ThinkingMarks("<thinking>", "</thinking>"),
    ThinkingMarks("<thought>", "</thought>"),
    ThinkingMarks("<reasoning>", "</reasoning>"),
    ThinkingMarks("<seed:think>", "</seed:think>"),
    ThinkingMarks("[THINK]", "[/THINK]"),
    ThinkingMarks("<|channel>thought\n", "<channel|>"),
    ThinkingMarks(
        "<|channel|>analysis<|message|>",
        "<|end|><|start|>assistant<|channel|>final<|message|>",
    ),
)


def marks_at(text: str) -> ThinkingMarks | None:
    """The marks that an answer begins with."""
    return next((marks for marks in KNOWN_MARKS if text.startswith(marks.start)), None)


def opened_by_prompt(prompt: str) -> str:
    """The end of a prompt that opens the thinking for the model; empty when it does not.

    Many chat templates do so: such an answer holds the closing mark alone.
    """
    for marks in KNOWN_MARKS:
        opening = marks.start.rstrip()
        if prompt.rstrip().endswith(opening):
            end = prompt[prompt.rindex(opening) :]
            return end if end.startswith(marks.start) else marks.start
    return ""


def without_thinking(answer: str) -> str:
    """An answer without the thinking before it; empty while it still thinks."""
    text = answer.lstrip()
    marks = marks_at(text)
    if marks is not None:
        return text[len(marks.start) :].partition(marks.end)[2]
    found = UnopenedEnd().feed(answer)
    return answer if found.marks is None else found.rest


@dataclass(frozen=True, slots=True)
class Scanned:
    """Text that is no mark, the mark behind it if there is one, and what follows the mark."""

    passed: str
    marks: ThinkingMarks | None = None
    rest: str = ""


class UnopenedEnd:
    """Finds the end of thinking that no mark has opened, in text that arrives in any portions.

    Only a mark that begins its line counts, outside of fenced code, and only when no opening mark
    precedes it: an answer may speak about such marks. Text that may be half a mark is held back.
    """

    def __init__(self) -> None:
        self._held = ""
        self._line: list[str] = []
        """Parts of the line that has not ended yet."""
        self._fence = ""
        self._is_over = False

    def feed(self, text: str) -> Scanned:
        """Take more text; nothing may follow once a mark was found."""
        if self._is_over:
            return Scanned(text)
        text, self._held = self._held + text, ""
        position = 0
        while position < len(text) and not self._is_over:
            end = text.find("\n", position) + 1 or len(text)
            if not self._line and not self._fence:
                scanned = self._scan_start(text, position, end)
                if scanned is not None:
                    return scanned
            self._take_line(text[position:end])
            position = end
        return Scanned(text)

    def flush(self) -> str:
        """The text that was held back."""
        held, self._held = self._held, ""
        return held

    def _scan_start(self, text: str, position: int, end: int) -> Scanned | None:
        line = text[position:end]
        head = line.lstrip(" \t")
        if head[:1] not in ("", "<", "["):
            return None
        for marks in KNOWN_MARKS:
            if head.startswith(marks.end):
                start = end - len(head)
                return Scanned(text[:start], marks, text[start + len(marks.end) :])
        if any(marks.end.startswith(head) for marks in KNOWN_MARKS):
            self._held = line
            return Scanned(text[:position])
        return None

    def _take_line(self, part: str) -> None:
        self._line.append(part)
        if not part.endswith("\n"):
            return
        line = "".join(self._line)
        self._line.clear()
        match = _FENCE.match(line)
        if match is not None:
            marks, info = match.group(1), match.group(2)
            if not self._fence:
                self._fence = marks if marks[0] == "~" or "`" not in info else ""
            elif marks.startswith(self._fence) and not info.strip():
                self._fence = ""
        elif not self._fence:
            self._is_over = any(marks.start in line for marks in KNOWN_MARKS)
