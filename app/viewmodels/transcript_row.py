"""One row of the transcript: a message whose text grows, and what is shown with it. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.core.conversation import Message
from engine.events import TextSpan
from engine.metrics.report import GenerationReport


@dataclass(frozen=True, slots=True)
class Versions:
    """Which of several versions of a message is shown; `index` counts from 0."""

    index: int
    count: int


ONLY_VERSION = Versions(0, 1)


class TranscriptRow:
    """One message; its text is a list of pieces that is joined when somebody asks for the whole."""

    __slots__ = (
        "described",
        "footer",
        "length",
        "notice",
        "pieces",
        "report",
        "role",
        "spans",
        "state",
        "versions",
    )

    def __init__(self, message: Message) -> None:
        self.role = message.role
        self.pieces = [message.text] if message.text else []
        self.length = len(message.text)
        self.spans = list(message.spans)
        self.state = message.state
        self.report = message.report
        self.footer = ""
        self.described: str | None = None
        """The line that was made of `report`, None while there is none."""
        self.notice = ""
        self.versions = ONLY_VERSION

    def footer_text(self, describe: Callable[[GenerationReport], str] | None) -> str:
        """The line of figures: the one that was set, or else the one made of the report."""
        if self.footer or self.report is None or describe is None:
            return self.footer
        if self.described is None:
            self.described = describe(self.report)
        return self.described

    def add(self, text: str, spans: Iterable[TextSpan]) -> None:
        """Take more text."""
        self.pieces.append(text)
        self.length += len(text)
        self.spans.extend(spans)

    def text(self) -> str:
        """The whole text."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""

    def text_from(self, offset: int) -> str:
        """Text from a character offset on; cheap for the newest text."""
        start = self.length
        for index in range(len(self.pieces) - 1, -1, -1):
            start -= len(self.pieces[index])
            if start <= offset:
                return self.pieces[index][offset - start :] + "".join(self.pieces[index + 1 :])
        return "".join(self.pieces)

    def message(self) -> Message:
        """The row as a value."""
        return Message(
            role=self.role,
            text=self.text(),
            state=self.state,
            spans=tuple(self.spans),
            report=self.report,
        )
