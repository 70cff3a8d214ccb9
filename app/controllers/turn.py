"""One exchange in progress: where its answer is shown and how far it got. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.controllers.answer_record import AnswerRecord
from app.core.continued_answer import joined_report, next_step, shifted
from app.core.conversation import Message, MessageState
from app.core.live_figures import FigureSeries
from engine.events import TextSpan
from engine.messages import Role
from engine.metrics.report import GenerationReport


class TurnStage(StrEnum):
    """How far the current exchange got, as the composer and the chip show it."""

    NONE = "none"
    WAITING = "waiting"
    """For a model that is being loaded."""
    ASKED = "asked"
    """Handed to the engine; nothing has arrived."""
    STREAMING = "streaming"
    STOPPING = "stopping"


@dataclass(slots=True, eq=False)
class Turn:
    """The answer that is being made; `begun` is what an earlier part of it left."""

    row: int
    stage: TurnStage = TurnStage.WAITING
    generation_id: int | None = None
    series: FigureSeries = field(default_factory=FigureSeries)
    record: AnswerRecord | None = None
    is_recorded: bool = False
    """Whether the question is on disk; before that nothing is asked."""
    begun: Message | None = None
    spans: list[TextSpan] = field(default_factory=list)
    """Of this part of the answer."""

    @property
    def begun_text(self) -> str:
        """The text that an earlier part left."""
        return self.begun.text if self.begun is not None else ""

    def add_spans(self, spans: tuple[TextSpan, ...]) -> tuple[TextSpan, ...]:
        """Take the spans of new text; returns them with steps counted on from the earlier part."""
        if self.begun is not None:
            spans = shifted(spans, next_step(self.begun.spans, self.begun.report))
        self.spans.extend(spans)
        return spans

    def whole(self, text: str, state: MessageState, report: GenerationReport | None) -> Message:
        """The answer as it is kept, both parts together."""
        before = self.begun
        return Message(
            role=Role.ASSISTANT,
            text=self.begun_text + text,
            state=state,
            spans=(*(before.spans if before is not None else ()), *self.spans),
            report=joined_report(before.report if before is not None else None, report),
        )

    def keep(self, text: str, state: MessageState, report: GenerationReport | None) -> Message:
        """Close the answer in the store; returns it as it is kept."""
        message = self.whole(text, state, report)
        if self.record is not None:
            self.record.finish(message)
        return message

    def take(self, text: str, spans: tuple[TextSpan, ...]) -> tuple[TextSpan, ...]:
        """Note new text for the store; returns its spans as the whole answer counts them."""
        spans = self.add_spans(spans)
        if self.record is not None:
            self.record.add(text, spans)
        return spans
