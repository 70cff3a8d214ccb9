"""Messages as plain values. Identity belongs to the store, not to the values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.events import TextSpan
from engine.messages import Role
from engine.metrics.report import GenerationReport


class MessageState(StrEnum):
    """How far a message got."""

    WAITING = "waiting"
    """An answer that waits for the engine."""
    STREAMING = "streaming"
    DONE = "done"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    """The engine died; the text so far stays."""
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a conversation."""

    role: Role
    text: str
    state: MessageState = MessageState.DONE
    spans: tuple[TextSpan, ...] = ()
    """Cover `text` where known (answers made here); empty otherwise."""
    report: GenerationReport | None = None
