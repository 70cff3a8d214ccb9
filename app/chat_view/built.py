"""What a document was filled with: where its source was drawn, what is painted behind the text,
and how one version of a paragraph becomes the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from app.chat_view.alignment import Segment, drawn_length
from app.chat_view.elements import Paragraph, Run


class DecorationKind(Enum):
    """What is painted behind or beside some paragraphs."""

    CODE = auto()
    QUOTE = auto()
    RULE = auto()


@dataclass(slots=True, kw_only=True)
class Decoration:
    """A painted shape over the text blocks `first` to `last` of a document."""

    kind: DecorationKind
    first: int
    last: int
    indent: int
    """Pixels from the left edge."""
    source: str = ""
    """Code as it is copied."""


@dataclass(frozen=True, slots=True)
class Change:
    """How one paragraph becomes another: positions kept at its start, and runs that follow."""

    kept: int
    rest: tuple[Run, ...]


@dataclass(slots=True)
class Built:
    """What a document was filled with."""

    segments: list[Segment] = field(default_factory=list)
    decorations: list[Decoration] = field(default_factory=list)
    last_segment: int = 0
    """Index of the first segment of the last paragraph."""
    last_cursor: int = 0
    """Where the aligner stood at its start."""
    sources: dict[int, str] = field(default_factory=dict)
    """Source of what is drawn as a picture, by its position."""
    is_waiting: bool = False
    """True: something is shown as source until its picture is ready."""


def shared_runs(old: Paragraph, new: Paragraph) -> Change:
    """What `new` keeps of `old`, a paragraph of the same kind."""
    kept = 0
    for index, run in enumerate(new.runs):
        before = old.runs[index] if index < len(old.runs) else None
        if before == run:
            kept += drawn_length(run.text)
            continue
        if before is None or not _has_grown(before, run):
            return Change(kept, new.runs[index:])
        added = Run(run.text[len(before.text) :], run.style, run.href)
        return Change(kept + drawn_length(before.text), (added, *new.runs[index + 1 :]))
    return Change(kept, ())


def _has_grown(old: Run, new: Run) -> bool:
    return (old.style, old.href) == (new.style, new.href) and new.text.startswith(old.text)
