"""What the caller of an export decides: the words for people and what goes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.messages import Role
from engine.metrics.report import GenerationReport


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLabels:
    """Translated words of a document."""

    user: str
    assistant: str
    system: str
    untitled: str
    image: str
    """Stands before the description of an image, which itself is never fetched."""
    attached: str
    """Heads an attached text; `{name}` is the name of its file."""

    def of(self, role: Role) -> str:
        """The heading of a message."""
        return {Role.USER: self.user, Role.ASSISTANT: self.assistant, Role.SYSTEM: self.system}[
            role
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What goes into a document."""

    token_colours: bool = False
    """Mark what the draft model proposed (HTML only)."""
    figures: Callable[[GenerationReport], str] | None = None
    """One line about an answer, translated; None leaves the figures out."""
    describe_time: Callable[[float], str] | None = None
    """A time (seconds since the epoch) as people write it; None leaves times out."""
    for_paper: bool = False
    """Nothing unfolds, and the style is one for printed pages (HTML only)."""
