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
    """One answer to be generated: the whole history, ending with a user message."""

    messages: tuple[ChatMessage, ...]
    params: GenerationParams = field(default_factory=GenerationParams)
    enable_thinking: bool | None = None
    """Passed to the chat template when not None; templates that do not know it ignore it."""
