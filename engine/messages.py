"""What is said to a model: chat messages and a request for one answer. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from engine.params import GenerationParams


class Role(StrEnum):
    """Who wrote a message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message as the chat template sees it."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRequest:
    """One answer to be generated: the whole history, ending with a user message.

    When it ends with an assistant message, that answer is continued where its text ends.
    """

    messages: tuple[ChatMessage, ...]
    params: GenerationParams = field(default_factory=GenerationParams)
    enable_thinking: bool | None = None
    """Passed to the chat template when not None; templates that do not know it ignore it."""

    @property
    def begun_answer(self) -> str:
        """The text of the answer to be continued, empty for a new answer."""
        last = self.messages[-1] if self.messages else None
        return last.content if last is not None and last.role is Role.ASSISTANT else ""
