"""One exchange in progress: in which chat, how far it got, how it ended. Values only."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from app.controllers.answer_record import AnswerRecord
from app.controllers.open_chat import OpenChat
from app.core.continued_answer import joined_report, next_step, shifted
from app.core.conversation import Message, MessageState
from app.core.generation_settings import GenerationSettings
from app.core.live_figures import FigureSeries
from engine.errors import EngineError, ErrorInfo
from engine.events import EngineEvent, TextSpan
from engine.messages import ChatMessage, Role
from engine.metrics.report import GenerationReport


class TurnStage(StrEnum):
    """How far an exchange got, as the composer and the chip show it."""

    NONE = "none"
    WAITING = "waiting"
    """For a model that is being loaded, or for an answer in another chat."""
    ASKED = "asked"
    """Handed to the engine; nothing has arrived."""
    STREAMING = "streaming"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an exchange ended."""

    whole: Message
    """The answer as it is kept."""
    report: GenerationReport | None = None
    """Figures of the part that was made now."""
    note: str = ""
    error: ErrorInfo | None = None
    """What went wrong; a stop is nothing wrong."""

    @property
    def is_clean(self) -> bool:
        """Whether the model said all it wanted, or all it may."""
        return self.whole.state is MessageState.DONE


@dataclass(slots=True, eq=False, kw_only=True)
class Turn:
    """The answer that is being made; `begun` is what an earlier part of it left."""

    chat: OpenChat
    asked: tuple[ChatMessage, ...]
    """The chat up to the message that is answered, without a system prompt."""
    row: int | None = None
    """Where the answer is shown; None while another chat is, or another version of it."""
    settings: GenerationSettings | None = None
    """Of its chat, when that is not shown; None: those of the shown chat hold."""
    stage: TurnStage = TurnStage.WAITING
    generation_id: int | None = None
    series: FigureSeries = field(default_factory=FigureSeries)
    record: AnswerRecord | None = None
    refusal: EngineError | None = None
    """Why the engine did not take it."""
    is_recorded: bool = False
    """Whether the question is on disk; before that nothing of the answer is shown."""
    held: deque[EngineEvent] = field(default_factory=deque)
    """What came of the answer and was not taken yet, in order."""
    begun: Message | None = None
    spans: list[TextSpan] = field(default_factory=list)
    """Of this part of the answer."""
    pieces: list[str] = field(default_factory=list)
    """Text of this part of the answer."""

    @property
    def begun_text(self) -> str:
        """The text that an earlier part left."""
        return self.begun.text if self.begun is not None else ""

    @property
    def text(self) -> str:
        """What streamed in so far, without the earlier part."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""

    @property
    def is_waiting(self) -> bool:
        """Whether the engine was not asked yet."""
        return self.generation_id is None

    def so_far(self) -> Message:
        """The answer as it is shown now."""
        streams = self.text or self.begun_text
        return self._whole(
            self.text, MessageState.STREAMING if streams else MessageState.WAITING, None
        )

    def take(self, text: str, spans: tuple[TextSpan, ...]) -> tuple[TextSpan, ...]:
        """Take new text and keep it; returns its spans as the whole answer counts them."""
        if self.begun is not None:
            spans = shifted(spans, next_step(self.begun.spans, self.begun.report))
        self.spans.extend(spans)
        if text:
            self.pieces.append(text)
        if self.record is not None:
            self.record.add(text, spans)
        return spans

    def keep(self, text: str, state: MessageState, report: GenerationReport | None) -> Message:
        """Close the answer in the store; returns it as it is kept."""
        message = self._whole(text, state, report)
        if self.record is not None:
            self.record.finish(message)
        return message

    def _whole(self, text: str, state: MessageState, report: GenerationReport | None) -> Message:
        before = self.begun
        return Message(
            role=Role.ASSISTANT,
            text=self.begun_text + text,
            state=state,
            spans=(*(before.spans if before is not None else ()), *self.spans),
            report=joined_report(before.report if before is not None else None, report),
        )
