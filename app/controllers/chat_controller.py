"""Runs the conversation: the only consumer of generation events. It knows no widget."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.chat_history import request_messages
from app.controllers.load_controller import LoadController
from app.controllers.turn import Turn, TurnStage
from app.core.answer_figures import footer_text
from app.core.conversation import Message, MessageState
from app.core.error_text import error_text
from app.core.live_figures import LiveFigures
from app.core.preferences import Preferences
from app.core.translation import Translate
from app.viewmodels.transcript_model import TranscriptModel
from engine.errors import EngineError, ErrorInfo
from engine.events import (
    EngineEvent,
    FinishReason,
    GenerationFailed,
    GenerationFinished,
    StatsUpdated,
    TokensStreamed,
)
from engine.messages import GenerationRequest, Role
from engine.metrics.report import GenerationReport
from engine.params import GenerationParams
from engine.placement import Strategy
from engine.session import InferenceSession

_LOG = logging.getLogger(__name__)
STATS_INTERVAL_MS = 200


class ChatController(QObject):
    """The state of the current exchange.

    Guarantees: events of any but the current generation change nothing; what was shown of an
    answer is what stays. One exchange at a time.
    """

    stage_changed = Signal(object)  # TurnStage
    figures_changed = Signal(object)  # LiveFigures, at most five times a second
    answered = Signal(object)  # GenerationReport of a finished or stopped answer
    failed = Signal(object)  # ErrorInfo
    emptied = Signal()
    sent = Signal()

    def __init__(
        self,
        session: InferenceSession,
        loads: LoadController,
        transcript: TranscriptModel,
        *,
        preferences: Callable[[], Preferences],
        translate: Translate,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._loads = loads
        self._transcript = transcript
        self._preferences = preferences
        self._translate = translate
        self._turn: Turn | None = None
        self._figures_timer = QTimer(self)
        self._figures_timer.setSingleShot(True)
        self._figures_timer.setInterval(STATS_INTERVAL_MS)
        self._figures_timer.timeout.connect(self._show_figures)
        loads.ready_changed.connect(self._on_ready)

    @property
    def stage(self) -> TurnStage:
        """How far the current exchange got."""
        return self._turn.stage if self._turn else TurnStage.NONE

    def send(self, text: str) -> bool:
        """Ask the model. Returns False when an exchange is in progress or the text is blank."""
        if self._turn is not None or not text.strip():
            return False
        self._transcript.append(Message(role=Role.USER, text=text.strip()))
        self._begin_turn()
        self.sent.emit()
        return True

    def try_again(self) -> bool:
        """Ask the last message again, below what was kept of the failed answer."""
        last = self._last_user_message()
        return last is not None and self.send(last.text)

    def stop(self) -> None:
        """Stop the answer; one that still waits for a model is withdrawn."""
        turn = self._turn
        if turn is None:
            return
        if turn.generation_id is None:
            self._withdraw(turn)
        elif turn.stage is not TurnStage.STOPPING:
            self._session.request_stop(turn.generation_id)
            self._set_stage(TurnStage.STOPPING)

    def new_chat(self) -> None:
        """Start an empty conversation; an answer in progress is stopped and forgotten."""
        turn, self._turn = self._turn, None
        self._figures_timer.stop()
        if turn is not None and turn.generation_id is not None:
            self._session.request_stop(turn.generation_id)
        self._transcript.clear()
        self.stage_changed.emit(TurnStage.NONE)
        self.figures_changed.emit(LiveFigures())
        self.emptied.emit()

    def on_event(self, event: EngineEvent) -> None:
        """Take an engine event on the GUI thread; stale generation ids are ignored."""
        turn = self._turn
        generation_id = getattr(event, "generation_id", None)
        if turn is None or generation_id is None or generation_id != turn.generation_id:
            return
        match event:
            case TokensStreamed():
                self._on_tokens(turn, event)
            case StatsUpdated():
                turn.series.observe_stats(event.stats)
                self._request_figures()
            case GenerationFinished():
                self._on_finished(turn, event)
            case GenerationFailed():
                self._on_failed(turn, event)

    def _begin_turn(self) -> None:
        answer = Message(role=Role.ASSISTANT, text="", state=MessageState.WAITING)
        self._turn = Turn(row=self._transcript.append(answer))
        self._set_stage(TurnStage.WAITING)
        self._loads.load_if_needed()
        if self._loads.is_ready:
            self._ask(self._turn)
        else:
            self._transcript.set_notice(
                self._turn.row,
                self._translate("ChatController", "Waiting for the models to be loaded\u2026"),
            )

    def _on_ready(self, ready: bool) -> None:
        turn = self._turn
        if ready and turn is not None and turn.generation_id is None:
            self._transcript.set_notice(turn.row, "")
            self._ask(turn)

    def _ask(self, turn: Turn) -> None:
        try:
            turn.generation_id = self._session.generate(self._request())
        except EngineError as error:
            self._close_failed(turn, text="", report=None, error=error.to_info())
            return
        self._set_stage(TurnStage.ASKED)
        self.figures_changed.emit(turn.series.snapshot())

    def _request(self) -> GenerationRequest:
        preferences = self._preferences()
        messages = [self._transcript.message(row) for row in range(len(self._transcript))]
        return GenerationRequest(
            messages=request_messages(messages, system_prompt=preferences.system_prompt),
            params=generation_params(preferences, self._loads.choice.effective_strategy),
        )

    def _on_tokens(self, turn: Turn, event: TokensStreamed) -> None:
        self._transcript.append_text(turn.row, event.text, event.spans)
        turn.series.observe_run(event.token_count)
        if turn.stage is TurnStage.ASKED:
            self._set_stage(TurnStage.STREAMING)

    def _on_finished(self, turn: Turn, event: GenerationFinished) -> None:
        stopped = event.finish_reason is FinishReason.STOPPED
        state = MessageState.STOPPED if stopped else MessageState.DONE
        note = "" if event.text else self._translate("ChatController", "The answer is empty.")
        self._transcript.finish(
            turn.row, text=event.text, state=state, report=event.report, note=note
        )
        self._close(turn, event.report)
        self.answered.emit(event.report)

    def _on_failed(self, turn: Turn, event: GenerationFailed) -> None:
        self._close_failed(turn, text=event.text, report=event.report, error=event.error)

    def _close_failed(
        self, turn: Turn, *, text: str, report: GenerationReport | None, error: ErrorInfo
    ) -> None:
        state = MessageState.INTERRUPTED if text else MessageState.ERROR
        note = error_text(error, self._translate).sentence
        if error.is_cancellation:
            state = MessageState.STOPPED
            note = self._translate("ChatController", "Stopped before the answer was complete.")
        self._transcript.finish(turn.row, text=text, state=state, report=report, note=note)
        self._close(turn, report)
        _LOG.info("answer failed: %s", error.code)
        if not error.is_cancellation:
            self.failed.emit(error)

    def _withdraw(self, turn: Turn) -> None:
        note = self._translate("ChatController", "Withdrawn before it was sent to a model.")
        self._transcript.finish(
            turn.row, text="", state=MessageState.STOPPED, report=None, note=note
        )
        self._close(turn, None)

    def _close(self, turn: Turn, report: GenerationReport | None) -> None:
        self._figures_timer.stop()
        if report is not None:
            self._transcript.set_footer(turn.row, footer_text(report, self._translate))
        self.figures_changed.emit(turn.series.snapshot(report))
        self._turn = None
        self.stage_changed.emit(TurnStage.NONE)

    def _set_stage(self, stage: TurnStage) -> None:
        if self._turn is not None:
            self._turn.stage = stage
        self.stage_changed.emit(stage)

    def _request_figures(self) -> None:
        if not self._figures_timer.isActive():
            self._figures_timer.start()

    def _show_figures(self) -> None:
        if self._turn is not None:
            self.figures_changed.emit(self._turn.series.snapshot())

    def _last_user_message(self) -> Message | None:
        for row in range(len(self._transcript) - 1, -1, -1):
            message = self._transcript.message(row)
            if message.role is Role.USER:
                return message
        return None


def generation_params(preferences: Preferences, strategy: Strategy) -> GenerationParams:
    """Parameters of the next answer; candidates are asked for only where there are any."""
    return GenerationParams(
        max_new_tokens=preferences.max_new_tokens,
        temperature=preferences.temperature,
        num_assistant_tokens=(
            None if strategy is Strategy.NONE else preferences.num_assistant_tokens
        ),
    )
