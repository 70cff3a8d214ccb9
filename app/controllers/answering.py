"""Makes the answers of all chats, one after the other, whichever chat is shown.

The only consumer of generation events. It knows no widget and no transcript.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal

from app.controllers.chat_history import with_system_prompt
from app.controllers.load_controller import LoadController
from app.controllers.open_chat import OpenChat
from app.controllers.turn import Ending, Turn, TurnStage
from app.core.conversation import MessageState
from app.core.error_text import error_text
from app.core.request_builder import RequestBuilder
from app.core.translation import Translate
from engine.errors import EngineError, ErrorInfo
from engine.events import (
    EngineEvent,
    FinishReason,
    GenerationFailed,
    GenerationFinished,
    GenerationStarted,
    StatsUpdated,
    TokensStreamed,
)
from engine.messages import GenerationRequest
from engine.metrics.report import GenerationReport
from engine.session import InferenceSession

_LOG = logging.getLogger(__name__)


class Answering(QObject):
    """The exchanges in progress, in the order in which they were begun.

    Guarantees: one is made at a time, the others wait; nothing of an answer is shown or acted
    upon before its question is on disk; whatever streamed in is kept, and every exchange that
    `began` has `ended` once.
    """

    began = Signal(object)  # Turn
    moved = Signal(object)  # Turn: its stage is another
    streamed = Signal(object, str, object)  # Turn, new text, its spans
    measured = Signal(object)  # Turn: it has newer figures
    ended = Signal(object, object)  # Turn, Ending

    def __init__(
        self,
        session: InferenceSession,
        loads: LoadController,
        requests: RequestBuilder,
        *,
        translate: Translate,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._loads = loads
        self._requests = requests
        self._translate = translate
        self._turns: list[Turn] = []
        loads.ready_changed.connect(lambda _: self._ask_next())

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What is being made, then what waits."""
        return tuple(self._turns)

    def turn_of(self, chat: OpenChat) -> Turn | None:
        """The exchange in progress of a chat."""
        return next((turn for turn in self._turns if turn.chat.is_same(chat)), None)

    def is_behind(self, turn: Turn) -> bool:
        """Whether an exchange waits for one of another chat."""
        return turn.is_waiting and bool(self._turns) and self._turns[0] is not turn

    def ask(self, turn: Turn) -> None:
        """Hand an exchange of the shown chat to the engine, if nothing stands in its way. `begin`
        follows; until then nobody is told of it, and nothing comes back.
        """
        if self._turns:
            return
        self._loads.load_if_needed()
        if self._loads.is_ready:
            self._hand_over(turn, self._request(turn))

    def begin(self, turn: Turn) -> None:
        """Let an exchange be made as soon as it can be, unless it was asked already."""
        self._turns.append(turn)
        self.began.emit(turn)
        if turn.refusal is not None or not turn.is_waiting:
            self._tell_asked(turn)
        else:
            self._loads.load_if_needed()
            self._ask_next()

    def on_recorded(self, turn: Turn) -> None:
        """The question is on disk, or never will be."""
        turn.is_recorded = True
        self._take_held(turn)

    def stop(self, turn: Turn) -> None:
        """Stop an answer; one that still waits is withdrawn."""
        if turn.generation_id is None:
            note = self._translate("ChatController", "Withdrawn before it was sent to a model.")
            self._end(turn, "", state=MessageState.STOPPED, note=note)
        elif turn.stage is not TurnStage.STOPPING:
            self._session.request_stop(turn.generation_id)
            self._move(turn, TurnStage.STOPPING)

    def drop(self, turn: Turn) -> None:
        """End an exchange at once, with the text that streamed in: its chat goes away."""
        if turn.generation_id is not None:
            self._session.request_stop(turn.generation_id)
        text, state, report = standing(turn)
        self._end(turn, text, state=state, report=report)

    def close(self) -> None:
        """Keep what streamed in: the program ends."""
        turns, self._turns = self._turns, []
        for turn in turns:
            turn.keep(*standing(turn))

    def on_event(self, event: EngineEvent) -> None:
        """Take an engine event on the GUI thread; those of answers that ended change nothing."""
        generation_id = getattr(event, "generation_id", None)
        if generation_id is None:
            return
        for turn in self._turns:
            if turn.generation_id == generation_id:
                self._receive(turn, event)
                return

    def _receive(self, turn: Turn, event: EngineEvent) -> None:
        if turn.is_recorded and not turn.held:
            self._take(turn, event)
            return
        turn.held.append(event)
        if turn.is_recorded:
            self._take_held(turn)

    def _take_held(self, turn: Turn) -> None:
        while turn.held and turn in self._turns:
            self._take(turn, turn.held.popleft())

    def _take(self, turn: Turn, event: EngineEvent) -> None:
        match event:
            case TokensStreamed():
                self._on_tokens(turn, event)
            case StatsUpdated():
                turn.series.observe_stats(event.stats)
                self.measured.emit(turn)
            case GenerationStarted():
                turn.series.observe_decision(event.length_decision)
            case GenerationFinished():
                self._on_finished(turn, event)
            case GenerationFailed():
                self._on_failed(turn, event)

    def _ask_next(self) -> None:
        """Ask for the first of those that wait, unless an answer is being made."""
        turn = self._turns[0] if self._turns else None
        if turn is None or not turn.is_waiting:
            return
        self._loads.load_if_needed()  # this chat may want its answers sampled, the last did not
        if self._loads.is_ready:
            self._ask(turn, self._request(turn))

    def _ask(self, turn: Turn, request: GenerationRequest) -> None:
        self._hand_over(turn, request)
        self._tell_asked(turn)

    def _hand_over(self, turn: Turn, request: GenerationRequest) -> None:
        try:
            turn.generation_id = self._session.generate(request)
        except EngineError as error:
            turn.refusal = error

    def _tell_asked(self, turn: Turn) -> None:
        if turn.refusal is not None:
            self._end_failed(turn, text="", report=None, error=turn.refusal.to_info())
        else:
            self._move(turn, TurnStage.ASKED)

    def _request(self, turn: Turn) -> GenerationRequest:
        settings = turn.settings
        prompt = self._requests.system_prompt if settings is None else settings.system_prompt
        messages = with_system_prompt(turn.asked, prompt)
        return self._requests.build(messages, settings=settings)

    def _on_tokens(self, turn: Turn, event: TokensStreamed) -> None:
        spans = turn.take(event.text, event.spans)
        turn.series.observe_run(event.token_count)
        self.streamed.emit(turn, event.text, spans)
        if turn.stage is TurnStage.ASKED:
            self._move(turn, TurnStage.STREAMING)

    def _on_finished(self, turn: Turn, event: GenerationFinished) -> None:
        empty = not event.text and turn.begun is None
        note = self._translate("ChatController", "The answer is empty.") if empty else ""
        self._requests.learn(event.report)
        self._end(turn, event.text, state=end_state(event), report=event.report, note=note)

    def _on_failed(self, turn: Turn, event: GenerationFailed) -> None:
        shorter = None if event.text else self._requests.shorter(event.error)
        if shorter is not None:
            self._ask(turn, shorter)
            return
        self._end_failed(turn, text=event.text, report=event.report, error=event.error)

    def _end_failed(
        self, turn: Turn, *, text: str, report: GenerationReport | None, error: ErrorInfo
    ) -> None:
        state = failed_state(turn, text)
        note = error_text(error, self._translate).sentence
        told: ErrorInfo | None = error
        if error.is_cancellation:
            state, told = MessageState.STOPPED, None
            note = self._translate("ChatController", "Stopped before the answer was complete.")
        _LOG.info("answer failed: %s", error.code)
        self._end(turn, text, state=state, report=report, note=note, error=told)

    def _end(
        self,
        turn: Turn,
        text: str,
        *,
        state: MessageState,
        report: GenerationReport | None = None,
        note: str = "",
        error: ErrorInfo | None = None,
    ) -> None:
        """Close an answer with the text that was shown."""
        self._turns.remove(turn)
        whole = turn.keep(text, state, report)
        self.ended.emit(turn, Ending(whole=whole, report=report, note=note, error=error))
        self._ask_next()

    def _move(self, turn: Turn, stage: TurnStage) -> None:
        turn.stage = stage
        self.moved.emit(turn)


def end_state(event: GenerationFinished) -> MessageState:
    """The state of an answer that ended without an error."""
    stopped = event.finish_reason is FinishReason.STOPPED
    return MessageState.STOPPED if stopped else MessageState.DONE


def failed_state(turn: Turn, text: str) -> MessageState:
    """The state of an answer that failed after it had come to `text`."""
    return MessageState.INTERRUPTED if turn.begun_text + text else MessageState.ERROR


def standing(turn: Turn) -> tuple[str, MessageState, GenerationReport | None]:
    """How an answer is kept that must end now: what was held back is no longer waited for."""
    while turn.held:
        match turn.held.popleft():
            case TokensStreamed(text=text, spans=spans):
                turn.take(text, spans)
            case GenerationFinished() as event:
                return event.text, end_state(event), event.report
            case GenerationFailed() as event:
                return event.text, failed_state(turn, event.text), event.report
    return turn.text, MessageState.STOPPED, None
