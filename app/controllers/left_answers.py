"""Answers of chats that are no longer shown: they are stopped, and what came of them is kept."""

from __future__ import annotations

from app.controllers.chat_journal import ChatJournal
from app.controllers.turn import Turn
from app.core.conversation import MessageState
from app.viewmodels.transcript_model import TranscriptModel
from engine.events import (
    EngineEvent,
    FinishReason,
    GenerationFailed,
    GenerationFinished,
    TokensStreamed,
)


class LeftAnswers:
    """Takes the events of answers that were left, until each has ended."""

    def __init__(self, journal: ChatJournal, transcript: TranscriptModel) -> None:
        self._journal = journal
        self._transcript = transcript
        self._turns: dict[int, Turn] = {}

    def add(self, generation_id: int, turn: Turn) -> None:
        """An answer in progress whose chat is left."""
        self._turns[generation_id] = turn

    def on_event(self, event: EngineEvent) -> None:
        """Take an engine event; those of other answers change nothing."""
        generation_id = getattr(event, "generation_id", None)
        turn = self._turns.get(generation_id) if generation_id is not None else None
        if turn is None:
            return
        match event:
            case TokensStreamed():
                turn.take(event.text, event.spans)
            case GenerationFinished():
                self._end(turn, event, end_state(event))
            case GenerationFailed():
                state = MessageState.INTERRUPTED if event.text else MessageState.STOPPED
                self._end(turn, event, state)

    def _end(
        self, turn: Turn, event: GenerationFinished | GenerationFailed, state: MessageState
    ) -> None:
        del self._turns[event.generation_id]
        whole = turn.keep(event.text, state, event.report)
        message_id = turn.record.entry.id if turn.record is not None else None
        row = self._journal.row_of(message_id) if message_id is not None else None
        if row is not None:  # the user has come back meanwhile
            self._transcript.replace_from(row, (whole,))


def end_state(event: GenerationFinished) -> MessageState:
    """The state of an answer that ended without an error."""
    stopped = event.finish_reason is FinishReason.STOPPED
    return MessageState.STOPPED if stopped else MessageState.DONE
